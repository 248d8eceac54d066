namespace AutogradService.Engine.Ops;

/// <summary>Self with slices of source combined into the indices of a dim that a vector names, by prod, mean, amax or amin; what self held counts too unless include_self is false.</summary>
[Op("index_reduce(self, dim, index!, source, reduce, include_self)", InPlace = true)]
public sealed partial record IndexReduce(long Dim, string Reduce, bool IncludeSelf = true) : ComputeOp, IOp<IndexReduce>
{
    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<IndexReduce>((op, x) =>
    {
        var places = NdArray.Build(x[0].Shape, _ => 0);
        for (long i = 0; i < places.Values.Length; i++) places.Values[i] = i;
        var values = new Dictionary<long, List<double>>();
        IndexedSlices.Each(x[0], op.Dim, x[1], (to, _, i) =>
        {
            long place = (long)places[to];
            if (!values.TryGetValue(place, out var list)) values[place] = list = op.IncludeSelf ? [x[0].Values[place]] : [];
            list.Add(IndexedSlices.At(x[2], i));
        });
        return new NdArray(x[0].Shape, [.. x[0].Values.Select((v, i) => values.TryGetValue(i, out var list) ? ScatteredReduction.Define(op.Reduce, list) : v)]);
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s)
    {
        foreach (string reduce in s.IsFloat ? (string[])["prod", "mean", "amax", "amin"] : ["prod", "amax", "amin"])
        {
            yield return Sample.Of(new IndexReduce(0, reduce), s.Any(3, 3), s.Index(3, 4), s.Any(4, 3));
            yield return Sample.Of(new IndexReduce(-1, reduce, false), s.Strided(2, 4), s.Index(4, 3), s.Any(2, 3));
        }
    }

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.FirstInputs(3) | Engine.Saves.Output;

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        if (Reduce is not ("prod" or "mean" or "amax" or "amin")) throw AutogradException.Attribute($"reduce argument must be either prod, mean, amax or amin, got {Reduce}.");
        return IndexedSlices.Infer("index_reduce_()", x, Dim);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        ScatteredReduction.Run(y, Shape.WrapDim(Dim, y.Dim), IndexedSlices.Begin(x, Dim, x[2].Shape, y), x[2], Reduce, IncludeSelf);
    }

    // The maths stands with ScatteredReduction.
    /// <inheritdoc/>
    public override Tensor? Vjp(int input, Tensor grad, Saved saved)
    {
        Tensor self = saved.Input(0), source = saved.Input(2);
        int dim = Shape.WrapDim(Dim, self.Dim);
        var index = saved.Input(1);
        if (index.Numel == 0) return input == 0 ? grad : null;
        var vector = index;
        if (source.Dim > 0)
        {
            var sizes = new long[source.Dim];
            Array.Fill(sizes, 1);
            sizes[dim] = index.Numel;
            index = index.Reshape(Dims.Create(sizes)).Expand(Dims.Of(source.Shape));
        }
        else
        {
            index = index.Reshape([]);
        }
        return ScatteredReduction.Vjp(input == 0, grad, self, source, saved.Output(), index, dim, Reduce, IncludeSelf, (a, b) => a.IndexReduce(Dim, vector, b, Reduce, IncludeSelf));
    }
}
