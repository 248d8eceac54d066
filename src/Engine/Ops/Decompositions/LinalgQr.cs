using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>QR decomposition self = Q R with orthonormal columns in Q and upper triangular R. Mode "reduced" keeps min(m, n) columns, "complete" all m, "r" gives only R.</summary>
[Op("linalg_qr(self, mode) -> (Q, R)")]
public sealed partial record LinalgQr(string Mode = "reduced") : MultiOp, IOp<LinalgQr>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("the columns of Q have a sign to choose; tests/Engine.Tests/Ops/DecompositionTests multiplies the factors");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new LinalgQr(), MatrixSamples.Any(s, 3, 3)),
        Sample.Of(new LinalgQr(), MatrixSamples.Any(s, 2, 4, 2)),
        Sample.Of(new LinalgQr(), MatrixSamples.Any(s, 2, 4)),
        Sample.Of(new LinalgQr("complete"), MatrixSamples.Any(s, 2, 3)),
        Sample.Of(new LinalgQr(), MatrixSamples.Any(s, 0, 2)),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.OutputAt(0) | Engine.Saves.OutputAt(1);

    /// <inheritdoc/>
    public override TensorSpec[] Infer(Inputs x)
    {
        MatrixChecks.RequireMatrix(x[0], "linalg.qr");
        MatrixChecks.RequireFloat(x[0], "linalg.qr");
        if (Mode is not ("reduced" or "complete" or "r"))
            throw AutogradException.Attribute($"qr received unrecognized mode '{Mode}' but expected one of 'reduced' (default), 'r', or 'complete'");
        long m = x[0].Shape[-2], n = x[0].Shape[-1], k = Mode == "complete" ? m : Math.Min(m, n);
        var batch = MatrixBatch.BatchOf(x[0]);
        return [new(Mode == "r" ? Shape.Of(0) : MatrixBatch.With(batch, m, k), x[0].DType), new(MatrixBatch.With(batch, k, n), x[0].DType)];
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor[] y)
    {
        // Matrices without elements take no memory, so there may be more of them than anybody can count.
        if (y[0].Numel == 0 && y[1].Numel == 0) return;
        using var scope = x[0].Workspace.Scope();
        double m = x[0].Shape[-2], n = x[0].Shape[-1];
        MatrixLoop.Run("linalg_qr_cpu", x[0].DType, MatrixBatch.Count(x[0]), 4 * m * n * Math.Min(m, n), new Kernel(x[0].Workspace.RawClone(x[0]), y[0], y[1]));
    }

    // A = Q R. With M = gR R^T - Q^T gQ the gradient of a tall A is (gQ + Q S) R^-T, where S is the symmetric matrix that has M's upper triangle.
    // A wide A = [A1 A2] has A2 = Q R2: A2 gets Q gR2, and A1 what it gets for [gQ + A2 gR2^T, gR1], whose M is gR1 R1^T - R2 gR2^T - Q^T gQ.
    /// <inheritdoc/>
    public override Tensor? Vjp(int input, Grads grads, Saved saved)
    {
        if (Mode == "r")
            throw AutogradException.Attribute("The derivative of linalg.qr depends on Q, which is not computed when mode='r'. Please use linalg.qr(A, mode='reduced') if you are going to differentiate through linalg.qr.");
        if (grads[0] is null && grads[1] is null) return null;
        Tensor q = saved.Output(0), r = saved.Output(1);
        long m = q.Shape[-2], n = r.Shape[-1];
        if (Mode == "complete" && m > n)
            throw AutogradException.Attribute("The QR decomposition is not differentiable when mode='complete' and nrows > ncols.");
        var gq = grads[0];
        if (m >= n) return Tall(gq, grads[1], q, r);
        Tensor r1 = r.Narrow(-1, 0, m), r2 = r.Narrow(-1, m, n - m);
        if (grads[1] is not { } gr) return saved.Workspace.Cat([Tall(gq, null, q, r1), saved.Workspace.RawFull(r2.Shape, 0.0, r.DType)], -1);
        var gr2 = gr.Narrow(-1, m, n - m);
        var moved = q.Matmul(r2.Matmul(gr2.Transpose(-2, -1)));
        return saved.Workspace.Cat([Tall(gq is null ? moved : gq + moved, gr.Narrow(-1, 0, m), q, r1), q.Matmul(gr2)], -1);
    }

    private static Tensor Tall(Tensor? gq, Tensor? gr, Tensor q, Tensor r)
    {
        var product = gr?.Matmul(r.Transpose(-2, -1));
        if (gq is not null)
        {
            var part = q.Transpose(-2, -1).Matmul(gq);
            product = product is null ? part.Neg() : product - part;
        }
        var sum = q.Matmul(product!.Triu() + product.Triu(1).Transpose(-2, -1));
        if (gq is not null) sum += gq;
        return r.Transpose(-2, -1).LinalgSolveTriangular(sum, false, left: false);
    }

    private readonly unsafe struct Kernel(Tensor a, Tensor q, Tensor r) : IMatrixKernel
    {
        public void Invoke<T>(long index) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            MatrixSpan<T> source = MatrixBatch.At<T>(a, index), upper = MatrixBatch.At<T>(r, index);
            long count = Math.Min(source.Rows, source.Columns);
            var factors = new T[count + 1];
            fixed (T* tau = factors)
            {
                Householder.Factor(source, tau);
                upper.SetDiagonal(T.Zero);
                for (long i = 0; i < Math.Min(upper.Rows, source.Rows); i++)
                    for (long j = i; j < source.Columns; j++)
                        upper[i, j] = source[i, j];
                if (q.Dim >= 2) Householder.Form(source, tau, count, MatrixBatch.At<T>(q, index));
            }
        }
    }
}
