using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Inverse error function: the y with erf(y) = x; infinite at -1 and 1.</summary>
[Op("erfinv(self)", InPlace = true)]
public sealed partial record Erfinv : ComputeOp, IOp<Erfinv>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Erfinv>((_, x) => NdArray.Build(x[0].Shape, i => Bisected(x[0][i])));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Erfinv(), s.Small(3, 4)), Sample.Of(new Erfinv(), s.Small()), Sample.Of(new Erfinv(), s.Small(5, 3).Transpose(0, 1)), Sample.Of(new Erfinv(), s.Small(0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Output;

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("erfinv", x[0], y, new Kernel());

    // y = erfinv x: dy = sqrt(pi)/2 e^(y^2) dx
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Mul(saved.Output().Square().Exp().Mul(Math.Sqrt(Math.PI) / 2));

    private static double Bisected(double x)
    {
        if (!(Math.Abs(x) < 1)) return Math.Abs(x) == 1 ? Math.CopySign(double.PositiveInfinity, x) : double.NaN;
        double low = -6, high = 6;
        for (int i = 0; i < 100; i++)
        {
            double middle = (low + high) / 2;
            if (ScalarMath.Erf(middle) < x) low = middle;
            else high = middle;
        }
        return (low + high) / 2;
    }

    private readonly struct Kernel : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => Lanes.Map<T, Function>(x);
    }

    private readonly struct Function : Lanes.IFunction
    {
        public static double Invoke(double x) => ScalarMath.Erfinv(x);
    }
}
