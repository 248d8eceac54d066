using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>A copy of self with one index of a dim replaced by src.</summary>
[Op("select_scatter(self, src, dim, index)")]
public sealed partial record SelectScatter(long Dim, long Index) : ComputeOp, IOp<SelectScatter>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("a copy and the view of the same part, both with references of their own: IndexingTests compares with writing through the view");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new SelectScatter(0, 1), s.Any(3, 4), s.Any(4)), Sample.Of(new SelectScatter(-1, -1), s.Strided(3, 4), s.Any(3))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        var part = new Select(Dim, Index).Geometry(x[0]).Shape;
        if (!part.Equals(x[1].Shape))
            throw AutogradException.Shape($"expected src to have a size equal to the slice of self. src size = {x[1].Shape}, slice size = {part}");
        return new(x[0].Shape, x[0].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        Transfer.Into(x[0], y);
        Transfer.Into(x[1], Part.Over(y, new Select(Dim, Index).Geometry(y)));
    }

    // What was replaced has no influence; src gets the gradient of where it went.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) =>
        input == 0 ? grad.SelectScatter(grad.NewZeros(Dims.Of(saved.Shape(1))), Dim, Index) : grad.Select(Dim, Index);
}
