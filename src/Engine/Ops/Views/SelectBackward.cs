using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Zeros of a shape with one index of a dim replaced by the gradient of that index.</summary>
[Op("select_backward(grad_output, input_sizes, dim, index)", Hidden = true)]
public sealed partial record SelectBackward(Dims InputSizes, long Dim, long Index) : ComputeOp, IOp<SelectBackward>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<SelectBackward>((op, x) =>
        NdArray.Build(Shape.Of(op.InputSizes.Values), i => i[op.Dim] == op.Index ? x[0][[.. i[..(int)op.Dim], .. i[((int)op.Dim + 1)..]]] : 0));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new SelectBackward([3, 4], 1, 2), s.Any(3)), Sample.Of(new SelectBackward([3], 0, 1), s.Any())];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(Shape.Of(InputSizes.Values), x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        Kernels.Fill.All(y, 0L);
        int dim = Shape.WrapDim(Dim, y.Dim);
        using var scope = y.Workspace.Scope();
        Transfer.Into(x[0], Part.Over(y, Part.Select(y, dim, Index < 0 ? Index + y.Shape[dim] : Index)));
    }

    // g at the index
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Select(Dim, Index);
}
