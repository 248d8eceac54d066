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
