using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>What the ops share that put a dim in order.</summary>
internal static class SortedRows
{
    /// <summary>The first k of every sorted row along a dim, and where they came from; y holds values and indices.</summary>
    public static void First(Tensor x, Tensor[] y, long dim, long k, bool descending)
    {
        using var scope = x.Workspace.Scope();
        int d = Shape.WrapDim(dim, x.Dim);
        Tensor values = DimRows.Target(y[0], d), indices = DimRows.Target(y[1], d);
        if (y[0].Numel > 0) RowLoop.Run(DimRows.Rows(x, d), values, indices, new Kernel(k, descending));
        DimRows.Finish(values, y[0], d);
        DimRows.Finish(indices, y[1], d);
    }

    /// <summary>The element at a place of every ascending row, and where it came from; y holds values and indices.</summary>
    public static void At(Tensor x, Tensor[] y, long dim, long place)
    {
        using var scope = x.Workspace.Scope();
        RowLoop.Run(ReducedDims.Rows(x, [dim]), y[0], y[1], new PlaceKernel(place));
    }

    /// <summary>The definition: the indices of a row in order, stably, NaN as the largest.</summary>
    public static long[] Order(double[] row, bool descending)
    {
        var order = Enumerable.Range(0, row.Length).Select(i => (long)i);
        return [.. descending
            ? order.OrderByDescending(i => double.IsNaN(row[i])).ThenByDescending(i => row[i])
            : order.OrderBy(i => double.IsNaN(row[i])).ThenBy(i => row[i])];
    }

    private readonly unsafe struct Kernel(long k, bool descending) : IIndexedRowKernel
    {
        public void Invoke<T>(T* x, long n, void* values, long* indices, long row) where T : unmanaged, INumber<T>, IMinMaxValue<T> =>
            Ranking.Sort(x, n, descending, k, (T*)values + row * k, indices + row * k);
    }

    private readonly unsafe struct PlaceKernel(long place) : IIndexedRowKernel
    {
        public void Invoke<T>(T* x, long n, void* values, long* indices, long row) where T : unmanaged, INumber<T>, IMinMaxValue<T> =>
            ((T*)values)[row] = Ranking.QuickSelect(x, n, place, out indices[row]);
    }
}
