using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Exponentially scaled modified Bessel function of order 1: e^-|x| I1(x).</summary>
[Op("special_i1e(self)")]
public sealed partial record SpecialI1e : ComputeOp, IOp<SpecialI1e>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => Enumerable.Range(0, 64).Sum(i => Math.Exp(x * Math.Cos(Math.PI * (i + 0.5) / 64)) * Math.Cos(1 * Math.PI * (i + 0.5) / 64)) / 64 * Math.Exp(-Math.Abs(x)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new SpecialI1e(), s.Any(3, 4)), Sample.Of(new SpecialI1e(), s.Any()), Sample.Of(new SpecialI1e(), s.Strided(3, 5)), Sample.Of(new SpecialI1e(), s.Any(0))];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "SpecialI1EBackward0";

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0) | Engine.Saves.Output;

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("special_i1e", x[0], y, new Kernel());

    // (e^-|x| I1)' = e^-|x| (I0 - I1 / x) - sign(x) e^-|x| I1, 1/2 at 0
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        var x = saved.Input(0);
        var zero = x.Eq(0L);
        return grad.Mul(zero.Where(0.5, x.SpecialI0e().Sub(saved.Output().Mul(x.Sgn().Add(x.MaskedFill(zero, 1L).Reciprocal())))));
    }

    private readonly struct Kernel : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => Lanes.Map<T, Function>(x);
    }

    private readonly struct Function : Lanes.IFunction
    {
        public static double Invoke(double x) => BesselMath.ModifiedScaled(1, x);
    }
}
