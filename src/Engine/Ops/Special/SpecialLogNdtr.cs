using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Logarithm of the normal distribution function, accurate far into its tail.</summary>
[Op("special_log_ndtr(self)")]
public sealed partial record SpecialLogNdtr : ComputeOp, IOp<SpecialLogNdtr>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => Math.Log(ScalarMath.Erfc(-x / Math.Sqrt(2)) / 2));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new SpecialLogNdtr(), s.Any(3, 4)), Sample.Of(new SpecialLogNdtr(), s.Any()), Sample.Of(new SpecialLogNdtr(), s.Strided(3, 5)), Sample.Of(new SpecialLogNdtr(), s.Any(0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("special_log_ndtr", x[0], y, new Kernel());

    // y' = sqrt(2/pi) / erfcx(-x / sqrt 2)
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        return grad.Div(saved.Input(0).Div(-Math.Sqrt(2)).SpecialErfcx()).Mul(Math.Sqrt(2 / Math.PI));
    }

    private readonly struct Kernel : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => Lanes.Map<T, Function>(x);
    }

    private readonly struct Function : Lanes.IFunction
    {
        public static double Invoke(double x) => ScalarMath.LogNdtr(x);
    }
}
