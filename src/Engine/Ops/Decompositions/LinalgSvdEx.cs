using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Singular value decomposition self = U diag(S) Vh; U and Vh are empty if not asked for.</summary>
[Op("_linalg_svd(self, full_matrices, compute_uv) -> (U, S, Vh)", Hidden = true)]
public sealed partial record LinalgSvdEx(bool FullMatrices = false, bool ComputeUv = true) : MultiOp, IOp<LinalgSvdEx>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("singular vectors have a sign to choose; tests/Engine.Tests/Ops/DecompositionTests multiplies the factors");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new LinalgSvdEx(), MatrixSamples.Any(s, 3, 3)),
        Sample.Of(new LinalgSvdEx(), MatrixSamples.Any(s, 2, 4, 3)),
        Sample.Of(new LinalgSvdEx(), MatrixSamples.Any(s, 2, 5)),
        Sample.ForwardOnly(new LinalgSvdEx(true), MatrixSamples.Any(s, 5, 2)),
        Sample.ForwardOnly(new LinalgSvdEx(true), MatrixSamples.Any(s, 0, 2)),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.OutputAt(0) | Engine.Saves.OutputAt(1) | Engine.Saves.OutputAt(2);

    /// <inheritdoc/>
    public override TensorSpec[] Infer(Inputs x)
    {
        MatrixChecks.RequireMatrix(x[0], "linalg.svd");
        MatrixChecks.RequireFloat(x[0], "linalg.svd");
        long m = x[0].Shape[-2], n = x[0].Shape[-1], k = Math.Min(m, n);
        var batch = MatrixBatch.BatchOf(x[0]);
        var none = new TensorSpec(Shape.Of(0), x[0].DType);
        return
        [
            ComputeUv ? new(MatrixBatch.With(batch, m, FullMatrices ? m : k), x[0].DType) : none,
            new(MatrixBatch.With(batch, k), x[0].DType),
            ComputeUv ? new(MatrixBatch.With(batch, FullMatrices ? n : k, n), x[0].DType) : none,
        ];
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor[] y)
    {
        var ws = x[0].Workspace;
        using var scope = ws.Scope();
        var copy = ws.RawClone(x[0]);
        // The kernel writes U^T.
        var ut = ComputeUv ? ws.RawEmpty(MatrixBatch.With(MatrixBatch.BatchOf(y[0]), y[0].Shape[-1], y[0].Shape[-2]), y[0].DType) : y[0];
        var info = ws.RawEmpty(MatrixBatch.BatchOf(x[0]), DType.Int32);
        double m = x[0].Shape[-2], n = x[0].Shape[-1];
        MatrixLoop.Run("linalg_svd_cpu", x[0].DType, info.Numel, m * n * Math.Min(m, n) * (ComputeUv ? 12 : 4), new Kernel(copy, ut, y[1], y[2], info));
        if (ComputeUv) MatrixBatch.Copy(MatrixBatch.Transposed(ut), y[0]);
        MatrixChecks.Throw("linalg.svd", info);
    }

    // A = U S V^T. With the skew parts Y = U^T gU - gU^T U, Z = V^T gV - gV^T V and E_ij = S_j^2 - S_i^2, the gradient is U ((Y S + S Z) / E + diag(gS)) V^T,
    // and what of gU lies outside of U's columns gives (1 - U U^T) gU S^-1 V^T, that of gV U S^-1 gV^T (1 - V V^T). (Townsend, Differentiating the SVD.)
    /// <inheritdoc/>
    public override Tensor? Vjp(int input, Grads grads, Saved saved)
    {
        var s = saved.Output(1);
        long k = s.Shape[-1];
        Tensor u = Thin(saved.Output(0), -1, k), vh = Thin(saved.Output(2), -2, k);
        var gu = grads[0] is { } left ? Thin(left, -1, k) : null;
        var gvh = grads[2] is { } right ? Thin(right, -2, k) : null;
        long m = u.Shape[-2], n = vh.Shape[-1];
        if (gu is null && gvh is null)
        {
            if (grads[1] is not { } only) return null;
            return m >= n ? u.Matmul(only.Unsqueeze(-1).Mul(vh)) : u.Mul(only.Unsqueeze(-2)).Matmul(vh);
        }
        Tensor uh = u.Transpose(-2, -1), v = vh.Transpose(-2, -1), row = s.Unsqueeze(-2), column = s.Unsqueeze(-1);
        var squares = s.Mul(s);
        var e = (squares.Unsqueeze(-2) - squares.Unsqueeze(-1)).MaskedFill(saved.Workspace.Eye(k, dtype: DType.Bool), 1.0);
        Tensor? inner = null;
        if (gu is not null) inner = Skew(uh.Matmul(gu)).Div(e).Mul(row);
        if (gvh is not null)
        {
            var part = column.Mul(Skew(vh.Matmul(gvh.Transpose(-2, -1))).Div(e));
            inner = inner is null ? part : inner + part;
        }
        if (grads[1] is { } gs) inner = inner! + gs.DiagEmbed();
        if (m > n && gu is not null)
        {
            var scaled = gu.Div(row);
            return (u.Matmul(inner!) + scaled - u.Matmul(uh.Matmul(scaled))).Matmul(vh);
        }
        if (m < n && gvh is not null)
        {
            var scaled = gvh.Div(column);
            return u.Matmul(inner!.Matmul(vh) + scaled - scaled.Matmul(v).Matmul(vh));
        }
        return m >= n ? u.Matmul(inner!.Matmul(vh)) : u.Matmul(inner!).Matmul(vh);
    }

    private static Tensor Thin(Tensor t, int dim, long count) => t.Shape[dim] == count ? t : t.Narrow(dim, 0, count);

    private static Tensor Skew(Tensor x) => x - x.Transpose(-2, -1);

    private readonly unsafe struct Kernel(Tensor a, Tensor ut, Tensor s, Tensor vh, Tensor info) : IMatrixKernel
    {
        public void Invoke<T>(long index) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T> =>
            *MatrixBatch.NumberAt<int>(info, index) = SingularValues.Decompose(
                MatrixBatch.At<T>(a, index), MatrixBatch.VectorAt<T>(s, index), ut.Dim < 2 ? default : MatrixBatch.At<T>(ut, index), vh.Dim < 2 ? default : MatrixBatch.At<T>(vh, index));
    }
}
