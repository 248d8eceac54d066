using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>A view in which dims of size 1 are repeated without copying; -1 keeps a size.</summary>
[Op("expand(self, size)", Page = "torch.Tensor.expand")]
public sealed partial record Expand(Dims Size) : ViewOp, IOp<Expand>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Expand>((op, x) => NdArray.Build(op.Target(x[0].Shape), i => x[0].Broadcast(i)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Expand([3, 4]), s.Any(3, 1)), Sample.Of(new Expand([2, -1, 4]), s.Any(3, 1)), Sample.Of(new Expand([2, 2]), s.Any()), Sample.Of(new Expand([0, 3]), s.Any(1, 3))];

    /// <inheritdoc/>
    public override ViewSpec Geometry(Tensor x)
    {
        var target = Target(x.Shape);
        return new(target, Strided.BroadcastStrides(x, target), x.Offset);
    }

    // g summed over the dims that were expanded
    /// <inheritdoc/>
    public override Tensor Vjp(Tensor grad, Saved saved) => grad.SumToSize(Dims.Of(saved.Shape(0)));

    private Shape Target(Shape shape)
    {
        int shift = Size.Count - shape.Rank;
        if (shift < 0)
            throw AutogradException.Shape($"expand(sizes={Size}, size={Size}): the number of sizes provided ({Size.Count}) must be greater or equal to the number of dimensions in the tensor ({shape.Rank})");
        var sizes = Size.Values.ToArray();
        for (int d = 0; d < sizes.Length; d++)
        {
            long own = d < shift ? 1 : shape[d - shift];
            if (sizes[d] == -1)
            {
                if (d < shift) throw AutogradException.Shape($"The expanded size of the tensor ({sizes[d]}) isn't allowed in a leading, non-existing dimension {d}");
                sizes[d] = own;
            }
            else if (own != 1 && own != sizes[d])
            {
                throw AutogradException.Shape($"The expanded size of the tensor ({sizes[d]}) must match the existing size ({own}) at non-singleton dimension {d}.  Target sizes: {Size}.  Tensor sizes: {shape}");
            }
        }
        return Shape.Of(sizes);
    }
}
