namespace AutogradService.Engine.Ops;

/// <summary>Self with a number written where an index leads along a dim.</summary>
[Op("scatter.value(self, dim, index!, value)", InPlace = true)]
public sealed partial record ScatterValue(long Dim, Scalar Value) : ComputeOp, IOp<ScatterValue>
{
    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<ScatterValue>((op, x) =>
    {
        var result = new NdArray(x[0].Shape, (double[])x[0].Values.Clone());
        ScatterRules.Each(x[0], op.Dim, x[1], (to, _) => result[to] = op.Value.Real);
        return result;
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new ScatterValue(0, 3L), s.Any(4, 3), s.Index(4, 2, 3)), Sample.Of(new ScatterValue(-1, 2L), s.Strided(2, 4), s.Index(4, 2, 2)), Sample.Of(new ScatterValue(0, 1L), s.Any(), s.Index(1))];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "ScatterBackward1";

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(1);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => ScatterRules.Infer(x[0], Dim, x[1], null);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        AlongDim.Scatter(y, Shape.WrapDim(Dim, y.Dim), ScatterRules.Begin(x[0], Dim, x[1], y), y.Workspace.RawFull(Shape.Scalar, Value, y.DType));
    }

    // g with zeros at the indices
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Scatter(Dim, saved.Input(1), 0.0);
}
