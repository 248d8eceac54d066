using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Zeros with the last dim of self laid along a diagonal of two new dims.</summary>
[Op("diag_embed(self, offset, dim1, dim2)")]
public sealed partial record DiagEmbed(long Offset = 0, long Dim1 = -2, long Dim2 = -1) : ComputeOp, IOp<DiagEmbed>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<DiagEmbed>((op, x) =>
    {
        var shape = op.Target(x[0].Shape);
        int a = Shape.WrapDim(op.Dim1, shape.Rank), b = Shape.WrapDim(op.Dim2, shape.Rank);
        return NdArray.Build(shape, i => i[b] - i[a] == op.Offset ? x[0][[.. i.Where((_, d) => d != a && d != b), Math.Min(i[a], i[b])]] : 0);
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new DiagEmbed(), s.Any(2, 3)), Sample.Of(new DiagEmbed(1), s.Any(3)), Sample.Of(new DiagEmbed(-1, 0, 2), s.Any(2, 2)), Sample.Of(new DiagEmbed(), s.Any(0))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(Target(x[0].Shape), x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        Kernels.Fill.All(y, 0L);
        using var scope = y.Workspace.Scope();
        Transfer.Into(x[0], Part.Over(y, Part.Diagonal(y, Offset, Dim1, Dim2)));
    }

    // the diagonal of g
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Diagonal(Offset, Dim1, Dim2);

    private Shape Target(Shape shape)
    {
        int rank = shape.Rank + 1, a = Shape.WrapDim(Dim1, rank), b = Shape.WrapDim(Dim2, rank);
        if (a == b) throw AutogradException.Attribute($"diagonal dimensions cannot be identical {Dim1}, {Dim2}");
        if (shape.Rank == 0) throw AutogradException.Index("Dimension specified as -1 but tensor has no dimensions");
        if (Offset == long.MinValue || shape[-1] > long.MaxValue - Math.Abs(Offset)) throw AutogradException.Shape($"a diagonal at offset {Offset} makes sizes beyond 64 bits");
        var sizes = new long[rank];
        for (int d = 0, o = 0; d < rank; d++) sizes[d] = d == a || d == b ? shape[-1] + Math.Abs(Offset) : shape[o++];
        return Shape.Of(sizes);
    }
}
