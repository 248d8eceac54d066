namespace AutogradService.Engine.Ops;

/// <summary>Smallest of all elements; NaN if there is one. Equal ones share the gradient.</summary>
[Op("min(self)")]
public sealed partial record Min : ComputeOp, IOp<Min>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Min>((_, x) => x[0].Reduce(null, false, v => v.Min()));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Min(), s.Any(3, 4)), Sample.Of(new Min(), s.Strided(3, 5)), Sample.Of(new Min(), s.Any())];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "MinBackward1";

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0) | Engine.Saves.Output;

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        ReducedDims.RequireElements("min", x[0].Shape, null);
        return new(Shape.Scalar, x[0].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        ReductionBlocks.Of(x[0], null).Min(y);
    }

    // Elements that reach the minimum share its gradient, and so do NaN where the minimum is NaN.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        Tensor x = saved.Input(0), y = saved.Output();
        return ReducedDims.ShareEvenly(grad, x.Eq(y).LogicalOr(x.Isnan().LogicalAnd(y.Isnan())), null);
    }
}
