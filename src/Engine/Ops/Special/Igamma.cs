using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Regularised lower incomplete gamma function of other, with the parameter self. Has no derivative in self.</summary>
[Op("igamma(self, other)", InPlace = true)]
public sealed partial record Igamma : ComputeOp, IOp<Igamma>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Common;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map((a, x) => Enumerable.Range(0, 200).Sum(k => Math.Exp((a + k) * Math.Log(x) - x - Kernels.ScalarMath.Lgamma(a + k + 1))));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.ForwardOnly(new Igamma(), s.Positive(3, 4), s.Positive(3, 4)), Sample.ForwardOnly(new Igamma(), s.Positive(4), s.Positive(3, 1)), Sample.ForwardOnly(new Igamma(), s.Positive(0, 3), s.Positive(3))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.FirstInputs(2);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => x.CommonDType.IsFloatingPoint ? new(x.BroadcastShape(), x.CommonDType) : throw AutogradException.DTypeUnsupported("igamma_cpu", x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("igamma", x[0], x[1], y, new Kernel());

    // dP/dx = x^(a-1) e^-x / Gamma(a)
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        if (input == 0) throw NoDerivative();
        Tensor a = saved.Input(0), x = saved.Input(1);
        return (grad * ((a - 1L) * x.Log() - x - a.Lgamma()).Exp());
    }

    private readonly struct Kernel : IFloatBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => Lanes.Map<T, Pair>(a, b);
    }

    private readonly struct Pair : Lanes.IPairFunction
    {
        public static T Invoke<T>(T a, T b) where T : unmanaged, INumber<T>, IMinMaxValue<T> => T.CreateTruncating(GammaMath.Lower(double.CreateTruncating(a), double.CreateTruncating(b)));
    }
}
