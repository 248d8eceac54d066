using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>A copy of self with a diagonal of two dims replaced by src.</summary>
[Op("diagonal_scatter(self, src, offset, dim1, dim2)")]
public sealed partial record DiagonalScatter(long Offset = 0, long Dim1 = 0, long Dim2 = 1) : ComputeOp, IOp<DiagonalScatter>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("a copy and the view of the same part, both with references of their own: IndexingTests compares with writing through the view");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new DiagonalScatter(), s.Any(3, 4), s.Any(3)), Sample.Of(new DiagonalScatter(1), s.Strided(3, 3), s.Any(2))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        var part = Part.Diagonal(x[0], Offset, Dim1, Dim2).Shape;
        if (!part.Equals(x[1].Shape))
            throw AutogradException.Shape($"expected src to have a size equal to the slice of self. src size = {x[1].Shape}, slice size = {part}");
        return new(x[0].Shape, x[0].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        Transfer.Into(x[0], y);
        Transfer.Into(x[1], Part.Over(y, Part.Diagonal(y, Offset, Dim1, Dim2)));
    }

    // What was replaced has no influence; src gets the gradient of where it went.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) =>
        input == 0 ? grad.DiagonalScatter(grad.NewZeros(Dims.Of(saved.Shape(1))), Offset, Dim1, Dim2) : grad.Diagonal(Offset, Dim1, Dim2);
}
