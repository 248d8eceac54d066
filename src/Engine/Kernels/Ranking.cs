using System.Buffers;
using System.Numerics;

namespace AutogradService.Engine.Kernels;

/// <summary>Rows in order, with the indices where their elements came from. Equal elements keep their order; NaN is larger than every number.</summary>
internal static unsafe class Ranking
{
    /// <summary>The first k elements of the sorted row, and their indices.</summary>
    public static void Sort<T>(T* x, long n, bool descending, long k, T* values, long* indices) where T : unmanaged, INumber<T>
    {
        var rented = ArrayPool<Entry<T>>.Shared.Rent(checked((int)n));
        try
        {
            var entries = rented.AsSpan(0, (int)n);
            for (int i = 0; i < entries.Length; i++) entries[i] = new Entry<T>(x[i], i);
            if (descending) entries.Sort(default(Descending<T>));
            else entries.Sort(default(Ascending<T>));
            for (int i = 0; i < k; i++)
            {
                values[i] = entries[i].Value;
                indices[i] = entries[i].Index;
            }
        }
        finally
        {
            ArrayPool<Entry<T>>.Shared.Return(rented);
        }
    }

    /// <summary>The element at a place of the ascending row, and its index.</summary>
    public static T Select<T>(T* x, long n, long place, out long index) where T : unmanaged, INumber<T>
    {
        var rented = ArrayPool<Entry<T>>.Shared.Rent(checked((int)n));
        try
        {
            var entries = rented.AsSpan(0, (int)n);
            for (int i = 0; i < entries.Length; i++) entries[i] = new Entry<T>(x[i], i);
            entries.Sort(default(Ascending<T>));
            index = entries[(int)place].Index;
            return entries[(int)place].Value;
        }
        finally
        {
            ArrayPool<Entry<T>>.Shared.Return(rented);
        }
    }

    /// <summary>
    /// The element at a place of the ascending row, and its index, found by Hoare's selection with the median of three as pivot. In a row with equal elements
    /// the steps decide whose index it is, so they are those of PyTorch's kthvalue.
    /// </summary>
    public static T QuickSelect<T>(T* x, long n, long place, out long index) where T : unmanaged, INumber<T>
    {
        var rented = ArrayPool<Entry<T>>.Shared.Rent(checked((int)n));
        try
        {
            var row = rented.AsSpan(0, (int)n);
            for (int i = 0; i < row.Length; i++) row[i] = new Entry<T>(x[i], i);
            int low = 0, high = row.Length - 1;
            while (high > low + 1)
            {
                Swap(row, (low + high) >> 1, low + 1);
                Order(row, low + 1, high);
                Order(row, low, high);
                Order(row, low + 1, low);
                int i = low + 1, j = high;
                var pivot = row[low].Value;
                while (true)
                {
                    do i++; while (Above(pivot, row[i].Value));
                    do j--; while (Above(row[j].Value, pivot));
                    if (j < i) break;
                    Swap(row, i, j);
                }
                Swap(row, low, j);
                if (j <= place) low = i;
                if (j >= place) high = j - 1;
            }
            if (high == low + 1) Order(row, low, high);
            index = row[(int)place].Index;
            return row[(int)place].Value;
        }
        finally
        {
            ArrayPool<Entry<T>>.Shared.Return(rented);
        }
    }

    private static void Order<T>(Span<Entry<T>> row, int first, int second) where T : INumber<T>
    {
        if (Above(row[first].Value, row[second].Value)) Swap(row, first, second);
    }

    private static void Swap<T>(Span<Entry<T>> row, int a, int b) => (row[a], row[b]) = (row[b], row[a]);

    private static bool Above<T>(T a, T b) where T : INumber<T> => T.IsNaN(a) && !T.IsNaN(b) || a > b;

    private readonly record struct Entry<T>(T Value, int Index);

    private readonly struct Ascending<T> : IComparer<Entry<T>> where T : INumber<T>
    {
        public int Compare(Entry<T> a, Entry<T> b)
        {
            if (a.Value < b.Value) return -1;
            if (a.Value > b.Value) return 1;
            if (a.Value == b.Value) return a.Index.CompareTo(b.Index);
            bool aNaN = T.IsNaN(a.Value), bNaN = T.IsNaN(b.Value);
            return aNaN && bNaN ? a.Index.CompareTo(b.Index) : aNaN ? 1 : -1;
        }
    }

    private readonly struct Descending<T> : IComparer<Entry<T>> where T : INumber<T>
    {
        public int Compare(Entry<T> a, Entry<T> b)
        {
            if (a.Value > b.Value) return -1;
            if (a.Value < b.Value) return 1;
            if (a.Value == b.Value) return a.Index.CompareTo(b.Index);
            bool aNaN = T.IsNaN(a.Value), bNaN = T.IsNaN(b.Value);
            return aNaN && bNaN ? a.Index.CompareTo(b.Index) : aNaN ? -1 : 1;
        }
    }
}
