using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Zeros of a shape with a diagonal replaced by the gradient of that diagonal.</summary>
[Op("diagonal_backward(grad_output, input_sizes, offset, dim1, dim2)", Hidden = true)]
public sealed partial record DiagonalBackward(Dims InputSizes, long Offset, long Dim1, long Dim2) : ComputeOp, IOp<DiagonalBackward>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<DiagonalBackward>((op, x) =>
        NdArray.Build(Shape.Of(op.InputSizes.Values), i => i[1] - i[0] == op.Offset ? x[0][Math.Min(i[0], i[1])] : 0));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new DiagonalBackward([3, 4], 1, 0, 1), s.Any(3))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(Shape.Of(InputSizes.Values), x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        Kernels.Fill.All(y, 0L);
        using var scope = y.Workspace.Scope();
        Transfer.Into(x[0], Part.Over(y, Part.Diagonal(y, Offset, Dim1, Dim2)));
    }

    // the diagonal of g
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Diagonal(Offset, Dim1, Dim2);
}
