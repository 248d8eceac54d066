using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>A copy of self with a slice of a dim replaced by src.</summary>
[Op("slice_scatter(self, src, dim, start, end, step)")]
public sealed partial record SliceScatter(long Dim = 0, long? Start = null, long? End = null, long Step = 1) : ComputeOp, IOp<SliceScatter>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("a copy and the view of the same part, both with references of their own: IndexingTests compares with writing through the view");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new SliceScatter(0, 1, 3), s.Any(4, 2), s.Any(2, 2)), Sample.Of(new SliceScatter(1, null, null, 2), s.Strided(2, 3), s.Any(2, 2))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        var part = new Slice(Dim, Start, End, Step).Geometry(x[0]).Shape;
        if (!part.Equals(x[1].Shape))
            throw AutogradException.Shape($"expected src to have a size equal to the slice of self. src size = {x[1].Shape}, slice size = {part}");
        return new(x[0].Shape, x[0].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        Transfer.Into(x[0], y);
        Transfer.Into(x[1], Part.Over(y, new Slice(Dim, Start, End, Step).Geometry(y)));
    }

    // What was replaced has no influence; src gets the gradient of where it went.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) =>
        input == 0 ? grad.SliceScatter(grad.NewZeros(Dims.Of(saved.Shape(1))), Dim, Start, End, Step) : grad.Slice(Dim, Start, End, Step);
}
