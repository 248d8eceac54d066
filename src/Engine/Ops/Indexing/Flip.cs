using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>A copy with the order of some dims reversed.</summary>
[Op("flip(self, dims)")]
public sealed partial record Flip(Dims Dims) : ComputeOp, IOp<Flip>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Flip>((op, x) => NdArray.Build(x[0].Shape, i =>
    {
        foreach (long dim in op.Dims)
            if (i.Length > 0) i[Shape.WrapDim(dim, i.Length)] = x[0].Shape[Shape.WrapDim(dim, i.Length)] - 1 - i[Shape.WrapDim(dim, i.Length)];
        return x[0][i];
    }));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Flip([0]), s.Any(3, 4)), Sample.Of(new Flip([0, -1]), s.Any(2, 3, 4)), Sample.Of(new Flip([1]), s.Strided(3, 4)), Sample.Of(new Flip([]), s.Any(2)), Sample.Of(new Flip([0]), s.Any()), Sample.Of(new Flip([0]), s.Any(0, 2))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        ReducedDims.Mask(x[0].Dim, Dims);
        return new(x[0].Shape, x[0].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        var strides = y.Strides.ToArray();
        long offset = y.Offset;
        foreach (long dim in Dims)
        {
            if (y.Dim == 0 || y.Numel == 0) break;
            int d = Shape.WrapDim(dim, y.Dim);
            offset += (y.Shape[d] - 1) * strides[d];
            strides[d] = -strides[d];
        }
        Transfer.Into(x[0], y.Alias(y.Shape, strides, offset));
    }

    // g flipped
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Flip(Dims);
}
