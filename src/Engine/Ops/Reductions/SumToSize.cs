namespace AutogradService.Engine.Ops;

/// <summary>Sums the dims that broadcasting from a shape would have repeated, so that the result has that shape.</summary>
[Op("sum_to_size(self, size)", Page = "torch.Tensor.sum_to_size")]
public sealed partial record SumToSize(Dims Size) : CompositeOp, IOp<SumToSize>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<SumToSize>((op, x) =>
    {
        var result = new NdArray(op.Size.Values);
        foreach (var i in NdArray.Indices(x[0].Shape))
        {
            var own = new long[op.Size.Count];
            for (int d = 0; d < own.Length; d++) own[d] = op.Size[d] == 1 ? 0 : i[i.Length - own.Length + d];
            result[own] += x[0][i];
        }
        return result;
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new SumToSize([3, 1]), s.Any(2, 3, 4)), Sample.Of(new SumToSize([]), s.Any(2, 3)), Sample.Of(new SumToSize([2, 3]), s.Any(2, 3)), Sample.Of(new SumToSize([1, 3]), s.Any(0, 3))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        var self = x[0];
        int shift = self.Dim - Size.Count;
        if (!Shape.Of(Size.Values).BroadcastsTo(self.Shape))
            throw AutogradException.Shape($"size {{{Size}}} is not expandable to size {{{self.Shape}}}.");
        Span<long> kept = stackalloc long[self.Dim];
        Span<long> leading = stackalloc long[self.Dim];
        int k = 0, l = 0;
        for (int d = 0; d < self.Dim; d++)
        {
            if (d < shift) leading[l++] = d;
            else if (Size[d - shift] == 1 && self.Shape[d] != 1) kept[k++] = d;
        }
        // Kept dims first: their positions are still those of self.
        if (k > 0) self = self.Sum(Dims.Create(kept[..k]), keepdim: true);
        if (l > 0) self = self.Sum(Dims.Create(leading[..l]));
        return self;
    }
}
