using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Running sum from the end along a dim: the derivative of cumsum, and the other way round.</summary>
[Op("_cumsum_reverse(self, dim)", Hidden = true)]
public sealed partial record CumsumReverse(long Dim) : ComputeOp, IOp<CumsumReverse>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<CumsumReverse>((op, x) => RunningRow.Define(x[0], op.Dim, (row, k) => row[k..].Sum()));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new CumsumReverse(1), s.Any(3, 4)), Sample.Of(new CumsumReverse(0), s.Any(3, 4)), Sample.Of(new CumsumReverse(-2), s.Any(2, 3, 2)), Sample.Of(new CumsumReverse(0), s.Any()), Sample.Of(new CumsumReverse(0), s.Any(0, 3))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        Shape.WrapDim(Dim, x[0].Dim);
        return new(x[0].Shape, x[0].DType.IsFloatingPoint ? x[0].DType : DType.Int64);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => RunningRow.Run(x[0], y, Dim, new Kernel());

    // x[k] is in every y up to k.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Cumsum(Dim);

    private readonly unsafe struct Kernel : IRowKernel
    {
        public void Invoke<T>(T* x, long n, void* y, long row) where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            T* to = (T*)y + row * n;
            if (typeof(T) == typeof(float))
            {
                double wide = 0;
                for (long i = n - 1; i >= 0; i--) to[i] = (T)(object)(float)(wide += (float)(object)x[i]);
                return;
            }
            T sum = T.Zero;
            for (long i = n - 1; i >= 0; i--) to[i] = sum += x[i];
        }
    }
}
