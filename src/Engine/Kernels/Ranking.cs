using System.Buffers;
using System.Numerics;

namespace AutogradService.Engine.Kernels;

/// <summary>Rows in order, with the indices where their elements came from. Equal elements keep their order; NaN is larger than every number.</summary>
internal static unsafe class Ranking
{
    // Below this many entries sorting is as fast as selecting.
    private const int SmallRow = 16;

    /// <summary>The first k elements of the sorted row, and their indices.</summary>
    public static void Sort<T>(T* x, long n, bool descending, long k, T* values, long* indices) where T : unmanaged, INumber<T>
    {
        var rented = ArrayPool<Entry<T>>.Shared.Rent(checked((int)n));
        try
        {
            var entries = rented.AsSpan(0, (int)n);
            for (int i = 0; i < entries.Length; i++) entries[i] = new Entry<T>(x[i], i);
            if (descending) SortFirst(entries, (int)k, default(Descending<T>));
            else SortFirst(entries, (int)k, default(Ascending<T>));
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
            Place(entries, (int)place, default(Ascending<T>));
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

    // Orders the first k entries. Of few ones only the last is brought to its place first, and what belongs before it in front of it.
    private static void SortFirst<TEntry, TOrder>(Span<TEntry> entries, int k, TOrder order) where TOrder : struct, IComparer<TEntry>
    {
        if (k == 0) return;
        if (k <= entries.Length / 4)
        {
            Place(entries, k - 1, order);
            entries = entries[..k];
        }
        entries.Sort(order);
    }

    // Brings the entry of a place there, smaller ones before it and larger ones after it (Hoare's selection); sorts what is left when cuts keep falling badly.
    private static void Place<TEntry, TOrder>(Span<TEntry> entries, int place, TOrder order) where TOrder : struct, IComparer<TEntry>
    {
        int low = 0, high = entries.Length - 1;
        for (int cuts = 2 * BitOperations.Log2((uint)entries.Length + 1); high - low > SmallRow && cuts > 0; cuts--)
        {
            int middle = low + (high - low) / 2;
            if (order.Compare(entries[middle], entries[low]) < 0) (entries[middle], entries[low]) = (entries[low], entries[middle]);
            if (order.Compare(entries[high], entries[low]) < 0) (entries[high], entries[low]) = (entries[low], entries[high]);
            if (order.Compare(entries[high], entries[middle]) < 0) (entries[high], entries[middle]) = (entries[middle], entries[high]);
            var pivot = entries[middle];
            int i = low, j = high;
            while (i <= j)
            {
                while (order.Compare(entries[i], pivot) < 0) i++;
                while (order.Compare(entries[j], pivot) > 0) j--;
                if (i > j) break;
                (entries[i], entries[j]) = (entries[j], entries[i]);
                i++;
                j--;
            }
            if (place <= j) high = j;
            else if (place >= i) low = i;
            else return;
        }
        entries[low..(high + 1)].Sort(order);
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
