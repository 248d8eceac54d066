using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>P, L and U of an LU factorization: the permutation matrix, the unit lower and the upper triangular factor. What is not asked for is empty.</summary>
[Op("lu_unpack(LU_data, LU_pivots!, unpack_data, unpack_pivots) -> (P, L, U)")]
public sealed partial record LuUnpack(bool UnpackData = true, bool UnpackPivots = true) : MultiOp, IOp<LuUnpack>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<LuUnpack>((op, x) =>
    {
        long m = x[0].Shape[-2], n = x[0].Shape[-1], k = Math.Min(m, n);
        var p = MatrixDefinitions.Build((int)m, (int)m, (i, j) => 0);
        var rows = Enumerable.Range(0, (int)m).ToArray();
        for (int i = 0; i < k; i++) (rows[i], rows[(int)x[1][i] - 1]) = (rows[(int)x[1][i] - 1], rows[i]);
        for (int i = 0; i < m; i++) p[rows[i], i] = 1;
        return
        [
            new NdArray(Shape.Of(m, m), [.. p.Cast<double>()]),
            NdArray.Build(Shape.Of(m, k), i => i[0] == i[1] ? 1 : i[0] > i[1] ? x[0][i] : 0),
            NdArray.Build(Shape.Of(k, n), i => i[0] <= i[1] ? x[0][i] : 0),
        ];
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new LuUnpack(), MatrixSamples.Any(s, 3, 3), Pivots(s, 3, 3, 3)),
        Sample.Of(new LuUnpack(), MatrixSamples.Any(s, 4, 2), Pivots(s, 2, 4)),
        Sample.Of(new LuUnpack(), MatrixSamples.Any(s, 2, 4), Pivots(s, 2, 2)),
    ];

    /// <inheritdoc/>
    public override TensorSpec[] Infer(Inputs x)
    {
        if (x[1].DType != DType.Int32) throw AutogradException.Attribute("torch.lu_unpack: LU_pivots is expected to be a contiguous tensor of torch.int32 dtype.\nNote: this function is intended to be used with the output produced by torch.linalg.lu_factor");
        if (x[0].Dim < 2) throw AutogradException.Shape($"torch.lu_unpack: Expected tensor with 2 or more dimensions. Got size: {x[0].Shape} instead");
        long m = x[0].Shape[-2], n = x[0].Shape[-1], k = Math.Min(m, n);
        var batch = MatrixBatch.BatchOf(x[0]);
        if (!x[1].Shape.Equals(MatrixBatch.With(batch, k)))
            throw AutogradException.Shape($"torch.lu_unpack: Expected LU_pivots of size {MatrixBatch.With(batch, k)} for LU_data of size {x[0].Shape}, but got {x[1].Shape}");
        var none = new TensorSpec(Shape.Of(0), x[0].DType);
        return
        [
            UnpackPivots ? new(MatrixBatch.With(batch, m, m), x[0].DType) : none,
            UnpackData ? new(MatrixBatch.With(batch, m, k), x[0].DType) : none,
            UnpackData ? new(MatrixBatch.With(batch, k, n), x[0].DType) : none,
        ];
    }

    internal override bool HasGradient(int output) => output > 0;

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor[] y)
    {
        var ws = x[0].Workspace;
        using var scope = ws.Scope();
        long k = Math.Min(x[0].Shape[-2], x[0].Shape[-1]);
        if (UnpackData)
        {
            using var mode = ws.NoGrad();
            var l = x[0].Narrow(-1, 0, k).Tril(-1).Contiguous();
            l.Diagonal(0, -2, -1).FillInPlace(1.0);
            MatrixBatch.Copy(l, y[1]);
            MatrixBatch.Copy(x[0].Narrow(-2, 0, k).Triu(), y[2]);
        }
        if (!UnpackPivots) return;
        var pivots = ws.RawContiguous(x[1]);
        MatrixChecks.RequirePivots(pivots, x[0].Shape[-2], "lu_unpack");
        if (y[0].Numel > 0) MatrixLoop.Run("lu_unpack_cpu", y[0].DType, MatrixBatch.Count(y[0]), 1.0 * y[0].Shape[-1] * y[0].Shape[-1], new Kernel(pivots, y[0]));
    }

    // L and U are disjoint parts of the same matrix.
    /// <inheritdoc/>
    public override Tensor? Vjp(int input, Grads grads, Saved saved)
    {
        var shape = saved.Shape(0);
        long m = shape[-2], n = shape[-1], k = Math.Min(m, n);
        if (grads[1] is null && grads[2] is null) return null;
        Tensor lower = grads.OrZeros(1).Tril(-1), upper = grads.OrZeros(2).Triu();
        return m >= n ? lower + upper.ConstantPadNd([0, 0, 0, m - k]) : upper + lower.ConstantPadNd([0, n - k]);
    }

    private static Tensor Pivots(Sampler s, params long[] values) => s.Integers(Shape.Of(values.Length), values).To(DType.Int32);

    private readonly unsafe struct Kernel(Tensor pivots, Tensor p) : IMatrixKernel
    {
        public void Invoke<T>(long index) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            var matrix = MatrixBatch.At<T>(p, index);
            matrix.SetDiagonal(T.One);
            LuFactorization.RestoreRows(matrix, MatrixBatch.VectorAt<int>(pivots, index), pivots.Shape[-1]);
        }
    }
}
