using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>The median of all elements that are not NaN, of an even number the lower one; NaN if there is none. Equal ones share the gradient.</summary>
[Op("nanmedian(self)")]
public sealed partial record Nanmedian : ComputeOp, IOp<Nanmedian>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Nanmedian>((_, x) => x[0].Reduce(null, false, v =>
        v.Where(e => !double.IsNaN(e)).Order().ToArray() is { Length: > 0 } sorted ? sorted[(sorted.Length - 1) / 2] : double.NaN));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ? [Sample.Of(new Nanmedian(), s.Any(3, 5)), Sample.ForwardOnly(new Nanmedian(), s.Values(Shape.Of(4), 1, double.NaN, 3, 2)), Sample.Of(new Nanmedian(), s.Any()), Sample.Of(new Nanmedian(), s.Any(0))]
        : [Sample.Of(new Nanmedian(), s.Any(3, 5))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0) | Engine.Saves.Output;

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(Shape.Scalar, x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        if (x[0].Numel == 0) Kernels.Fill.All(y, y.DType.IsFloatingPoint ? double.NaN : long.MinValue);
        else RowLoop.Run(ReducedDims.Rows(x[0], null), y, y.Workspace.RawEmpty(Shape.Scalar, DType.Int64), new NanmedianDim.Kernel());
    }

    // Elements that equal the median share its gradient, NaN among themselves if there is nothing else.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        Tensor x = saved.Input(0), y = saved.Output();
        return ReducedDims.ShareEvenly(grad, x.Eq(y).LogicalOr(x.Isnan().LogicalAnd(y.Isnan())), null);
    }
}
