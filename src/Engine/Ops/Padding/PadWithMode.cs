namespace AutogradService.Engine.Ops;

/// <summary>Self with something around it: a constant value, its reflection, its edges (replicate) or its other side (circular).</summary>
[Op("pad(self, pad, mode, value)")]
public sealed partial record PadWithMode(Dims Pad, string Mode = "constant", Scalar? Value = null) : CompositeOp, IOp<PadWithMode>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<PadWithMode>((op, x) => op.Mode switch
    {
        "constant" => ConstantPadNd.Reference.Compute(new ConstantPadNd(op.Pad, op.Value), x)[0],
        "reflect" => ReflectionPad.Reference.Compute(new ReflectionPad(op.Pad), x)[0],
        "replicate" => ReplicationPad.Reference.Compute(new ReplicationPad(op.Pad), x)[0],
        _ => NdArray.Build(Circle(x[0].Shape, op.Pad), i =>
        {
            for (int d = 0; d < i.Length; d++)
            {
                int pair = 2 * (i.Length - 1 - d);
                long size = x[0].Shape[d];
                if (pair < op.Pad.Count) i[d] = ((i[d] - op.Pad[pair]) % size + size) % size;
            }
            return x[0][i];
        }),
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new PadWithMode([1, 2]), s.Any(2, 3)),
        Sample.Of(new PadWithMode([1, 0, 2, 1], "constant", 2L), s.Any(2, 3)),
        Sample.Of(new PadWithMode([1, 2], "reflect"), s.Any(2, 3)),
        Sample.Of(new PadWithMode([1, 1, 2, 0], "replicate"), s.Any(1, 2, 3)),
        Sample.Of(new PadWithMode([1, 2], "circular"), s.Any(2, 2, 3)),
        Sample.Of(new PadWithMode([2, 1, 1, 1], "circular"), s.Any(1, 2, 2, 3)),
    ];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        if (Pad.Count % 2 != 0) throw AutogradException.Attribute("Padding length must be divisible by 2");
        if (Pad.Count > 2 * x[0].Dim)
            throw AutogradException.Attribute($"Padding length should be less than or equal to two times the input dimension but got padding length {Pad.Count} and input of dimension {x[0].Dim}");
        if (Mode == "constant") return x[0].ConstantPadNd(Pad, Value);
        if (Value is { } value && value.Real != 0) throw AutogradException.Attribute($"Padding mode \"{Mode}\" doesn't take in value argument");
        int dims = Pad.Count / 2;
        if (dims is < 1 or > 3 || x[0].Dim != dims + 1 && x[0].Dim != dims + 2)
            throw AutogradException.Attribute("Only 2D, 3D, 4D, 5D padding with non-constant padding are supported for now", TorchErrorType.NotImplementedError);
        return Mode switch
        {
            "reflect" => x[0].ReflectionPad(Pad),
            "replicate" => x[0].ReplicationPad(Pad),
            "circular" => Circular(workspace, x[0]),
            _ => throw AutogradException.Attribute($"Unrecognised padding mode {Mode}", TorchErrorType.NotImplementedError),
        };
    }

    private Tensor Circular(Workspace workspace, Tensor self)
    {
        var shape = Circle(self.Shape, Pad);
        var result = workspace.Apply(new Empty(Dims.Of(shape), self.DType));
        int dims = Pad.Count / 2;
        // The middle, whole or cropped; then dim by dim what lies beyond each end, copied from the opposite side of what is there already.
        var (inner, source) = (result, self);
        for (int k = 0; k < dims; k++)
        {
            int d = self.Dim - 1 - k;
            long before = Pad[2 * k], after = Pad[2 * k + 1];
            inner = inner.Slice(d, Math.Max(before, 0), shape[d] - Math.Max(after, 0));
            source = source.Slice(d, Math.Max(-before, 0), self.Shape[d] - Math.Max(-after, 0));
        }
        inner.CopyInPlace(source);
        for (int k = 0; k < dims; k++)
        {
            int d = self.Dim - 1 - k;
            long before = Pad[2 * k], after = Pad[2 * k + 1], size = shape[d];
            if (before > 0) result.Slice(d, 0, before).CopyInPlace(result.Slice(d, size - before - Math.Max(after, 0), size - Math.Max(after, 0)));
            if (after > 0) result.Slice(d, size - after).CopyInPlace(result.Slice(d, Math.Max(before, 0), Math.Max(before, 0) + after));
        }
        return result;
    }

    private static Shape Circle(Shape shape, Dims pad)
    {
        var sizes = shape.Sizes.ToArray();
        for (int k = 0; k < pad.Count / 2; k++)
        {
            int d = shape.Rank - 1 - k;
            if (pad[2 * k] > shape[d] || pad[2 * k + 1] > shape[d]) throw AutogradException.Shape("Padding value causes wrapping around more than once.");
            sizes[d] += pad[2 * k] + pad[2 * k + 1];
            if (sizes[d] < 0) throw AutogradException.Shape("Negative padding value is resulting in an empty dimension");
        }
        return Shape.Of(sizes);
    }
}
