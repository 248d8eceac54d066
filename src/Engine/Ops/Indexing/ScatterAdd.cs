namespace AutogradService.Engine.Ops;

/// <summary>Self with elements of src added where an index leads along a dim: y[i with i[dim] = index[i]] += src[i].</summary>
[Op("scatter_add(self, dim, index!, src)", InPlace = true)]
public sealed partial record ScatterAdd(long Dim) : ComputeOp, IOp<ScatterAdd>
{
    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<ScatterAdd>((op, x) =>
    {
        var result = new NdArray(x[0].Shape, (double[])x[0].Values.Clone());
        ScatterRules.Each(x[0], op.Dim, x[1], (to, from) => result[to] += x[2][from]);
        return result;
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new ScatterAdd(0), s.Any(3, 3), s.Index(3, 4, 3), s.Any(4, 3)),
        Sample.Of(new ScatterAdd(-1), s.Strided(2, 4), s.Index(4, 2, 2), s.Any(2, 2)),
        Sample.Of(new ScatterAdd(0), s.Any(), s.Index(1), s.Any()),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => needs[2] ? Engine.Saves.Input(1) : Engine.Saves.Nothing;

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => ScatterRules.Infer(x[0], Dim, x[1], x[2]);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        AlongDim.Add(y, Shape.WrapDim(Dim, y.Dim), ScatterRules.Begin(x[0], Dim, x[1], y), x[2]);
    }

    // for self g, for src g gathered at the indices
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => input == 0 ? grad : grad.Gather(Dim, saved.Input(1));
}
