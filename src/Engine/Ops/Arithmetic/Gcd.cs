using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Greatest common divisor of integers, never negative.</summary>
[Op("gcd(self, other)", InPlace = true)]
public sealed partial record Gcd : ComputeOp, IOp<Gcd>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Common;

    /// <inheritdoc/>
    public override bool Differentiable => false;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map((a, b) => (double)System.Numerics.BigInteger.GreatestCommonDivisor((long)a, (long)b));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Gcd(), s.Index(30, 3, 4), s.Index(30, 3, 4)), Sample.Of(new Gcd(), s.Integers(Shape.Of(4), -12, 6, 0, 3), s.Integers(Shape.Of(1), 8)), Sample.Of(new Gcd(), s.Index(9, 0, 4), s.Index(9))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => x.CommonDType.IsInteger ? new(x.BroadcastShape(), x.CommonDType) : throw AutogradException.DTypeUnsupported("gcd_cpu", x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.Map(x[0], x[1], y, new Kernel());

    private readonly struct Kernel : IBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T>, IMinMaxValue<T> => Lanes.Map<T, Pair>(a, b);
    }

    private readonly struct Pair : Lanes.IPairFunction
    {
        public static T Invoke<T>(T a, T b) where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            (a, b) = (T.Abs(a), T.Abs(b));
            while (b != T.Zero) (a, b) = (b, a % b);
            return a;
        }
    }
}
