using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>The fractional part of x, with its sign: x - trunc(x).</summary>
[Op("frac(self)", InPlace = true)]
public sealed partial record Frac : ComputeOp, IOp<Frac>
{
    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => x - Math.Truncate(x));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Frac(), s.Any(3, 4)), Sample.Of(new Frac(), s.Any()), Sample.Of(new Frac(), s.Strided(3, 5)), Sample.Of(new Frac(), s.Any(0))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("frac", x[0], y, new Kernel());

    // Parallel to x between the steps.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad;

    private readonly struct Kernel : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => x - VectorMath.Truncate(x);
    }
}
