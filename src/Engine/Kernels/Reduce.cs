using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AutogradService.Engine.Kernels;

/// <summary>
/// Reductions over contiguous rows and over columns. Where a sum is cut depends on its length alone, and a tail is padded to a whole vector, so results
/// depend on neither the number of threads nor the place of a row in memory.
/// </summary>
internal static unsafe class Reduce
{
    /// <summary>Elements that one thread sums before partial sums are combined; fixed, because it decides the bits of a long sum.</summary>
    public const long SegmentLength = 65536;

    /// <summary>Rows that one thread adds up before partial rows are combined; fixed for the same reason.</summary>
    private const long SegmentRows = 2048;

    /// <summary>Columns that are summed together, so that the partial sums stay in the first-level cache.</summary>
    private const long StripColumns = 512;

    /// <summary>Elements below which a thread's share is not worth handing out.</summary>
    private const long ParallelGrain = 32768;

    /// <summary>The sum of n contiguous numbers, by pairwise summation of blocks: the error grows with the logarithm of n. 0 when n is 0.</summary>
    public static T Sum<T>(T* x, long n)
        where T : unmanaged, INumber<T>
    {
        if (n <= SegmentLength) return ReduceSum.Cascade(x, n, default(PlainSum<T>));
        var segments = (n + SegmentLength - 1) / SegmentLength;
        var partial = (T*)NativeMemory.Alloc((nuint)segments, (nuint)sizeof(T));
        try
        {
            WorkerPool.For(segments, 1, new SegmentBody<T>(x, n, partial));
            return Sum(partial, segments);
        }
        finally
        {
            NativeMemory.Free(partial);
        }
    }

    /// <summary>y[i] = the sum of row i, which begins at x + i rowStride and has contiguous columns.</summary>
    public static void SumRows<T>(T* x, long rows, long columns, long rowStride, T* y)
        where T : unmanaged, INumber<T> => WorkerPool.For(rows, RowGrain(columns), new SumRowsBody<T>(x, columns, rowStride, y));

    /// <summary>y[j] = the sum of column j over rows that begin at x + i rowStride: pairwise along the rows, vectorised along the columns.</summary>
    public static void SumColumns<T>(T* x, long rows, long columns, long rowStride, T* y)
        where T : unmanaged, INumber<T>
    {
        var segments = Math.Max(1, (rows + SegmentRows - 1) / SegmentRows);
        var strips = (columns + StripColumns - 1) / StripColumns;
        var grain = Math.Max(1, ParallelGrain / Math.Max(1, Math.Min(rows, SegmentRows) * Math.Min(columns, StripColumns)));
        if (segments == 1)
        {
            // One segment may be cut finer along the columns, which are independent of each other.
            var width = columns >= 2 * StripColumns ? StripColumns : Math.Max(Vector<T>.Count * 4, 64);
            strips = (columns + width - 1) / width;
            grain = Math.Max(1, ParallelGrain / Math.Max(1, rows * width));
            WorkerPool.For(strips, grain, new SumColumnsBody<T>(x, rows, columns, rowStride, y, 1, width));
            return;
        }

        var partial = (T*)NativeMemory.Alloc(checked((nuint)(segments * columns)), (nuint)sizeof(T));
        try
        {
            WorkerPool.For(segments * strips, grain, new SumColumnsBody<T>(x, rows, columns, rowStride, partial, segments, StripColumns));
            SumColumns(partial, segments, columns, columns, y);
        }
        finally
        {
            NativeMemory.Free(partial);
        }
    }

    /// <summary>The largest of n contiguous numbers (n at least 1); NaN if any is NaN.</summary>
    public static T Max<T>(T* x, long n)
        where T : unmanaged, INumber<T> => ReduceExtremum.Row<T, Larger<T>>(x, n);

