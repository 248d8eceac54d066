using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>The integer part of x.</summary>
[Op("trunc(self)", InPlace = true)]
public sealed partial record Trunc : ComputeOp, IOp<Trunc>
{
    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(Math.Truncate);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Trunc(), s.Any(3, 4)), Sample.Of(new Trunc(), s.Any()), Sample.Of(new Trunc(), s.Strided(3, 5)), Sample.Of(new Trunc(), s.Any(0))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => x[0].DType != DType.Bool
        ? new(x[0].Shape, x[0].DType)
        : throw AutogradException.DTypeUnsupported(Schema.Name, DType.Bool);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        if (y.DType.IsFloatingPoint) Elementwise.MapFloat(Schema.Name, x[0], y, new Kernel());
        else Transfer.Into(x[0], y);
    }

    // Constant between the steps.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => saved.Zeros(0);

    private readonly struct Kernel : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => VectorMath.Truncate(x);
    }
}
