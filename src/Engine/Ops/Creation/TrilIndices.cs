namespace AutogradService.Engine.Ops;

/// <summary>Rows and columns, as two rows of int64, of the elements of a matrix on or below a diagonal.</summary>
[Op("tril_indices(row, col, offset)")]
public sealed partial record TrilIndices(long Row, long Col, long Offset = 0) : ComputeOp, IOp<TrilIndices>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<TrilIndices>((op, _) =>
    {
        var all = NdArray.Indices(Shape.Of(op.Row, op.Col)).Where(i => i[1] - i[0] <= op.Offset).ToArray();
        return NdArray.Build(Shape.Of(2, all.Length), i => all[i[1]][i[0]]);
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new TrilIndices(3, 4)), Sample.Of(new TrilIndices(3, 3, 1)), Sample.Of(new TrilIndices(4, 2, -2)), Sample.Of(new TrilIndices(0, 2))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        if (Row < 0) throw AutogradException.Attribute($"row must be non-negative, got{Row}");
        if (Col < 0) throw AutogradException.Attribute($"col must be non-negative, got{Col}");
        return new(TriangleSize.Pairs(TriangleSize.Below(Row, Col, (Int128)Offset + 1)), DType.Int64);
    }

    /// <inheritdoc/>
    public override unsafe void Forward(Inputs x, Tensor y)
    {
        long* rows = y.Pointer<long>(), columns = rows + y.Shape[1];
        for (long r = (long)Int128.Max(0, -(Int128)Offset), left = y.Shape[1]; left > 0; left -= Last(r++))
            for (long c = 0; c < Last(r); c++)
            {
                *rows++ = r;
                *columns++ = c;
            }
    }

    private long Last(long row) => (long)Int128.Clamp((Int128)row + Offset + 1, 0, Col);
}
