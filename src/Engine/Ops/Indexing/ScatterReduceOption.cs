namespace AutogradService.Engine.Ops;

/// <summary>Self with elements of src added to, or multiplied into, what an index leads to along a dim. Has no derivative; scatter_reduce does.</summary>
[Op("scatter.reduce(self, dim, index!, src, reduce)", InPlace = true)]
public sealed partial record ScatterReduceOption(long Dim, string Reduce) : ComputeOp, IOp<ScatterReduceOption>
{
    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<ScatterReduceOption>((op, x) =>
    {
        var result = new NdArray(x[0].Shape, (double[])x[0].Values.Clone());
        ScatterRules.Each(x[0], op.Dim, x[1], (to, from) => result[to] = op.Reduce == "add" ? result[to] + x[2][from] : result[to] * x[2][from]);
        return result;
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.ForwardOnly(new ScatterReduceOption(0, "add"), s.Any(4, 3), s.Index(4, 2, 3), s.Any(2, 3)),
        Sample.ForwardOnly(new ScatterReduceOption(-1, "multiply"), s.Strided(2, 4), s.Index(4, 2, 2), s.Any(2, 2)),
    ];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "torch::autograd::NotImplemented";

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        Check(Reduce);
        return ScatterRules.Infer(x[0], Dim, x[1], x[2]);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        Run(y, Shape.WrapDim(Dim, y.Dim), ScatterRules.Begin(x[0], Dim, x[1], y), x[2], Reduce);
    }

    /// <summary>Refuses any other word.</summary>
    internal static void Check(string reduce)
    {
        if (reduce is not ("add" or "multiply")) throw AutogradException.Attribute("reduce argument must be either add or multiply.");
    }

    /// <summary>Adds or multiplies the source into y.</summary>
    internal static void Run(Tensor y, int dim, Tensor index, Tensor source, string reduce)
    {
        if (reduce == "add") AlongDim.Add(y, dim, index, source);
        else AlongDim.Reduce(y, dim, index, source, new ScatteredReduction.Product());
    }
}
