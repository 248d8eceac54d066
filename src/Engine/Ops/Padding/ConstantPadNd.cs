using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Self with a value around it: pad holds, from the last dim on, how much goes before and after; negative amounts crop.</summary>
[Op("constant_pad_nd(self, pad, value)", Page = "torch.nn.functional.pad")]
public sealed partial record ConstantPadNd(Dims Pad, Scalar? Value = null) : ComputeOp, IOp<ConstantPadNd>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<ConstantPadNd>((op, x) => NdArray.Build(op.Target(x[0].Shape), i =>
    {
        for (int d = 0; d < i.Length; d++)
        {
            i[d] -= op.Amounts(i.Length, d).Before;
            if (i[d] < 0 || i[d] >= x[0].Shape[d]) return (op.Value ?? 0L).Real;
        }
        return x[0][i];
    }));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new ConstantPadNd([1, 2]), s.Any(2, 3)),
        Sample.Of(new ConstantPadNd([0, 1, 2, 0], 3L), s.Strided(2, 3)),
        Sample.Of(new ConstantPadNd([-1, 2, 1, -1], 2L), s.Any(2, 3)),
        Sample.Of(new ConstantPadNd([]), s.Any()),
        Sample.Of(new ConstantPadNd([1, 1]), s.Any(2, 0)),
    ];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(Target(x[0].Shape), x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        Kernels.Fill.All(y, Value ?? 0L);
        Tensor source = x[0], target = y;
        for (int d = 0; d < y.Dim; d++)
        {
            var (before, after) = Amounts(y.Dim, d);
            long length = source.Shape[d] + Math.Min(before, 0) + Math.Min(after, 0);
            source = Part.Over(source, Part.Slice(source, d, Math.Max(-before, 0), length));
            target = Part.Over(target, Part.Slice(target, d, Math.Max(before, 0), length));
        }
        Transfer.Into(source, target);
    }

    // What was put around is cropped from the gradient, and what was cropped has none.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        var pad = Pad.Values.ToArray();
        for (int i = 0; i < pad.Length; i++) pad[i] = -pad[i];
        return grad.ConstantPadNd(Dims.Create(pad));
    }

    private (long Before, long After) Amounts(int rank, int dim)
    {
        int pair = 2 * (rank - 1 - dim);
        return pair < Pad.Count ? (Pad[pair], Pad[pair + 1]) : (0, 0);
    }

    private Shape Target(Shape shape)
    {
        if (Pad.Count % 2 != 0) throw AutogradException.Attribute($"Length of pad must be even but instead it equals {Pad.Count}");
        if (Pad.Count > 2 * shape.Rank)
            throw AutogradException.Attribute($"Length of pad should be no more than twice the number of dimensions of the input. Pad length is {Pad.Count} while the input has {shape.Rank} dimensions.");
        PoolGeometry.RequireModest("pad", Pad.Values);
        var sizes = shape.Sizes.ToArray();
        for (int d = 0; d < sizes.Length; d++)
        {
            var (before, after) = Amounts(sizes.Length, d);
            sizes[d] += before + after;
            if (sizes[d] < 0)
                throw AutogradException.Shape($"The input size {shape[d]}, plus negative padding {before} and {after} resulted in a negative output size, which is invalid. Check dimension {d} of your input.");
        }
        return Shape.Of(sizes);
    }
}
