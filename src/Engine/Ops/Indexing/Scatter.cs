namespace AutogradService.Engine.Ops;

/// <summary>Self with elements of src written where an index leads along a dim: y[i with i[dim] = index[i]] = src[i].</summary>
[Op("scatter(self, dim, index!, src)", InPlace = true)]
public sealed partial record Scatter(long Dim) : ComputeOp, IOp<Scatter>
{
    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Scatter>((op, x) =>
    {
        var result = new NdArray(x[0].Shape, (double[])x[0].Values.Clone());
        ScatterRules.Each(x[0], op.Dim, x[1], (to, from) => result[to] = x[2][from]);
        return result;
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Scatter(0), s.Any(4, 3), s.Integers(Shape.Of(2, 3), 0, 1, 2, 3, 0, 1), s.Any(2, 3)),
        Sample.Of(new Scatter(-1), s.Strided(2, 4), s.Integers(Shape.Of(2, 2), 3, 0, 1, 2), s.Any(2, 2)),
        Sample.Of(new Scatter(0), s.Any(), s.Index(1), s.Any()),
        Sample.ForwardOnly(new Scatter(0), s.Any(3), s.Integers(Shape.Of(3), 1, 1, 0), s.Any(3)),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(1);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => ScatterRules.Infer(x[0], Dim, x[1], x[2]);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        AlongDim.Scatter(y, Shape.WrapDim(Dim, y.Dim), ScatterRules.Begin(x[0], Dim, x[1], y), x[2]);
    }

    // What was overwritten has no influence; every element of src gets the gradient of where it went.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => input == 0 ? grad.Scatter(Dim, saved.Input(1), 0.0) : grad.Gather(Dim, saved.Input(1));
}
