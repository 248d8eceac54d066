using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>One value, a number or a 0-d tensor, in self's shape and dtype.</summary>
[Op("fill(self, value~)", InPlace = true, Page = "torch.Tensor.fill_")]
public sealed partial record Fill : ComputeOp, IOp<Fill>
{
    private protected override bool AliasSafe => true;

    private protected override bool MayRepeatWrites => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Fill>((_, x) => NdArray.Build(x[0].Shape, _ => x[1].Values[0]));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Fill(), s.Any(2, 3), s.Number(2L)), Sample.Of(new Fill(), s.Strided(2, 3), s.Any()), Sample.Of(new Fill(), s.Any(), s.Any()), Sample.Of(new Fill(), s.Any(0), s.Any())];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => inputs[1]!.IsWrappedNumber ? "FillBackward0" : "FillBackward1";

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => x[1].Dim == 0
        ? new(x[0].Shape, x[0].DType)
        : throw AutogradException.Shape($"fill_ only supports 0-dimension value tensor but got tensor with {x[1].Dim} dimensions.");

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Transfer.Into(x[1], y);

    // zero for self; for a tensor value the sum of g
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => input == 1 ? grad : grad.ZerosLike();
}
