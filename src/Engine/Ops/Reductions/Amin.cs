namespace AutogradService.Engine.Ops;

/// <summary>Smallest element over dims, or of all; NaN if there is one. Equal ones share the gradient.</summary>
[Op("amin(self, dim, keepdim)")]
public sealed partial record Amin(Dims? Dim = null, bool Keepdim = false) : ComputeOp, IOp<Amin>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Amin>((op, x) => x[0].Reduce(ReducedDims.OrAll(op.Dim), op.Keepdim, v => v.Min()));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Amin(), s.Any(3, 4)),
        Sample.Of(new Amin([1]), s.Any(3, 4)),
        Sample.Of(new Amin([0, -1], true), s.Any(2, 3, 4)),
        Sample.Of(new Amin([1]), s.Any(2, 3, 4)),
        Sample.Of(new Amin([0]), s.Strided(3, 5)),
        Sample.Of(new Amin(), s.Any()),
        Sample.Of(new Amin([1]), s.Any(0, 3)),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0) | Engine.Saves.Output;

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        ReducedDims.RequireElements("amin", x[0].Shape, Dim);
        return new(ReducedDims.Shape(x[0].Shape, Dim, Keepdim), x[0].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        ReductionBlocks.Of(x[0], Dim).Min(y);
    }

    // Elements that reach the minimum share its gradient: g [x = y] / count. With NaN none does, and 0 / 0 makes the gradient NaN.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        var shape = saved.Shape(0);
        var mask = saved.Input(0).Eq(ReducedDims.Restore(saved.Output(), shape, Dim, Keepdim));
        return ReducedDims.ShareEvenly(ReducedDims.Restore(grad, shape, Dim, Keepdim), mask, Dim);
    }
}
