using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Sum with a scaled quotient: self + value * tensor1 / tensor2.</summary>
[Op("addcdiv(self, tensor1, tensor2)", InPlace = true)]
public sealed partial record Addcdiv(Scalar? Value = null) : ComputeOp, IOp<Addcdiv>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Common;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Addcdiv>((op, x) =>
        NdArray.Build(Shape.Broadcast(Shape.Broadcast(x[0].Shape, x[1].Shape), x[2].Shape), i => x[0].Broadcast(i) + (op.Value ?? 1L).Real * x[1].Broadcast(i) / x[2].Broadcast(i)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Addcdiv(), s.Any(3, 4), s.Any(3, 4), s.Positive(3, 4)),
        Sample.Of(new Addcdiv(2L), s.Any(3, 4), s.Any(3, 1), s.Positive(4)),
        Sample.Of(new Addcdiv(0.5), s.Any(), s.Strided(3, 5), s.Positive(1)),
        Sample.Of(new Addcdiv(), s.Any(0, 3), s.Any(3), s.Positive(3)),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => needs[2] ? Engine.Saves.Input(1) | Engine.Saves.Input(2) : needs[1] ? Engine.Saves.Input(2) : default;

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => x[1].DType.IsFloatingPoint || x[2].DType.IsFloatingPoint
        ? new(x.BroadcastShape(), x.CommonDType)
        : throw AutogradException.Attribute("Integer division with addcdiv is no longer supported, and in a future  release addcdiv will perform a true division of tensor1 and tensor2. The historic addcdiv behavior can be implemented as (input + value * torch.trunc(tensor1 / tensor2)).to(input.dtype) for integer inputs and as (input + value * tensor1 / tensor2) for float inputs. The future addcdiv behavior is just the latter implementation: (input + value * tensor1 / tensor2), for all dtypes.");

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.Map(x[0], x[1], x[2], y, new Kernel(Value ?? 1L));

    // d(a + v b / c) = da + v / c db - v b / c^2 dc
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        if (input == 0) return grad;
        Scalar value = Value ?? 1L;
        var divisor = saved.Input(2);
        return input == 1 ? grad * (value / divisor) : -grad * (saved.Input(1) * value / (divisor * divisor));
    }

    private readonly struct Kernel(Scalar value) : ITernaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b, Vector<T> c) where T : unmanaged, INumber<T>, IMinMaxValue<T> => a + b * value.To<T>() / c;
    }
}
