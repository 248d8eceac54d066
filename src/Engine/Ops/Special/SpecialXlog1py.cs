using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Product with a logarithm: self * log(1 + other), 0 where self is 0 and other is not NaN.</summary>
[Op("special_xlog1py(self~, other~)")]
public sealed partial record SpecialXlog1py : ComputeOp, IOp<SpecialXlog1py>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map((a, b) => double.IsNaN(b) ? b : a == 0 ? 0 : a * Math.Log(1 + b));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new SpecialXlog1py(), s.Any(3, 4), s.Positive(3, 4)), Sample.Of(new SpecialXlog1py(), s.Strided(3, 5), s.Positive(3, 1)), Sample.Of(new SpecialXlog1py(), s.Number(2L), s.Positive(2, 2)), Sample.Of(new SpecialXlog1py(), s.Any(0, 3), s.Positive(3))];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "SpecialXlog1PyBackward0";

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.FirstInputs(2);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x.BroadcastShape(), x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("special_xlog1py", x[0], x[1], y, new Kernel());

    // d(a log(1 + b)) = log(1 + b) da + a / (1 + b) db
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        Tensor self = saved.Input(0), other = saved.Input(1);
        return input == 0 ? grad.SpecialXlog1py(other).MaskedFill(self.Eq(0L).LogicalAnd(other.Le(-1L)), 0L) : grad * self / (other + 1L);
    }

    private readonly struct Kernel : IFloatBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => Vector.ConditionalSelect(
            Vector.Equals(a, Vector<T>.Zero) & Vector.Equals(b, b), Vector<T>.Zero, a * VectorMath.Log1p(b));
    }
}
