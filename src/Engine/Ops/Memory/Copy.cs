using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>The values of src, broadcast to self's shape and cast to its dtype; in place, torch.Tensor.copy_.</summary>
[Op("copy(self, src~)", InPlace = true, Page = "torch.Tensor.copy_")]
public sealed partial record Copy : ComputeOp, IOp<Copy>
{
    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Copy>((_, x) => NdArray.Build(x[0].Shape, i => x[1].Broadcast(i)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Copy(), s.Any(3, 4), s.Any(3, 4)), Sample.Of(new Copy(), s.Any(3, 4), s.Any(4)), Sample.Of(new Copy(), s.Any(2), s.Any()), Sample.Of(new Copy(), s.Any(0, 3), s.Any(3))];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "torch::autograd::CopyBackwards";

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => x[1].Shape.BroadcastsTo(x[0].Shape)
        ? new(x[0].Shape, x[0].DType)
        : throw AutogradException.Shape($"output with shape {x[0].Shape} doesn't match the broadcast shape {Shape.Broadcast(x[0].Shape, x[1].Shape)}");

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Transfer.Into(x[1], y);

    // for src g, for what was overwritten zero
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => input == 1 ? grad : saved.Zeros(0);
}
