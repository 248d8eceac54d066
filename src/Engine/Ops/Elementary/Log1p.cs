using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Logarithm of one more: log(1 + x), accurate near 0.</summary>
[Op("log1p(self)", InPlace = true)]
public sealed partial record Log1p : ComputeOp, IOp<Log1p>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => Math.Log(1 + x));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Log1p(), s.Positive(3, 4)), Sample.Of(new Log1p(), s.Positive()), Sample.Of(new Log1p(), s.Positive(5, 3).Transpose(0, 1)), Sample.Of(new Log1p(), s.Positive(0))];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "Log1PBackward0";

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("log1p", x[0], y, new Kernel());

    // d log(1 + x) = dx / (1 + x)
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Div(saved.Input(0).Add(1));

    private readonly struct Kernel : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => VectorMath.Log1p(x);
    }
}
