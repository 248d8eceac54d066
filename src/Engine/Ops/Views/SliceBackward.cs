using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Zeros of a shape with a slice of one dim replaced by the gradient of that slice.</summary>
[Op("slice_backward(grad_output, input_sizes, dim, start, step)", Hidden = true)]
public sealed partial record SliceBackward(Dims InputSizes, long Dim, long Start, long Step) : ComputeOp, IOp<SliceBackward>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<SliceBackward>((op, x) =>
    {
        var result = new NdArray(op.InputSizes.Values);
        foreach (var i in NdArray.Indices(x[0].Shape))
        {
            double value = x[0][i];
            i[op.Dim] = op.Start + i[op.Dim] * op.Step;
            result[i] = value;
        }
        return result;
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new SliceBackward([4, 3], 0, 1, 2), s.Any(2, 3))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(Shape.Of(InputSizes.Values), x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        Kernels.Fill.All(y, 0L);
        int dim = Shape.WrapDim(Dim, y.Dim);
        using var scope = y.Workspace.Scope();
        Transfer.Into(x[0], Part.Over(y, Part.Slice(y, dim, Start, x[0].Shape[dim], Step)));
    }

    // the same slice of g
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        long length = saved.Shape(0)[Shape.WrapDim(Dim, saved.Shape(0).Rank)];
        return grad.Slice(Dim, Start, length == 0 ? Start : Start + (length - 1) * Step + 1, Step);
    }
}
