namespace AutogradService.Engine.Ops;

/// <summary>
/// X that makes |self X - B| smallest, of several the shortest; B may be one vector for each matrix. Beside it, as far as the driver tells them (gelsy, the default, gels, gelsd,
/// gelss): the sums of squared residuals, the rank, and the singular values; empty where it does not. Values up to rcond * largest count as zero. Only X has a gradient.
/// </summary>
[Op("linalg_lstsq(self, B, rcond, driver) -> (solution, residuals, rank, singular_values)")]
public sealed partial record LinalgLstsq(double? Rcond = null, string? Driver = null) : MultiOp, IOp<LinalgLstsq>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("tests/Engine.Tests/Ops/DecompositionTests checks the normal equations, and the recordings every driver");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new LinalgLstsq(), MatrixSamples.Invertible(s, 3, 3), MatrixSamples.Any(s, 3, 2)),
        Sample.Of(new LinalgLstsq(null, "gelsd"), MatrixSamples.Invertible(s, 3, 3).Narrow(-1, 0, 2).Contiguous(), MatrixSamples.Any(s, 3, 2)),
        Sample.Of(new LinalgLstsq(null, "gels"), MatrixSamples.Invertible(s, 2, 3, 3).Narrow(-2, 0, 2).Contiguous(), MatrixSamples.Any(s, 2, 2)),
    ];

    private string DriverName => Driver ?? "gelsy";

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0) | (needs[0] ? Engine.Saves.Input(1) : default);

    internal override bool HasGradient(int output) => output == 0;

    /// <inheritdoc/>
    public override TensorSpec[] Infer(Inputs x)
    {
        Tensor a = x[0], b = x[1];
        if (a.Dim < 2) throw AutogradException.Shape("torch.linalg.lstsq: input must have at least 2 dimensions.");
        if (b.Dim < 1) throw AutogradException.Shape("torch.linalg.lstsq: other must have at least 1 dimension.");
        if (a.DType != b.DType)
            throw new AutogradException(ErrorReason.DtypeUnsupported, "torch.linalg.lstsq: Expected input and other to have the same dtype, but got input's dtype " + a.DType.TorchName + " and other's dtype " + b.DType.TorchName);
        if (a.Dim - b.Dim is < 0 or > 1)
            throw AutogradException.Shape("torch.linalg.lstsq: input.dim() must be greater or equal to other.dim() and (input.dim() - other.dim()) <= 1");
        bool vector = LinalgSolveEx.IsVector(a.Shape, b.Shape);
        var sides = vector ? Shape.Of([.. b.Shape.Sizes, 1]) : b.Shape;
        if (a.Shape[-2] != sides[-2]) throw AutogradException.Shape(vector
            ? "torch.linalg.lstsq: input.size(-2) should match other.size(-1)"
            : "torch.linalg.lstsq: input.size(-2) should match other.size(-2)");
        MatrixChecks.RequireFloat(a, "torch.linalg.lstsq");
        if (DriverName is not ("gels" or "gelsy" or "gelsd" or "gelss"))
            throw AutogradException.Attribute("torch.linalg.lstsq: parameter `driver` should be one of (gels, gelsy, gelsd, gelss)");
        var batch = Shape.Broadcast(MatrixBatch.BatchOf(a), Shape.Of(sides.Sizes[..^2]));
        long m = a.Shape[-2], n = a.Shape[-1], k = sides[-1];
        bool values = DriverName is "gelsd" or "gelss";
        bool residuals = m > n && DriverName != "gelsy" && (!values || HasFullRank(a));
        return
        [
            new(vector ? MatrixBatch.With(batch, n) : MatrixBatch.With(batch, n, k), a.DType),
            new(!residuals ? Shape.Of(0) : vector ? MatrixBatch.With(batch, 1) : MatrixBatch.With(batch, k), a.DType),
            new(DriverName == "gels" ? Shape.Of(0) : batch, DType.Int64),
            new(values ? MatrixBatch.With(batch, Math.Min(m, n)) : Shape.Of(0), a.DType),
        ];
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor[] y)
    {
        var ws = x[0].Workspace;
        using var scope = ws.Scope();
        using var mode = ws.NoGrad();
        bool vector = LinalgSolveEx.IsVector(x[0].Shape, x[1].Shape);
        Tensor a = x[0], b = vector ? x[1].Unsqueeze(-1) : x[1];
        var (u, s, vh) = a.LinalgSvd(false);
        var counts = DriverName == "gels" ? s.Gt(0.0) : Counts(a, s);
        if (DriverName == "gels" && !counts.All().Item().Equals(1.0))
        {
            // What gels divides by is R's diagonal: its first zero is the first value that is missing.
            var infos = (counts.Sum([-1]) + 1L).MaskedFill(counts.All([-1]), 0L).To(DType.Int32);
            MatrixChecks.Throw("torch.linalg.lstsq", infos);
        }
        var solution = vh.Transpose(-2, -1).Matmul(s.Reciprocal().MaskedFill(counts.LogicalNot(), 0.0).Unsqueeze(-1).Mul(u.Transpose(-2, -1).Matmul(b)));
        Put(vector ? solution.Squeeze(-1) : solution, y[0]);
        if (y[1].Numel > 0) Put((a.Matmul(solution) - b).Square().Sum([-2]), y[1]);
        if (DriverName != "gels") Put(counts.Sum([-1]), y[2]);
        if (y[3].Numel > 0) Put(s, y[3]);

        static void Put(Tensor from, Tensor to) => MatrixBatch.Copy(from.Expand(Dims.Of(to.Shape)), to);
    }

    // X = A^+ B: the gradient is (A^+)^T G for B, and for A that of the pseudoinverse, whose own is G B^T.
    /// <inheritdoc/>
    public override Tensor? Vjp(int input, Grads grads, Saved saved)
    {
        if (grads[0] is not { } grad) return null;
        bool vector = LinalgSolveEx.IsVector(saved.Shape(0), saved.Shape(1));
        if (vector) grad = grad.Unsqueeze(-1);
        var a = saved.Input(0);
        var inverse = a.LinalgPinv();
        if (input == 1)
        {
            var result = inverse.Transpose(-2, -1).Matmul(grad);
            return vector ? result.Squeeze(-1) : result;
        }
        var b = vector ? saved.Input(1).Unsqueeze(-1) : saved.Input(1);
        return LinalgPinv.Backward(grad.Matmul(b.Transpose(-2, -1)), inverse, a);
    }

    private Tensor Counts(Tensor a, Tensor s) => s.Gt(s.Numel == 0 ? s : s.Amax([-1], true) * (Rcond ?? RelativeEps(a)));

    private static double RelativeEps(Tensor a) => (a.DType == DType.Float64 ? Math.ScaleB(1, -52) : Math.ScaleB(1, -23)) * Math.Max(a.Shape[-2], a.Shape[-1]);

    private bool HasFullRank(Tensor a)
    {
        using var scope = a.Workspace.Scope();
        using var mode = a.Workspace.NoGrad();
        return Counts(a, a.LinalgSvdvals()).All().Item() != 0;
    }
}
