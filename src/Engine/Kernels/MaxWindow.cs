using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutogradService.Engine.Kernels;

/// <summary>
/// The maxima of one row of pooling windows over float32, without a branch on the data: first down the columns, a vector of them at a time, then along the row,
/// as 64-bit integers that hold a float's place in the order above its index counted from behind. Their maximum is the largest element, the first of equals.
/// </summary>
internal static unsafe class MaxWindow
{
    /// <summary>Bytes of scratch for a row of so many columns.</summary>
    public static long ScratchBytes(long columns) => 8 * (columns + 2 * Vector<float>.Count);

    /// <summary>Reduces rows of a plane to one entry a column.</summary>
    /// <param name="plane">The plane's first element; it has fewer than 2^31.</param>
    /// <param name="rows">Where the rows begin, counted in elements from the plane's start, ascending.</param>
    /// <param name="columns">Length of a row.</param>
    /// <param name="entries">Receives an entry for each column; room for a vector more.</param>
    /// <returns>False if there is a NaN, which has no place in the order.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static bool Columns(float* plane, ReadOnlySpan<int> rows, int columns, long* entries)
    {
        int width = Vector<float>.Count;
        var lanes = Vector<int>.Indices;
        var ordered = Vector.Create(-1);
        float* tail = stackalloc float[width];
        for (int c = 0; c < columns; c += width)
        {
            var key = Vector.Create(int.MinValue);
            var start = Vector<int>.Zero;
            foreach (int row in rows)
            {
                float* from = plane + row + c;
                if (c + width > columns)
                {
                    for (int j = 0; j < width; j++) tail[j] = from[Math.Min(j, columns - 1 - c)];
                    from = tail;
                }
                // -0 and 0 are equals.
                var x = Vector.Load(from) + Vector<float>.Zero;
                ordered &= Vector.Equals(x, x);
                var bits = Vector.AsVectorInt32(x);
                bits ^= (bits >> 31) & Vector.Create(int.MaxValue);
                var larger = Vector.GreaterThan(bits, key);
                key = Vector.ConditionalSelect(larger, bits, key);
                start = Vector.ConditionalSelect(larger, Vector.Create(row), start);
            }
            var behind = Vector.AsVectorUInt32(Vector.OnesComplement(start + lanes + Vector.Create(c)));
            Vector.Widen(key, out var lowKey, out var highKey);
            Vector.Widen(behind, out var lowIndex, out var highIndex);
            ((lowKey << 32) | Vector.AsVectorInt64(lowIndex)).Store(entries + c);
            ((highKey << 32) | Vector.AsVectorInt64(highIndex)).Store(entries + c + Vector<long>.Count);
        }
        return Vector.EqualsAll(ordered, Vector.Create(-1));
    }

    /// <summary>Reduces the entries of each window to its maximum.</summary>
    /// <param name="plane">The plane's first element.</param>
    /// <param name="entries">An entry for each column.</param>
    /// <param name="starts">Each window's first column.</param>
    /// <param name="ends">Each window's end.</param>
    /// <param name="step">Columns between a window's elements.</param>
    /// <param name="values">Receives the maxima.</param>
    /// <param name="indices">Receives their indices in the plane.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Windows(float* plane, long* entries, ReadOnlySpan<long> starts, ReadOnlySpan<long> ends, long step, float* values, long* indices)
    {
        for (int o = 0; o < starts.Length; o++)
        {
            long c = starts[o], end = ends[o], best = entries[c];
            for (c += step; c < end; c += step) best = Math.Max(best, entries[c]);
            uint index = ~(uint)best;
            values[o] = plane[index];
            indices[o] = index;
        }
    }
}