    /// <summary>The smallest of n contiguous numbers (n at least 1); NaN if any is NaN.</summary>
    public static T Min<T>(T* x, long n)
        where T : unmanaged, INumber<T> => ReduceExtremum.Row<T, Smaller<T>>(x, n);

    /// <summary>The index of the first largest number; the first NaN if there is one. n is at least 1.</summary>
    public static long ArgMax<T>(T* x, long n)
        where T : unmanaged, INumber<T> => ReduceExtremum.IndexOf(x, n, Max(x, n));

    /// <summary>The index of the first smallest number; the first NaN if there is one. n is at least 1.</summary>
    public static long ArgMin<T>(T* x, long n)
        where T : unmanaged, INumber<T> => ReduceExtremum.IndexOf(x, n, Min(x, n));

    /// <summary>y[i] = the largest number of row i (columns at least 1); NaN if the row holds one.</summary>
    public static void MaxRows<T>(T* x, long rows, long columns, long rowStride, T* y)
        where T : unmanaged, INumber<T> => WorkerPool.For(rows, RowGrain(columns), new ExtremumRowsBody<T, Larger<T>>(x, columns, rowStride, y));

    /// <summary>y[i] = the smallest number of row i (columns at least 1); NaN if the row holds one.</summary>
    public static void MinRows<T>(T* x, long rows, long columns, long rowStride, T* y)
        where T : unmanaged, INumber<T> => WorkerPool.For(rows, RowGrain(columns), new ExtremumRowsBody<T, Smaller<T>>(x, columns, rowStride, y));

    /// <summary>y[j] = the largest number of column j (rows at least 1); NaN if the column holds one.</summary>
    public static void MaxColumns<T>(T* x, long rows, long columns, long rowStride, T* y)
        where T : unmanaged, INumber<T> => WorkerPool.For(columns, RowGrain(rows), new ExtremumColumnsBody<T, Larger<T>>(x, rows, rowStride, y));

    /// <summary>y[j] = the smallest number of column j (rows at least 1); NaN if the column holds one.</summary>
    public static void MinColumns<T>(T* x, long rows, long columns, long rowStride, T* y)
        where T : unmanaged, INumber<T> => WorkerPool.For(columns, RowGrain(rows), new ExtremumColumnsBody<T, Smaller<T>>(x, rows, rowStride, y));

    /// <summary>sum of exp(x[i] - max): with max the row's largest number nothing overflows. T is float or double.</summary>
    public static T SumExp<T>(T* x, long n, T max)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => ReduceSum.Cascade(x, n, new ExpSum<T>(max));

