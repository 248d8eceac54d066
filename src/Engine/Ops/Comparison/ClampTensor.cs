using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Limits elements to [min, max], both tensors: min(max(x, min), max).</summary>
[Op("clamp.Tensor(self, min?, max?)", InPlace = true, Hidden = true)]
public sealed partial record ClampTensor : ComputeOp, IOp<ClampTensor>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Common;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<ClampTensor>((_, x) =>
    {
        var shape = x[0].Shape;
        foreach (var bound in x.Skip(1)) shape = bound is null ? shape : Shape.Broadcast(shape, bound.Shape);
        return NdArray.Build(shape, i => Math.Min(Math.Max(x[0].Broadcast(i), x[1]?.Broadcast(i) ?? double.NegativeInfinity), x[2]?.Broadcast(i) ?? double.PositiveInfinity));
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new ClampTensor(), s.Any(3, 4), s.Any(3, 4), s.Any(3, 4)),
        Sample.Of(new ClampTensor(), s.Any(3, 4), s.Any(4), null),
        Sample.Of(new ClampTensor(), s.Strided(3, 5), null, s.Any(3, 1)),
        Sample.Of(new ClampTensor(), s.Any(3), s.Any(2, 1), s.Any()),
        Sample.Of(new ClampTensor(), s.Any(0, 3), s.Any(3), null),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.FirstInputs(3);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => x.Optional(1) is not null || x.Optional(2) is not null
        ? new(x.BroadcastShape(), x.CommonDType)
        : throw AutogradException.Attribute("torch.clamp: At least one of 'min' or 'max' must not be None");

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        if (x.Optional(1) is { } min) Elementwise.Map(x[0], min, y, new Low());
        if (x.Optional(2) is { } max) Elementwise.Map(x.Optional(1) is null ? x[0] : y, max, y, new High());
    }

    // The gradient goes to whichever of the three is the result: self at the bounds, max where the bounds cross.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        var self = saved.Input(0);
        Tensor? min = saved.OptionalInput(1), max = saved.OptionalInput(2);
        var chosen = input switch
        {
            0 => min is null ? self.Le(max!) : max is null ? self.Ge(min) : self.Ge(min).LogicalAnd(self.Le(max)),
            1 => max is null ? self.Lt(min!) : self.Lt(min!).LogicalAnd(min!.Lt(max)),
            _ => min is null ? self.Gt(max!) : self.Gt(max!).LogicalOr(max!.Lt(min)),
        };
        return chosen.Where(grad, 0);
    }

    private readonly struct Low : IBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T>, IMinMaxValue<T> => Vector.Max(a, b);
    }

    private readonly struct High : IBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T>, IMinMaxValue<T> => Vector.Min(a, b);
    }
}
