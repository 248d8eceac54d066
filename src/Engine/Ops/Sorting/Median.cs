using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>The median of all elements, of an even number the lower one; NaN if there is one, or no element. Equal ones share the gradient.</summary>
[Op("median(self)")]
public sealed partial record Median : ComputeOp, IOp<Median>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Median>((_, x) => x[0].Reduce(null, false, v => v.Length == 0 ? double.NaN : v.Order().ElementAt((v.Length - 1) / 2)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ? [Sample.Of(new Median(), s.Any(3, 5)), Sample.Of(new Median(), s.Any(2, 2)), Sample.Of(new Median(), s.Any()), Sample.Of(new Median(), s.Any(0))]
        : [Sample.Of(new Median(), s.Any(3, 5))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0) | Engine.Saves.Output;

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(Shape.Scalar, x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        if (x[0].Numel == 0) Kernels.Fill.All(y, y.DType.IsFloatingPoint ? double.NaN : long.MinValue);
        else RowLoop.Run(ReducedDims.Rows(x[0], null), y, y.Workspace.RawEmpty(Shape.Scalar, DType.Int64), new MedianDim.Kernel());
    }

    // Elements that equal the median share its gradient, NaN among themselves.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        Tensor x = saved.Input(0), y = saved.Output();
        return ReducedDims.ShareEvenly(grad, x.Eq(y).LogicalOr(x.Isnan().LogicalAnd(y.Isnan())), null);
    }
}
