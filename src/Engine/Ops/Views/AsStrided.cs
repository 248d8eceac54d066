namespace AutogradService.Engine.Ops;

/// <summary>A view of the storage in any geometry: sizes, strides and offset in elements.</summary>
[Op("as_strided(self, size, stride, storage_offset)", InPlace = true)]
public sealed partial record AsStrided(Dims Size, Dims Stride, long? StorageOffset = null) : ViewOp, IOp<AsStrided>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<AsStrided>((op, x) => NdArray.Build(Shape.Of(op.Size.Values), i =>
    {
        long flat = op.StorageOffset ?? 0;
        for (int d = 0; d < i.Length; d++) flat += i[d] * op.Stride[d];
        return x[0].Values[flat];
    }));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new AsStrided([2, 3], [4, 1], 1), s.Any(3, 4)),
        Sample.Of(new AsStrided([3, 2], [1, 1], 0), s.Any(4)), // rows overlap: gradients add up
        Sample.Of(new AsStrided([], [], 2), s.Any(4)),
    ];

    /// <inheritdoc/>
    public override ViewSpec Geometry(Tensor x)
    {
        if (Size.Count != Stride.Count)
            throw AutogradException.Shape("mismatch in length of strides and shape");
        var shape = Shape.Of(Size.Values);
        long offset = StorageOffset ?? x.Offset;
        Int128 extent = shape.Numel == 0 ? 0 : 1;
        for (int d = 0; d < shape.Rank; d++)
        {
            if (Stride[d] < 0) throw AutogradException.Attribute($"as_strided: Negative strides are not supported at the moment, got strides: {Stride}");
            if (extent > 0) extent += (Int128)(shape[d] - 1) * Stride[d];
        }
        var bytes = (offset + extent) * x.DType.ItemSize;
        if (offset < 0 || extent > 0 && bytes > x.Storage.Bytes)
            throw AutogradException.Shape($"setStorage: sizes {shape}, strides {Stride}, storage offset {offset}, and itemsize {x.DType.ItemSize} requiring a storage size of {bytes} are out of bounds for storage of size {x.Storage.Bytes}");
        return new ViewSpec(shape, Stride.Values.ToArray(), offset);
    }

    private protected override ViewOp Recorded(Tensor x) => this with { InputStrides = Dims.Create(x.Strides), InputOffset = x.Offset, StorageOffset = StorageOffset ?? x.Offset };

    private Dims InputStrides { get; init; } = Dims.Empty;

    private long InputOffset { get; init; }

    // Every element of the view adds its gradient to the storage element it shows; what several elements of the input show is shared between them.
    /// <inheritdoc/>
    public override Tensor Vjp(Tensor grad, Saved saved) =>
        grad.AsStridedScatter(Dims.Of(saved.Shape(0)), InputStrides, InputOffset, Stride, StorageOffset!.Value);
}
