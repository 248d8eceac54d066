namespace AutogradService.Engine.Ops;

/// <summary>Moore-Penrose inverses, through the singular values (eigenvalues if hermitian); those not above max(atol, rtol * largest) count as zero.</summary>
[Op("linalg_pinv(self, atol~?!, rtol~?!, hermitian)")]
public sealed partial record LinalgPinv(bool Hermitian = false) : ComputeOp, IOp<LinalgPinv>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<LinalgPinv>((_, x) => MatrixDefinitions.Each(x[0], a =>
    {
        // (A^T A)^-1 A^T, or A^T (A A^T)^-1: the samples have full rank.
        var t = MatrixDefinitions.Transpose(a);
        return a.GetLength(0) >= a.GetLength(1)
            ? MatrixDefinitions.Solve(MatrixDefinitions.Multiply(t, a), t)
            : MatrixDefinitions.Transpose(MatrixDefinitions.Solve(MatrixDefinitions.Multiply(a, t), a));
    }));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new LinalgPinv(), MatrixSamples.Invertible(s, 3, 3), null, null),
        Sample.Of(new LinalgPinv(), MatrixSamples.Invertible(s, 3, 3).Narrow(-1, 0, 2).Contiguous(), null, s.Number(1e-5)),
        Sample.Of(new LinalgPinv(), MatrixSamples.Invertible(s, 2, 3, 3).Narrow(-2, 0, 2).Contiguous(), s.Number(1e-5), null),
        Sample.ForwardOnly(new LinalgPinv(true), MatrixSamples.PositiveDefinite(s, 2, 3, 3), null, null),
        Sample.Of(new LinalgPinv(), MatrixSamples.Any(s, 0, 3), null, null),
    ];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "LinalgPinvBackward0";

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0) | Engine.Saves.Output;

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        if (x[0].Dim < 2 || x[0].DType is not (DType.Float32 or DType.Float64))
            throw new AutogradException(x[0].Dim < 2 ? ErrorReason.ShapeMismatch : ErrorReason.DtypeUnsupported,
                $"linalg.pinv({x[0].DType.TorchName}{{{x[0].Shape}}}): expected a tensor with 2 or more dimensions of float, double, cfloat or cdouble types");
        if (Hermitian) MatrixChecks.RequireSquare(x[0], "linalg.eigh");
        RankTolerance.RequireFits(x[0], x.Optional(1), "torch.linalg.pinv");
        RankTolerance.RequireFits(x[0], x.Optional(2), "torch.linalg.pinv");
        return new(MatrixBatch.With(MatrixBatch.BatchOf(x[0]), x[0].Shape[-1], x[0].Shape[-2]), x[0].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        if (y.Numel == 0) return;
        using var scope = y.Workspace.Scope();
        using var mode = y.Workspace.NoGrad();
        if (Hermitian)
        {
            var (values, v) = x[0].LinalgEigh();
            var counts = RankTolerance.Counts(x[0], values.Abs(), x.Optional(1), x.Optional(2), "torch.linalg.pinv");
            Finish(v, Inverted(values, counts), v.Transpose(-2, -1), y);
        }
        else
        {
            var (u, s, vh) = x[0].LinalgSvd(false);
            var counts = RankTolerance.Counts(x[0], s, x.Optional(1), x.Optional(2), "torch.linalg.pinv");
            Finish(vh.Transpose(-2, -1), Inverted(s, counts), u.Transpose(-2, -1), y);
        }
    }

    // -P dA P + P P^T dA^T (1 - A P) + (1 - P A) dA^T P^T P, transposed
    // dP = -P dA P + P P^T dA^T (1 - A P) + (1 - P A) dA^T P^T P.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => Backward(grad, saved.Output(), saved.Input(0));

    // The adjoint of that (Golub and Pereyra 1973), in the order that keeps the products small.
    internal static Tensor Backward(Tensor grad, Tensor p, Tensor a)
    {
        Tensor ph = p.Transpose(-2, -1), gh = grad.Transpose(-2, -1);
        if (a.Shape[-2] <= a.Shape[-1])
        {
            var k = gh.Matmul(p);
            var kph = k.Matmul(ph);
            return kph - p.Matmul(k).Transpose(-2, -1) - a.Matmul(p).Matmul(kph) + ph.Matmul(p).Matmul(gh - k.Matmul(a));
        }
        else
        {
            var k = p.Matmul(gh);
            var phk = ph.Matmul(k);
            return (gh - a.Matmul(k)).Matmul(p).Matmul(ph) - k.Matmul(p).Transpose(-2, -1) + phk - phk.Matmul(p).Matmul(a);
        }
    }

    private static Tensor Inverted(Tensor values, Tensor counts) => values.Reciprocal().MaskedFill(counts.LogicalNot(), 0.0);

    private static void Finish(Tensor left, Tensor values, Tensor right, Tensor y) => MatrixBatch.Copy(left.Mul(values.Unsqueeze(-2)).Matmul(right), y);
}
