namespace AutogradService.Engine.Ops;

/// <summary>
/// Self with elements of src combined where an index leads along a dim, by sum, prod, mean, amax or amin; what self held counts too unless include_self is false. Gradients of extrema are shared by ties.
/// </summary>
[Op("scatter_reduce(self, dim, index!, src, reduce, include_self)", InPlace = true)]
public sealed partial record ScatterReduce(long Dim, string Reduce, bool IncludeSelf = true) : ComputeOp, IOp<ScatterReduce>
{
    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<ScatterReduce>((op, x) =>
    {
        var values = new Dictionary<long, List<double>>();
        var places = NdArray.Build(x[0].Shape, _ => 0);
        for (long i = 0; i < places.Values.Length; i++) places.Values[i] = i;
        ScatterRules.Each(x[0], op.Dim, x[1], (to, from) =>
        {
            long place = (long)places[to];
            if (!values.TryGetValue(place, out var list)) values[place] = list = op.IncludeSelf ? [x[0].Values[place]] : [];
            list.Add(x[2][from]);
        });
        return new NdArray(x[0].Shape, [.. x[0].Values.Select((v, i) => values.TryGetValue(i, out var list) ? ScatteredReduction.Define(op.Reduce, list) : v)]);
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s)
    {
        foreach (string reduce in s.IsFloat ? (string[])["sum", "prod", "mean", "amax", "amin"] : ["sum", "prod", "amax", "amin"])
        {
            yield return Sample.Of(new ScatterReduce(0, reduce), s.Any(3, 3), s.Index(3, 4, 3), s.Any(4, 3));
            yield return Sample.Of(new ScatterReduce(-1, reduce, false), s.Strided(2, 4), s.Index(4, 2, 2), s.Any(2, 3));
            yield return Sample.Of(new ScatterReduce(0, reduce), s.Any(), s.Index(1), s.Any());
            yield return Sample.Of(new ScatterReduce(0, reduce), s.Any(3), s.Index(3, 0), s.Any(2));
        }
    }

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.FirstInputs(3) | Engine.Saves.Output;

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        if (Reduce is not ("sum" or "prod" or "mean" or "amax" or "amin"))
            throw AutogradException.Attribute($"reduce argument must be either sum, prod, mean, amax or amin, got {Reduce}.");
        return ScatterRules.Infer(x[0], Dim, x[1], x[2]);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        ScatteredReduction.Run(y, Shape.WrapDim(Dim, y.Dim), ScatterRules.Begin(x[0], Dim, x[1], y), x[2], Reduce, IncludeSelf);
    }

    // The maths stands with ScatteredReduction.
    /// <inheritdoc/>
    public override Tensor? Vjp(int input, Tensor grad, Saved saved)
    {
        Tensor self = saved.Input(0), index = saved.Input(1), source = saved.Input(2);
        if (index.Numel == 0) return input == 0 ? grad : null;
        if (Reduce == "sum" && input == 0 && IncludeSelf) return grad;
        var part = Part(source, index);
        var g = ScatteredReduction.Vjp(input == 0, grad, self, part, saved.Output(), index, Shape.WrapDim(Dim, self.Dim), Reduce, IncludeSelf,
            (a, b) => a.ScatterReduce(Dim, index, b, Reduce, IncludeSelf));
        if (input == 0 || part.Shape.Equals(source.Shape)) return g;
        // What the index does not reach gets nothing.
        for (int d = 0; d < source.Dim; d++)
            if (g.Shape[d] != source.Shape[d])
                g = saved.Workspace.Cat([g, g.NewZeros(Dims.Of(g.Shape.With(d, source.Shape[d] - g.Shape[d])))], d);
        return g;
    }

    // The elements of the source that the index reaches.
    private static Tensor Part(Tensor source, Tensor index)
    {
        for (int d = 0; d < source.Dim && index.Dim > 0; d++)
            if (index.Shape[d] != source.Shape[d]) source = source.Narrow(d, 0, index.Shape[d]);
        return source;
    }
}
