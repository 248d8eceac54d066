namespace AutogradService.Engine.Ops;

/// <summary>Each index of a dim as many times in a row as a vector (of one number, or one for each index) says.</summary>
[Op("repeat_interleave.self_Tensor(self, repeats!, dim)")]
public sealed partial record RepeatInterleaveTensor(long? Dim = null) : CompositeOp, IOp<RepeatInterleaveTensor>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<RepeatInterleaveTensor>((op, x) =>
    {
        var self = op.Dim is null ? new NdArray(Shape.Of(x[0].Values.Length), x[0].Values) : x[0];
        int d = Shape.WrapDim(op.Dim ?? 0, self.Shape.Rank);
        double[] index = [.. Enumerable.Range(0, (int)self.Shape[d]).SelectMany(n => Enumerable.Repeat((double)n, (int)x[1].Values[x[1].Values.Length == 1 ? 0 : n]))];
        return IndexSelect.Reference.Compute(new IndexSelect(d), [self, new NdArray(Shape.Of(index.Length), index)])[0];
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new RepeatInterleaveTensor(0), s.Any(3, 2), s.Integers(Shape.Of(3), 2, 0, 1)), Sample.Of(new RepeatInterleaveTensor(), s.Any(2, 2), s.Integers(Shape.Of(1), 2))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        var self = Dim is null ? x[0].Flatten() : x[0];
        int dim = Shape.WrapDim(Dim ?? 0, self.Dim);
        if (x[1].Dim > 1) throw AutogradException.Shape("repeats must be 0-dim or 1-dim tensor");
        if (x[1].DType is not (DType.Int64 or DType.Int32)) throw AutogradException.Attribute("repeats has to be Long or Int tensor");
        long size = AlongDim.SizeOf(self, dim);
        if (x[1].Numel != 1 && x[1].Numel != size)
            throw AutogradException.Shape($"repeats must have the same size as input along dim, but got repeats.size(0) = {x[1].Numel} and input.size({dim}) = {size}");
        var repeats = x[1].ToDoubles();
        var index = new List<long>();
        for (long i = 0; i < size; i++)
        {
            double times = repeats[repeats.Length == 1 ? 0 : i];
            if (times < 0) throw AutogradException.Attribute("repeats can not be negative");
            for (double n = 0; n < times; n++) index.Add(i);
        }
        return self.IndexSelect(dim, workspace.FromArray<long>(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(index), Shape.Of(index.Count)));
    }
}
