namespace AutogradService.Engine.Ops;

/// <summary>Self with a number added to, or multiplied into, what an index leads to along a dim. Has no derivative.</summary>
[Op("scatter.value_reduce(self, dim, index!, value, reduce)", InPlace = true)]
public sealed partial record ScatterValueReduce(long Dim, Scalar Value, string Reduce) : ComputeOp, IOp<ScatterValueReduce>
{
    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<ScatterValueReduce>((op, x) =>
    {
        var result = new NdArray(x[0].Shape, (double[])x[0].Values.Clone());
        ScatterRules.Each(x[0], op.Dim, x[1], (to, _) => result[to] = op.Reduce == "add" ? result[to] + op.Value.Real : result[to] * op.Value.Real);
        return result;
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.ForwardOnly(new ScatterValueReduce(0, 2L, "add"), s.Any(4, 3), s.Index(4, 2, 3)),
        Sample.ForwardOnly(new ScatterValueReduce(-1, 3L, "multiply"), s.Strided(2, 4), s.Index(4, 2, 2)),
    ];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "torch::autograd::NotImplemented";

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        ScatterReduceOption.Check(Reduce);
        return ScatterRules.Infer(x[0], Dim, x[1], null);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        ScatterReduceOption.Run(y, Shape.WrapDim(Dim, y.Dim), ScatterRules.Begin(x[0], Dim, x[1], y), y.Workspace.RawFull(Shape.Scalar, Value, y.DType), Reduce);
    }
}
