using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Natural logarithm; -inf at 0, NaN below.</summary>
[Op("log(self)", InPlace = true)]
public sealed partial record Log : ComputeOp, IOp<Log>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => Math.Log(x));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Log(), s.Positive(3, 4)), Sample.Of(new Log(), s.Positive()), Sample.Of(new Log(), s.Positive(5, 3).Transpose(0, 1)), Sample.Of(new Log(), s.Positive(0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("log", x[0], y, new Kernel());

    // d log x = dx / x
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Div(saved.Input(0));

    private readonly struct Kernel : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => VectorMath.Log(x);
    }
}
