namespace AutogradService.Engine.Kernels;

/// <summary>
/// In which order an elementwise op lays out its result: as its operands lie, the first having the say, as PyTorch's TensorIterator has it. What shows is
/// whether a later view of the result is possible.
/// </summary>
internal static class OutputLayout
{
    /// <summary>Strides for a result without gaps, or null for row-major.</summary>
    public static long[]? StridesFor(ReadOnlySpan<Tensor?> inputs, Shape shape)
    {
        if (shape.Rank < 2 || shape.Numel < 2) return null;
        bool rowMajor = true;
        foreach (var t in inputs) rowMajor &= t is null || t.IsContiguous;
        if (rowMajor) return null;

        // Dims from the one that steps least: an insertion sort, because not every pair of dims can be compared.
        Span<int> order = stackalloc int[shape.Rank];
        for (int i = 0; i < order.Length; i++) order[i] = shape.Rank - 1 - i;
        for (int i = 1; i < order.Length; i++)
            for (int at = i, before = i - 1; before >= 0; before--)
            {
                int comparison = Compare(inputs, shape, order[before], order[at]);
                if (comparison < 0) break;
                if (comparison == 0) continue;
                (order[before], order[at]) = (order[at], order[before]);
                at = before;
            }

        var strides = new long[shape.Rank];
        long step = 1;
        foreach (int dim in order)
        {
            strides[dim] = step;
            step *= Math.Max(shape[dim], 1);
        }
        return strides;
    }

    private static int Compare(ReadOnlySpan<Tensor?> inputs, Shape shape, int a, int b)
    {
        foreach (var t in inputs)
        {
            if (t is null) continue;
            long strideA = Stride(t, shape, a), strideB = Stride(t, shape, b);
            if (strideA == 0 || strideB == 0) continue; // broadcast: this operand has no say
            if (strideA != strideB) return strideA < strideB ? -1 : 1;
            if (shape[a] > shape[b]) return 1;
        }
        return 0;
    }

    private static long Stride(Tensor t, Shape shape, int dim)
    {
        int own = dim - (shape.Rank - t.Dim);
        return own < 0 || t.Shape[own] == 1 && shape[dim] != 1 ? 0 : t.StridesArray[own];
    }
}
