using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>A copy with memory of its own; gradients flow through.</summary>
[Op("clone(self)")]
public sealed partial record Clone : ComputeOp, IOp<Clone>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => x);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Clone(), s.Any(3, 4)), Sample.Of(new Clone(), s.Strided(3, 5)), Sample.Of(new Clone(), s.Any()), Sample.Of(new Clone(), s.Any(0, 2))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Transfer.Into(x[0], y);

    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad;
}
