namespace AutogradService.Engine.Ops;

/// <summary>Smallest and largest element along a dim, or of all; NaN if there is one. Equal ones share the gradient.</summary>
[Op("aminmax(self, dim, keepdim) -> (min, max)")]
public sealed partial record Aminmax(long? Dim = null, bool Keepdim = false) : MultiOp, IOp<Aminmax>
{
    private Dims? Reduced => Dim is { } d ? [d] : null;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<Aminmax>((op, x) => [x[0].Reduce(op.Reduced, op.Keepdim, v => v.Min()), x[0].Reduce(op.Reduced, op.Keepdim, v => v.Max())]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Aminmax(), s.Any(3, 4)), Sample.Of(new Aminmax(1), s.Any(3, 4)), Sample.Of(new Aminmax(0, true), s.Any(3, 4)), Sample.Of(new Aminmax(), s.Any())];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0) | Engine.Saves.OutputAt(0) | Engine.Saves.OutputAt(1);

    /// <inheritdoc/>
    public override TensorSpec[] Infer(Inputs x)
    {
        if (Dim is null && x[0].Numel == 0) throw AutogradException.Attribute("aminmax(): cannot compute aminmax over an empty dimension as the operation has no identity.");
        var spec = new TensorSpec(ReducedDims.Shape(x[0].Shape, Reduced, Keepdim), x[0].DType);
        ReducedDims.RequireElements("aminmax", x[0].Shape, Reduced);
        return [spec, spec];
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor[] y)
    {
        using var scope = x[0].Workspace.Scope();
        var blocks = ReductionBlocks.Of(x[0], Reduced);
        blocks.Min(y[0]);
        blocks.Max(y[1]);
    }

    // As for amin and amax, added up.
    /// <inheritdoc/>
    public override Tensor? Vjp(int input, Grads grads, Saved saved)
    {
        Tensor? sum = null;
        for (int i = 0; i < 2; i++)
        {
            if (grads[i] is not { } grad) continue;
            var shape = saved.Shape(0);
            var mask = saved.Input(0).Eq(ReducedDims.Restore(saved.Output(i), shape, Reduced, Keepdim));
            var part = ReducedDims.ShareEvenly(ReducedDims.Restore(grad, shape, Reduced, Keepdim), mask, Reduced);
            sum = sum is null ? part : sum.Add(part);
        }
        return sum;
    }
}
