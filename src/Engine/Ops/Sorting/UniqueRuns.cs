using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>What unique and unique_consecutive share: runs of equal elements, or of equal slices along a dim.</summary>
internal static class UniqueRuns
{
    /// <summary>One element of each run, the run that each element went to, and how long the runs are.</summary>
    /// <param name="self">The tensor.</param>
    /// <param name="dim">Compares slices along it; the elements of the flattened tensor if null.</param>
    /// <param name="sort">Brings equal ones together first; as they stand otherwise.</param>
    /// <param name="wantsInverse">An empty tensor otherwise.</param>
    /// <param name="wantsCounts">An empty tensor otherwise.</param>
    /// <param name="function">The name of PyTorch's kernel, for refusals.</param>
    public static Tensor[] Of(Tensor self, long? dim, bool sort, bool wantsInverse, bool wantsCounts, string function)
    {
        var workspace = self.Workspace;
        Tensor values, inverse = None(), counts = None();
        using (workspace.NoGrad())
        {
            int d = dim is null ? 0 : self.Dim > 0 ? Shape.WrapDim(dim.Value, self.Dim) : throw AutogradException.Index($"Dimension specified as {dim} but tensor has no dimensions");
            var rows = dim is null ? self.Flatten() : self.Movedim([d], [0]).Contiguous();
            long n = rows.Shape[0];
            if (n > 0 && rows.Numel == 0) throw AutogradException.Shape("There are 0 sized dimensions, and they aren't selected, so unique cannot be applied");
            Tensor? order = !sort || n == 0 ? null : dim is null ? rows.Sort().Indices : Order(rows);
            if (order is not null) rows = rows.IndexSelect(0, order);
            var starts = n == 0 ? None().To(DType.Bool) : workspace.Cat([workspace.Ones([1], DType.Bool), Changes(rows, n)], 0);
            var first = starts.Nonzero().Flatten();
            values = rows.IndexSelect(0, first);
            values = dim is null ? values : values.Movedim([0], [d]).Contiguous();
            if (wantsInverse)
            {
                inverse = starts.Cumsum(0, DType.Int64).Sub(1L);
                if (order is not null) inverse = inverse.ZerosLike().Scatter(0, order, inverse);
                if (dim is null) inverse = inverse.View(Dims.Of(self.Shape));
            }
            if (wantsCounts) counts = first.Diff(append: workspace.Full([1], n, DType.Int64));
        }
        return [self.UniqueValues(values, function), inverse, counts];

        Tensor None() => workspace.Empty([0], DType.Int64);
    }

    /// <summary>The definition, for the elements of a flattened array.</summary>
    public static NdArray[] Define(NdArray x, long? dim, bool sort, bool wantsInverse, bool wantsCounts)
    {
        if (dim is not null && x.Shape.Rank != 1) throw new NotSupportedException("slices are compared in tests written by hand");
        var order = Enumerable.Range(0, x.Values.Length).ToArray();
        if (sort) order = [.. order.OrderBy(i => x.Values[i])];
        List<double> values = [], counts = [];
        var inverse = new NdArray(x.Shape, new double[x.Values.Length]);
        foreach (int i in order)
        {
            if (values.Count == 0 || values[^1] != x.Values[i])
            {
                values.Add(x.Values[i]);
                counts.Add(0);
            }
            inverse.Values[i] = values.Count - 1;
            counts[^1]++;
        }
        return [Vector(values), wantsInverse ? inverse : Vector([]), Vector(wantsCounts ? counts : [])];

        static NdArray Vector(List<double> of) => new(Shape.Of(of.Count), [.. of]);
    }

    // Whether each row but the first differs from the one before; NaN differs from NaN.
    private static Tensor Changes(Tensor rows, long n) =>
        rows.Narrow(0, 1, n - 1).Ne(rows.Narrow(0, 0, n - 1)).Reshape([n - 1, rows.Numel / n]).Any([1]);

    // The rows in lexicographic order, stably.
    private static Tensor Order(Tensor rows)
    {
        var workspace = rows.Workspace;
        var order = workspace.RawEmpty(Shape.Of(rows.Shape[0]), DType.Int64);
        using var scope = workspace.Scope();
        var matrix = workspace.RawCast(rows, rows.DType.ComputeType);
        RowLoop.Run(matrix.Alias(Shape.Of(1, matrix.Numel), [matrix.Numel, 1], matrix.Offset), order, new Lexicographic(rows.Shape[0]));
        return order;
    }

    private readonly unsafe struct Lexicographic(long rows) : IRowKernel
    {
        public void Invoke<T>(T* x, long n, void* y, long row) where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            long columns = n / rows;
            var order = new Span<long>(y, checked((int)rows));
            for (int i = 0; i < order.Length; i++) order[i] = i;
            order.Sort((a, b) =>
            {
                for (long c = 0; c < columns; c++)
                    if (x[a * columns + c].CompareTo(x[b * columns + c]) is var sign and not 0) return sign;
                return a.CompareTo(b);
            });
        }
    }
}
