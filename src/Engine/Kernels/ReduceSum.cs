using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutogradService.Engine.Kernels;

/// <summary>Sums a block of whole vectors (possibly of a function of the elements) into one vector.</summary>
internal unsafe interface IBlockSum<T>
    where T : unmanaged
{
    /// <summary>What fills up a tail: an element that adds nothing.</summary>
    T Padding { get; }

    Vector<T> Sum(T* x, long vectors);
}

/// <summary>The elements themselves.</summary>
internal readonly unsafe struct PlainSum<T> : IBlockSum<T>
    where T : unmanaged, INumber<T>
{
    public T Padding => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Vector<T> Sum(T* x, long vectors)
    {
        Vector<T> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        for (; vectors >= 8; vectors -= 8, x += 8 * Vector<T>.Count)
        {
            s0 += Vector.Load(x);
            s1 += Vector.Load(x + Vector<T>.Count);
            s2 += Vector.Load(x + 2 * Vector<T>.Count);
            s3 += Vector.Load(x + 3 * Vector<T>.Count);
            s4 += Vector.Load(x + 4 * Vector<T>.Count);
            s5 += Vector.Load(x + 5 * Vector<T>.Count);
            s6 += Vector.Load(x + 6 * Vector<T>.Count);
            s7 += Vector.Load(x + 7 * Vector<T>.Count);
        }

        for (; vectors > 0; vectors--, x += Vector<T>.Count) s0 += Vector.Load(x);
        return s0 + s1 + (s2 + s3) + (s4 + s5 + (s6 + s7));
    }
}

/// <summary>exp(x - max).</summary>
internal readonly unsafe struct ExpSum<T>(T max) : IBlockSum<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    public T Padding => T.NegativeInfinity;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public Vector<T> Sum(T* x, long vectors)
    {
        var maxes = Vector.Create(max);
        Vector<T> s0 = default, s1 = default;
        for (; vectors >= 2; vectors -= 2, x += 2 * Vector<T>.Count)
        {
            s0 += VectorMath.Exp(Vector.Load(x) - maxes);
            s1 += VectorMath.Exp(Vector.Load(x + Vector<T>.Count) - maxes);
        }

        if (vectors > 0) s0 += VectorMath.Exp(Vector.Load(x) - maxes);
        return s0 + s1;
    }
}

/// <summary>The summation trees: blocks are summed straight, blocks of blocks pairwise.</summary>
internal static unsafe class ReduceSum
{
    /// <summary>Vectors of a block that is summed straight.</summary>
    public const int BlockVectors = 512;

    private const int BlockRows = 64;

    private const int StripColumnsMax = 512;

    /// <summary>The sum of n contiguous elements, all on the calling thread.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static T Cascade<T, TBlock>(T* x, long n, TBlock block)
        where T : unmanaged, INumber<T>
        where TBlock : struct, IBlockSum<T>
    {
        if (n < Vector<T>.Count * (long)BlockVectors)
        {
            var sum = block.Sum(x, n / Vector<T>.Count);
            return Vector.Sum(AddTail(sum, x, n, block));
        }

        // A binary counter: level i holds the sum of 2^i blocks while bit i of the count is set.
        var levels = stackalloc Vector<T>[64];
        var blocks = 0L;
        long position = 0;
        for (; position + Vector<T>.Count * BlockVectors <= n; position += Vector<T>.Count * BlockVectors)
        {
            var sum = block.Sum(x + position, BlockVectors);
            var level = 0;
            for (; (blocks >> level & 1) != 0; level++) sum = levels[level] + sum;
            levels[level] = sum;
            blocks++;
        }

        var total = AddTail(block.Sum(x + position, (n - position) / Vector<T>.Count), x, n, block);
        for (var level = 0; blocks >> level != 0; level++)
        {
            if ((blocks >> level & 1) != 0) total = levels[level] + total;
        }

        return Vector.Sum(total);
    }

    /// <summary>y[j] = the sum of column j; at most StripColumnsMax columns. The first half of the rows is a power of two of blocks, so depth is logarithmic.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Strip<T>(T* x, long rows, long columns, long rowStride, T* y)
        where T : unmanaged, INumber<T>
    {
        if (rows <= BlockRows)
        {
            StripBlock(x, rows, columns, rowStride, y);
            return;
        }

        long half = BlockRows;
        while (half * 2 < rows) half *= 2;
        var other = stackalloc T[StripColumnsMax];
        Strip(x, half, columns, rowStride, y);
        Strip(x + half * rowStride, rows - half, columns, rowStride, other);
        long j = 0;
        for (; j + Vector<T>.Count <= columns; j += Vector<T>.Count) Vector.Store(Vector.Load(y + j) + Vector.Load(other + j), y + j);
        for (; j < columns; j++) y[j] += other[j];
    }

    /// <summary>The remaining n elements, less than a vector, with the padding behind them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> LoadTail<T>(T* x, long n, T padding)
        where T : unmanaged
    {
        var vector = Vector.Create(padding);
        var lanes = (T*)&vector;
        for (long i = 0; i < n; i++) lanes[i] = x[i];
        return vector;
    }

    /// <summary>Stores the first n elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreTail<T>(Vector<T> vector, T* y, long n)
        where T : unmanaged
    {
        var lanes = (T*)&vector;
        for (long i = 0; i < n; i++) y[i] = lanes[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> AddTail<T, TBlock>(Vector<T> sum, T* x, long n, TBlock block)
        where T : unmanaged, INumber<T>
        where TBlock : struct, IBlockSum<T>
    {
        var tail = n % Vector<T>.Count;
        if (tail == 0) return sum;
        var vector = LoadTail(x + (n - tail), tail, block.Padding);
        return sum + block.Sum((T*)&vector, 1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void StripBlock<T>(T* x, long rows, long columns, long rowStride, T* y)
        where T : unmanaged, INumber<T>
    {
        long j = 0;
        for (; j + 4 * Vector<T>.Count <= columns; j += 4 * Vector<T>.Count)
        {
            Vector<T> s0 = default, s1 = default, s2 = default, s3 = default;
            var row = x + j;
            for (long i = 0; i < rows; i++, row += rowStride)
            {
                s0 += Vector.Load(row);
                s1 += Vector.Load(row + Vector<T>.Count);
                s2 += Vector.Load(row + 2 * Vector<T>.Count);
                s3 += Vector.Load(row + 3 * Vector<T>.Count);
            }

            Vector.Store(s0, y + j);
            Vector.Store(s1, y + j + Vector<T>.Count);
            Vector.Store(s2, y + j + 2 * Vector<T>.Count);
            Vector.Store(s3, y + j + 3 * Vector<T>.Count);
        }

        for (; j + Vector<T>.Count <= columns; j += Vector<T>.Count)
        {
            Vector<T> sum = default;
            for (long i = 0; i < rows; i++) sum += Vector.Load(x + i * rowStride + j);
            Vector.Store(sum, y + j);
        }

        for (; j < columns; j++)
        {
            var sum = T.Zero;
            for (long i = 0; i < rows; i++) sum += x[i * rowStride + j];
            y[j] = sum;
        }
    }
}
