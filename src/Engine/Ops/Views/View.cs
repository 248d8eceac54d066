namespace AutogradService.Engine.Ops;

/// <summary>The same memory under another shape; one size may be -1. Refused where strides do not allow it.</summary>
[Op("view(self, size)", Page = "torch.Tensor.view")]
public sealed partial record View(Dims Size) : ViewOp, IOp<View>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<View>((op, x) => new NdArray(Resolve(op.Size, x[0].Shape), x[0].Values));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new View([4, 3]), s.Any(3, 4)), Sample.Of(new View([2, -1]), s.Any(3, 4)), Sample.Of(new View([1, 1]), s.Any()), Sample.Of(new View([-1, 2]), s.Any(0, 2)), Sample.Of(new View([]), s.Any(1))];

    /// <inheritdoc/>
    public override ViewSpec Geometry(Tensor x)
    {
        var shape = Resolve(Size, x.Shape);
        var strides = StridesFor(x, shape) ?? throw new AutogradException(ErrorReason.InvalidShape,
            "view size is not compatible with input tensor's size and stride (at least one dimension spans across two contiguous subspaces). Use .reshape(...) instead.");
        return new(shape, strides, x.Offset);
    }

    // g in the input's shape
    /// <inheritdoc/>
    public override Tensor Vjp(Tensor grad, Saved saved) => grad.Reshape(Dims.Of(saved.Shape(0)));

    /// <summary>The shape that sizes with at most one -1 mean for some elements.</summary>
    /// <exception cref="AutogradException">INVALID_SHAPE.</exception>
    internal static Shape Resolve(Dims size, Shape from)
    {
        long known = 1;
        int free = -1;
        for (int d = 0; d < size.Count; d++)
        {
            if (size[d] == -1)
            {
                if (free >= 0) throw new AutogradException(ErrorReason.InvalidShape, "only one dimension can be inferred");
                free = d;
            }
            else if (size[d] < 0)
            {
                throw new AutogradException(ErrorReason.InvalidShape, $"invalid shape dimension {size[d]}");
            }
            else
            {
                if (Math.BigMul(known, size[d], out known) != 0 || known < 0) throw new AutogradException(ErrorReason.InvalidShape, $"shape '{size}' is invalid for input of size {from.Numel}");
            }
        }
        var sizes = size.Values.ToArray();
        if (free >= 0)
        {
            if (known == 0)
                throw new AutogradException(ErrorReason.InvalidShape, from.Numel == 0
                    ? $"cannot reshape tensor of 0 elements into shape {size} because the unspecified dimension size -1 can be any value and is ambiguous"
                    : $"shape '{size}' is invalid for input of size {from.Numel}");
            if (from.Numel % known != 0) throw new AutogradException(ErrorReason.InvalidShape, $"shape '{size}' is invalid for input of size {from.Numel}");
            sizes[free] = from.Numel / known;
        }
        else if (known != from.Numel)
        {
            throw new AutogradException(ErrorReason.InvalidShape, $"shape '{size}' is invalid for input of size {from.Numel}");
        }
        return Shape.Of(sizes);
    }

    /// <summary>Strides that show the tensor's elements in another shape without copying; null if there are none.</summary>
    internal static long[]? StridesFor(Tensor x, Shape shape)
    {
        if (x.IsContiguous) return shape.ContiguousStrides;
        // Walk both shapes from the back: a run of dims that is contiguous in x may be cut up in any way.
        var strides = new long[shape.Rank];
        int to = shape.Rank - 1;
        long runStride = x.StridesArray[^1], run = 1, cut = 1;
        for (int d = x.Dim - 1; d >= 0; d--)
        {
            run *= x.Shape[d];
            bool runEnds = d == 0 || x.Shape[d - 1] != 1 && x.StridesArray[d - 1] != run * runStride;
            if (!runEnds) continue;
            while (to >= 0 && (cut < run || shape[to] == 1))
            {
                strides[to] = cut * runStride;
                cut *= shape[to--];
            }
            if (cut != run) return null;
            if (d > 0)
            {
                runStride = x.StridesArray[d - 1];
                run = cut = 1;
            }
        }
        return to < 0 ? strides : null;
    }
}
