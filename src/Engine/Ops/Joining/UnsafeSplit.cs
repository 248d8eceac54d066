namespace AutogradService.Engine.Ops;

/// <summary>Copies of the parts of a tensor along a dim, of split_size each but the last; unlike the views of split, they may be written in place.</summary>
[Op("unsafe_split(self, split_size, dim) -> outputs*")]
public sealed partial record UnsafeSplit(long SplitSize, long Dim = 0) : MultiOp, IOp<UnsafeSplit>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<UnsafeSplit>((op, x) =>
    {
        int d = Shape.WrapDim(op.Dim, x[0].Shape.Rank);
        return [.. Parts(x[0].Shape, d, op.SplitSize).Select(p => NdArray.Build(x[0].Shape.With(d, p.Length), i =>
        {
            var from = (long[])i.Clone();
            from[d] += p.Start;
            return x[0][from];
        }))];
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new UnsafeSplit(2), s.Any(5, 3)), Sample.Of(new UnsafeSplit(3, -1), s.Strided(2, 3)), Sample.Of(new UnsafeSplit(1), s.Any(0, 3))];

    /// <inheritdoc/>
    public override TensorSpec[] Infer(Inputs x)
    {
        if (x[0].Dim == 0) throw AutogradException.Shape("split expects at least a 1-dimensional tensor");
        if (SplitSize < 0) throw AutogradException.Attribute($"split expects split_size be non-negative, but got split_size={SplitSize}");
        int d = Shape.WrapDim(Dim, x[0].Dim);
        if (SplitSize == 0 && x[0].Shape[d] != 0) throw AutogradException.Attribute($"split_size can only be 0 if dimension size is 0, but got dimension size of {x[0].Shape[d]}");
        var self = x[0];
        return [.. Parts(self.Shape, d, SplitSize).Select(p => new TensorSpec(self.Shape.With(d, p.Length), self.DType))];
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor[] y)
    {
        using var scope = x[0].Workspace.Scope();
        int d = Shape.WrapDim(Dim, x[0].Dim);
        long start = 0;
        foreach (var part in y)
        {
            Kernels.Transfer.Into(x[0].Alias(part.Shape, x[0].StridesArray, x[0].Offset + start * x[0].StridesArray[d]), part);
            start += part.Shape[d];
        }
    }

    // The parts' gradients next to each other.
    /// <inheritdoc/>
    public override Tensor? Vjp(int input, Grads grads, Saved saved)
    {
        var parts = new Tensor[grads.Count];
        for (int i = 0; i < parts.Length; i++) parts[i] = grads.OrZeros(i);
        return saved.Workspace.Cat(parts, Dim);
    }

    private static List<(long Start, long Length)> Parts(Shape shape, int dim, long size)
    {
        var parts = new List<(long, long)>();
        if (size > 0 && shape[dim] > 0) PieceLimit.Bounded((shape[dim] - 1) / size + 1);
        for (long start = 0; start < shape[dim]; start += size) parts.Add((start, Math.Min(size, shape[dim] - start)));
        if (parts.Count == 0) parts.Add((0, 0));
        return parts;
    }
}
