namespace AutogradService.Engine.Ops;

/// <summary>The two dims that a matrix norm works in.</summary>
internal static class MatrixNorms
{
    /// <summary>The dims of rows and columns, wrapped.</summary>
    public static (int Row, int Column) RequireDims(Tensor a, Dims? dims, DType? dtype, bool halfToo)
    {
        MatrixChecks.RequireMatrix(a, "linalg.matrix_norm");
        MatrixChecks.RequireFloat(a, "linalg.matrix_norm", halfToo);
        if (dims is { Count: not 2 }) throw AutogradException.Attribute($"linalg.matrix_norm: dim must be a 2-tuple. Got {string.Join(" ", dims)}");
        int row = Shape.WrapDim(dims?[0] ?? -2, a.Dim), column = Shape.WrapDim(dims?[1] ?? -1, a.Dim);
        if (row == column) throw AutogradException.Attribute($"linalg.matrix_norm: dims must be different. Got ({row}, {column})");
        if (dtype is { IsFloatingPoint: false } odd)
            throw new AutogradException(ErrorReason.DtypeUnsupported, $"linalg.matrix_norm: dtype should be floating point or complex. Got {odd.TorchName}");
        return (row, column);
    }

    /// <summary>The singular values of the matrices in two dims.</summary>
    public static Tensor SingularValues(Tensor a, int row, int column, DType? dtype) => (dtype is { } to ? a.To(to) : a).Permute(Back(a.Dim, row, column)).LinalgSvdvals();

    /// <summary>With keepdim, puts the two dims, of size 1 now, back where they were; the last one is there already.</summary>
    public static Tensor Restore(Tensor reduced, int rank, int row, int column, bool keepdim)
    {
        if (!keepdim) return reduced;
        var back = Back(rank, row, column);
        var reverse = new long[rank];
        for (int i = 0; i < rank; i++) reverse[back[i]] = i;
        return reduced.Unsqueeze(-1).Permute(Dims.Create(reverse));
    }

    private static Dims Back(int rank, int row, int column) => Dims.Create([.. Enumerable.Range(0, rank).Where(d => d != row && d != column).Select(d => (long)d), row, column]);
}
