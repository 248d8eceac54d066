using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Running sum along a dim: y[k] = x[0] + ... + x[k]. Integers add up in int64.</summary>
[Op("cumsum(self, dim, dtype)", InPlace = true)]
public sealed partial record Cumsum(long Dim, DType? DType = null) : ComputeOp, IOp<Cumsum>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Cumsum>((op, x) => RunningRow.Define(x[0], op.Dim, (row, k) => row[..(k + 1)].Sum()));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Cumsum(1), s.Any(3, 4)), Sample.Of(new Cumsum(0), s.Any(3, 4)), Sample.Of(new Cumsum(-2), s.Any(2, 3, 2)), Sample.Of(new Cumsum(0), s.Any()), Sample.Of(new Cumsum(0), s.Any(0, 3)), Sample.Of(new Cumsum(0, Engine.DType.Float64), s.Any(3))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        Shape.WrapDim(Dim, x[0].Dim);
        return new(x[0].Shape, DType ?? (x[0].DType.IsFloatingPoint ? x[0].DType : Engine.DType.Int64));
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        var sum = Truth.Wide(y);
        RunningRow.Run(Truth.Wide(x[0], y), sum, Dim, new Kernel());
        Truth.Narrow(sum, y);
    }

    // x[k] is in every y from k on: the gradient is the running sum from the end.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.CumsumReverse(Dim);

    private readonly unsafe struct Kernel : IRowKernel
    {
        public void Invoke<T>(T* x, long n, void* y, long row) where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            T* to = (T*)y + row * n;
            if (typeof(T) == typeof(float))
            {
                double wide = 0;
                for (long i = 0; i < n; i++) to[i] = (T)(object)(float)(wide += (float)(object)x[i]);
                return;
            }
            T sum = T.Zero;
            for (long i = 0; i < n; i++) to[i] = sum += x[i];
        }
    }
}