    /// <summary>
    /// y = softmax(x) over a row: exp(x - max) / sum of exp(x - max). A row of nothing but -inf gives NaN, as does a row with NaN or +inf. y may be x.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Softmax<T>(T* x, T* y, long n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (n == 0) return;
        var max = Vector.Create(Max(x, n));
        long i = 0;
        for (; i + Vector<T>.Count <= n; i += Vector<T>.Count) Vector.Store(VectorMath.Exp(Vector.Load(x + i) - max), y + i);
        if (i < n) ReduceSum.StoreTail(VectorMath.Exp(ReduceSum.LoadTail(x + i, n - i, T.Zero) - max), y + i, n - i);
        var sum = ReduceSum.Cascade(y, n, default(PlainSum<T>));
        var sums = Vector.Create(sum);
        for (i = 0; i + Vector<T>.Count <= n; i += Vector<T>.Count) Vector.Store(Vector.Load(y + i) / sums, y + i);
        for (; i < n; i++) y[i] /= sum;
    }

    /// <summary>y = log_softmax(x) over a row: (x - max) - log(sum of exp(x - max)). A row of nothing but -inf gives NaN. y may be x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void LogSoftmax<T>(T* x, T* y, long n)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (n == 0) return;
        var max = Max(x, n);
        var log = T.Log(SumExp(x, n, max));
        Vector<T> maxes = Vector.Create(max), logs = Vector.Create(log);
        long i = 0;
        for (; i + Vector<T>.Count <= n; i += Vector<T>.Count) Vector.Store(Vector.Load(x + i) - maxes - logs, y + i);
        for (; i < n; i++) y[i] = x[i] - max - log;
    }

    /// <summary>Softmax of every row, the rows spread over the threads.</summary>
    public static void SoftmaxRows<T>(T* x, long xRowStride, T* y, long yRowStride, long rows, long columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        WorkerPool.For(rows, Math.Max(1, RowGrain(columns) / 4), new SoftmaxBody<T>(x, xRowStride, y, yRowStride, columns, logarithm: false));

    /// <summary>Log-softmax of every row, the rows spread over the threads.</summary>
    public static void LogSoftmaxRows<T>(T* x, long xRowStride, T* y, long yRowStride, long rows, long columns)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        WorkerPool.For(rows, Math.Max(1, RowGrain(columns) / 4), new SoftmaxBody<T>(x, xRowStride, y, yRowStride, columns, logarithm: true));

    private static long RowGrain(long length) => Math.Max(1, ParallelGrain / Math.Max(1, length));

    private readonly struct SegmentBody<T>(T* x, long n, T* partial) : IRangeBody
        where T : unmanaged, INumber<T>
    {
        public void Invoke(long from, long to)
        {
            for (var i = from; i < to; i++)
            {
                partial[i] = ReduceSum.Cascade(x + i * SegmentLength, Math.Min(SegmentLength, n - i * SegmentLength), default(PlainSum<T>));
            }
        }
    }

    private readonly struct SumRowsBody<T>(T* x, long columns, long rowStride, T* y) : IRangeBody
        where T : unmanaged, INumber<T>
    {
        public void Invoke(long from, long to)
        {
            for (var i = from; i < to; i++) y[i] = Sum(x + i * rowStride, columns);
        }
    }

    /// <summary>Index = strip + segment x strips; the output has one row per segment.</summary>
    private readonly struct SumColumnsBody<T>(T* x, long rows, long columns, long rowStride, T* y, long segments, long stripWidth) : IRangeBody
        where T : unmanaged, INumber<T>
    {
        public void Invoke(long from, long to)
        {
            var strips = (columns + stripWidth - 1) / stripWidth;
            for (var i = from; i < to; i++)
            {
                long segment = i / strips, column = i % strips * stripWidth;
                var first = segments == 1 ? 0 : segment * SegmentRows;
                var count = segments == 1 ? rows : Math.Min(SegmentRows, rows - first);
                ReduceSum.Strip(x + first * rowStride + column, count, Math.Min(stripWidth, columns - column), rowStride, y + segment * columns + column);
            }
        }
    }

    private readonly struct ExtremumRowsBody<T, TOrder>(T* x, long columns, long rowStride, T* y) : IRangeBody
        where T : unmanaged, INumber<T>
        where TOrder : struct, IOrder<T>
    {
        public void Invoke(long from, long to)
        {
            for (var i = from; i < to; i++) y[i] = ReduceExtremum.Row<T, TOrder>(x + i * rowStride, columns);
        }
    }

    private readonly struct ExtremumColumnsBody<T, TOrder>(T* x, long rows, long rowStride, T* y) : IRangeBody
        where T : unmanaged, INumber<T>
        where TOrder : struct, IOrder<T>
    {
        public void Invoke(long from, long to) => ReduceExtremum.Columns<T, TOrder>(x + from, rows, to - from, rowStride, y + from);
    }

    private readonly struct SoftmaxBody<T>(T* x, long xRowStride, T* y, long yRowStride, long columns, bool logarithm) : IRangeBody
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Invoke(long from, long to)
        {
            for (var i = from; i < to; i++)
            {
                if (logarithm) LogSoftmax(x + i * xRowStride, y + i * yRowStride, columns);
                else Softmax(x + i * xRowStride, y + i * yRowStride, columns);
            }
        }
    }
}
