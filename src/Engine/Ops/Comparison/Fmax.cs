using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>The larger element of two; if one is NaN, the other.</summary>
[Op("fmax(self, other)")]
public sealed partial record Fmax : ComputeOp, IOp<Fmax>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Common;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map((a, b) => double.IsNaN(a) ? b : double.IsNaN(b) ? a : Math.Max(a, b));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Fmax(), s.Any(3, 4), s.Any(3, 4)),
        Sample.Of(new Fmax(), s.Any(3, 4), s.Any(3, 1)),
        Sample.Of(new Fmax(), s.Strided(3, 5), s.Any()),
        Sample.ForwardOnly(new Fmax(), s.Values(Shape.Of(3), 1, double.NaN, 2), s.Values(Shape.Of(3), double.NaN, 1, 2)),
        Sample.Of(new Fmax(), s.Any(0, 3), s.Any(3)),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.FirstInputs(2);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x.BroadcastShape(), x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.Map(x[0], x[1], y, new Kernel());

    // The gradient goes to the one that was chosen: self where they are equal.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        var self = saved.Input(0).Ge(saved.Input(1)).LogicalOr(saved.Input(1).Isnan());
        return input == 0 ? self.Where(grad, 0) : grad.MaskedFill(self, 0);
    }

    private readonly struct Kernel : IBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T>, IMinMaxValue<T> =>
            Vector.ConditionalSelect(Vector.GreaterThanOrEqual(a, b) | ~Vector.Equals(b, b), a, b);
    }
}
