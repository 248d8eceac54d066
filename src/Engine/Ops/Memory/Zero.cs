using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Zeros of self's shape and dtype; in place, torch.Tensor.zero_.</summary>
[Op("zero(self)", InPlace = true, Page = "torch.Tensor.zero_")]
public sealed partial record Zero : ComputeOp, IOp<Zero>
{
    private protected override bool AliasSafe => true;

    private protected override bool MayRepeatWrites => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(_ => 0);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Zero(), s.Any(3, 4)), Sample.Of(new Zero(), s.Any(0))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Kernels.Fill.All(y, 0L);

    // zero: nothing of the input remains
    /// <inheritdoc/>
    public override Tensor? Vjp(int input, Tensor grad, Saved saved) => saved.Workspace.RawFull(saved.Shape(0), 0.0, saved.DType(0));
}
