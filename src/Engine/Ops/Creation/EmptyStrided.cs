namespace AutogradService.Engine.Ops;

/// <summary>A tensor of zeros with strides as given, which may leave gaps or show an element more than once.</summary>
[Op("empty_strided(size, stride, dtype)")]
public sealed partial record EmptyStrided(Dims Size, Dims Stride, DType? DType = null) : CompositeOp, IOp<EmptyStrided>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<EmptyStrided>((op, _) => NdArray.Build(Shape.Of(op.Size.Values), _ => 0));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new EmptyStrided([2, 3], [1, 2], s.DType)), Sample.Of(new EmptyStrided([], [])), Sample.Of(new EmptyStrided([0, 2], [2, 1]))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        if (Size.Count != Stride.Count) throw AutogradException.Shape($"mismatch in length of strides and shape");
        foreach (long step in Stride)
            if (step < 0) throw AutogradException.Attribute("as_strided: Negative strides are not supported at the moment, got strides: " + Stride);
        var shape = Shape.Of(Size.Values);
        var y = workspace.RawEmptyStrided(shape, [.. Stride], DType ?? DTypes.DefaultFloat);
        // What the strides reach, and not element by element: strides of zero make any number of elements of a few bytes.
        Kernels.Fill.All(workspace.RawWhole(y), 0L);
        return y;
    }
}
