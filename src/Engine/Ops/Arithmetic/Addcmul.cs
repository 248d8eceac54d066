using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Sum with a scaled product: self + value * tensor1 * tensor2.</summary>
[Op("addcmul(self, tensor1, tensor2)", InPlace = true)]
public sealed partial record Addcmul(Scalar? Value = null) : ComputeOp, IOp<Addcmul>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Common;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Addcmul>((op, x) =>
        NdArray.Build(Shape.Broadcast(Shape.Broadcast(x[0].Shape, x[1].Shape), x[2].Shape), i => x[0].Broadcast(i) + (op.Value ?? 1L).Real * x[1].Broadcast(i) * x[2].Broadcast(i)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Addcmul(), s.Any(3, 4), s.Any(3, 4), s.Any(3, 4)),
        Sample.Of(new Addcmul(2L), s.Any(3, 4), s.Any(3, 1), s.Any(4)),
        Sample.Of(new Addcmul(), s.Any(), s.Strided(3, 5), s.Any(1)),
        Sample.Of(new Addcmul(), s.Any(0, 3), s.Any(3), s.Any(3)),
    ];

    /// <summary>A factor is kept only if the other one's gradient will need it.</summary>
    public override Saves Saves(NeedsGrad needs) => (needs[1] ? Engine.Saves.Input(2) : default) | (needs[2] ? Engine.Saves.Input(1) : default);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => Value is { IsFloat: true } && !x.CommonDType.IsFloatingPoint
        ? throw AutogradException.Attribute("For integral input tensors, argument value must not be a floating point number.")
        : x.CommonDType == DType.Bool ? throw AutogradException.DTypeUnsupported("addcmul_cpu_out", DType.Bool) : new(x.BroadcastShape(), x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.Map(x[0], x[1], x[2], y, new Kernel(Value ?? 1L));

    // d(a + v b c) = da + v c db + v b dc
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        if (input == 0) return grad;
        var other = saved.Input(3 - input);
        return grad * (Value is { } value ? other.Mul(value) : other);
    }

    private readonly struct Kernel(Scalar value) : ITernaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b, Vector<T> c) where T : unmanaged, INumber<T>, IMinMaxValue<T> => a + b * value.To<T>() * c;
    }
}
