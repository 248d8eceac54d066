namespace AutogradService.Engine.Ops;

/// <summary>LU factorization with partial pivoting: self = P L U. Without pivoting P is empty.</summary>
[Op("linalg_lu(self, pivot) -> (P, L, U)")]
public sealed partial record LinalgLu(bool Pivot = true) : MultiOp, IOp<LinalgLu>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("the factors depend on the pivots; tests/Engine.Tests/Ops/DecompositionTests multiplies them");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new LinalgLu(), MatrixSamples.Invertible(s, 3, 3)),
        Sample.Of(new LinalgLu(), MatrixSamples.Any(s, 2, 4, 3)),
        Sample.Of(new LinalgLu(), MatrixSamples.Any(s, 2, 4)),
        Sample.Of(new LinalgLu(false), MatrixSamples.Invertible(s, 3, 3)),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.OutputAt(0) | Engine.Saves.OutputAt(1) | Engine.Saves.OutputAt(2);

    internal override bool HasGradient(int output) => output > 0;

    /// <inheritdoc/>
    public override TensorSpec[] Infer(Inputs x)
    {
        if (x[0].Dim < 2) throw AutogradException.Shape($"linalg.lu: Expected tensor with 2 or more dimensions. Got size: {x[0].Shape} instead");
        MatrixChecks.RequireFloat(x[0], "linalg.lu");
        long m = x[0].Shape[-2], n = x[0].Shape[-1], k = Math.Min(m, n);
        var batch = MatrixBatch.BatchOf(x[0]);
        return [new(Pivot ? MatrixBatch.With(batch, m, m) : Shape.Of(0), x[0].DType), new(MatrixBatch.With(batch, m, k), x[0].DType), new(MatrixBatch.With(batch, k, n), x[0].DType)];
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor[] y)
    {
        var ws = x[0].Workspace;
        using var scope = ws.Scope();
        var batch = MatrixBatch.BatchOf(x[0]);
        var lu = ws.RawEmpty(x[0].Shape, x[0].DType);
        var pivots = ws.RawEmpty(MatrixBatch.With(batch, Math.Min(x[0].Shape[-2], x[0].Shape[-1])), DType.Int32);
        LinalgLuFactorEx.Run(x[0], lu, pivots, ws.RawEmpty(batch, DType.Int32), Pivot);
        new LuUnpack(true, Pivot).Forward(new Inputs([lu, pivots], default), y);
    }

    // of A = P L U through triangular solves: L and U take the lower and upper part of what L^T dL U^T and its like give
    // A = P L U: dA = P (dL U + L dU), turned around below.
    /// <inheritdoc/>
    public override Tensor? Vjp(int input, Grads grads, Saved saved) =>
        grads[1] is null && grads[2] is null ? null : Backward(grads.OrZeros(1), grads.OrZeros(2), Pivot ? saved.Output(0) : null, saved.Output(1), saved.Output(2));

    // P^T A = L U with L = [L1; L2] and U = [U1 U2], one of L2 and U2 empty. For square A the gradient is P L^-T (tril(L^T GL, -1) + triu(GU U^T)) U^-T.
    // If A is wide, U2 = L1^-1 (P^T A2) moves -GU2 U2^T into GL's part, and A2 takes P L^-T GU2; if A is tall, the same with sides exchanged.
    internal static Tensor Backward(Tensor lowerGrad, Tensor upperGrad, Tensor? p, Tensor l, Tensor u)
    {
        long m = l.Shape[-2], n = u.Shape[-1], k = l.Shape[-1];
        Tensor l1 = l.Narrow(-2, 0, k), u1 = u.Narrow(-1, 0, k), gl = lowerGrad.Narrow(-2, 0, k), gu = upperGrad.Narrow(-1, 0, k);
        var inner = l1.Transpose(-2, -1).Matmul(gl).Tril(-1) + gu.Matmul(u1.Transpose(-2, -1)).Triu();
        Tensor? gu2 = null, gl2 = null;
        if (n > k)
        {
            gu2 = upperGrad.Narrow(-1, k, n - k);
            inner -= gu2.Matmul(u.Narrow(-1, k, n - k).Transpose(-2, -1)).Tril(-1);
        }
        if (m > k)
        {
            gl2 = lowerGrad.Narrow(-2, k, m - k);
            inner -= l.Narrow(-2, k, m - k).Transpose(-2, -1).Matmul(gl2).Triu();
        }
        Tensor lh = l1.Transpose(-2, -1), uh = u1.Transpose(-2, -1);
        var result = lh.LinalgSolveTriangular(uh.LinalgSolveTriangular(inner, false, left: false), true, unitriangular: true);
        if (gu2 is not null) result = result.Workspace.Cat([result, lh.LinalgSolveTriangular(gu2, true, unitriangular: true)], -1);
        if (gl2 is not null) result = result.Workspace.Cat([result, uh.LinalgSolveTriangular(gl2, false, left: false)], -2);
        return p is null ? result : p.Matmul(result);
    }
}
