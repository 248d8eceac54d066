using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Inverse hyperbolic tangent; infinite at -1 and 1, NaN beyond.</summary>
[Op("atanh(self)", InPlace = true)]
public sealed partial record Atanh : ComputeOp, IOp<Atanh>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => Math.Log((1 + x) / (1 - x)) / 2);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Atanh(), s.Small(3, 4)), Sample.Of(new Atanh(), s.Small()), Sample.Of(new Atanh(), s.Small(5, 3).Transpose(0, 1)), Sample.Of(new Atanh(), s.Small(0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("atanh", x[0], y, new Kernel());

    // d atanh x = dx / (1 - x^2)
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Div(1 - saved.Input(0).Square());

    private readonly struct Kernel : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => Lanes.Map<T, Function>(x);
    }

    private readonly struct Function : Lanes.IFunction
    {
        public static double Invoke(double x) => Math.Atanh(x);
    }
}
