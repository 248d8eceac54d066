using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Integers shifted to the left: self * 2^other; 0 if that shifts every bit out.</summary>
[Op("bitwise_left_shift(self~, other~)", InPlace = true)]
public sealed partial record BitwiseLeftShift : ComputeOp, IOp<BitwiseLeftShift>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Common;

    /// <inheritdoc/>
    public override bool Differentiable => false;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map((a, b) => b < 0 || b > 62 ? 0 : (long)a << (int)b);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new BitwiseLeftShift(), s.Index(30, 3, 4), s.Index(5, 3, 4)), Sample.Of(new BitwiseLeftShift(), s.Integers(Shape.Of(4), -12, 6, 0, 3), s.Number(2L)), Sample.Of(new BitwiseLeftShift(), s.Integers(Shape.Of(2), -12, 6), s.Integers(Shape.Of(2), 64, -1)), Sample.Of(new BitwiseLeftShift(), s.Index(9, 0, 4), s.Index(5))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => x.CommonDType.IsInteger ? new(x.BroadcastShape(), x.CommonDType) : throw AutogradException.DTypeUnsupported("lshift_cpu", x.CommonDType);

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
            long shift = long.CreateTruncating(b), bits = System.Runtime.CompilerServices.Unsafe.SizeOf<T>() * 8;
            bool all = shift < 0 || shift >= bits;
            return all ? T.Zero : T.CreateTruncating(long.CreateTruncating(a) << (int)shift);
        }
    }
}
