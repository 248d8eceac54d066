using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Running product along a dim: y[k] = x[0] * ... * x[k]. Integers multiply in int64.</summary>
[Op("cumprod(self, dim, dtype)", InPlace = true)]
public sealed partial record Cumprod(long Dim, DType? DType = null) : ComputeOp, IOp<Cumprod>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Cumprod>((op, x) => RunningRow.Define(x[0], op.Dim, (row, k) => row[..(k + 1)].Aggregate(1.0, (a, b) => a * b)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Cumprod(1), s.Any(3, 4)),
        Sample.Of(new Cumprod(0), s.Any(3, 4)),
        Sample.Of(new Cumprod(0), s.Values(Shape.Of(5), 2, 0, 3, 0, 1)),
        Sample.Of(new Cumprod(0), s.Any()),
        Sample.Of(new Cumprod(0), s.Any(0, 3)),
        Sample.Of(new Cumprod(0, Engine.DType.Float64), s.Any(3)),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0) | Engine.Saves.Output;

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        Shape.WrapDim(Dim, x[0].Dim);
        return new(x[0].Shape, DType ?? (x[0].DType.IsFloatingPoint ? x[0].DType : Engine.DType.Int64));
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => RunningRow.Run(x[0], y, Dim, new Kernel());

    // y[k] = x[k] y[k-1], y[-1] = 1. So with R[k] = g[k] + x[k+1] R[k+1], all that depends on y[k], the gradient is R[k] y[k-1]: exact through zeros, as nothing divides.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => saved.Shape(0).Numel <= 1
        ? grad
        : grad.LinearRecurrence(saved.Input(0), Dim, reverse: true).Mul(saved.Output().Shift(Dim, fill: 1));

    private readonly unsafe struct Kernel : IRowKernel
    {
        public void Invoke<T>(T* x, long n, void* y, long row) where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            T* to = (T*)y + row * n;
            if (typeof(T) == typeof(float))
            {
                double wide = 1;
                for (long i = 0; i < n; i++) to[i] = (T)(object)(float)(wide *= (float)(object)x[i]);
                return;
            }
            T product = T.One;
            for (long i = 0; i < n; i++) to[i] = product *= x[i];
        }
    }
}
