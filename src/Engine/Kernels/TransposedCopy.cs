using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AutogradService.Engine.Kernels;

/// <summary>Copies matrices of which the columns follow each other into ones of which the rows do, by blocks that stay in the nearest cache.</summary>
internal static unsafe class TransposedCopy
{
    // Rows and columns of a block: 32 x 32 elements of 8 bytes are a quarter of L1.
    private const long Block = 32;

    // Elements below which waking a thread costs more than it saves.
    private const long Grain = 1 << 15;

    /// <summary>Copies if source and destination are of that kind.</summary>
    /// <param name="itemSize">Bytes of an element: 4 or 8, or nothing is done.</param>
    /// <param name="source">First element.</param>
    /// <param name="sourceStrides">In elements.</param>
    /// <param name="destination">First element.</param>
    /// <param name="destinationStrides">In elements.</param>
    /// <param name="shape">The sizes of both.</param>
    /// <returns>Whether it was done.</returns>
    public static bool TryRun(int itemSize, byte* source, long[] sourceStrides, byte* destination, long[] destinationStrides, Shape shape)
    {
        int rank = shape.Rank;
        if (itemSize is not (4 or 8) || rank < 2 || destinationStrides[^1] != 1 || sourceStrides[^2] != 1 || sourceStrides[^1] < shape[-2] || shape[-1] < 4 || shape[-2] < 4) return false;
        long rows = shape[-2], columns = shape[-1], batch = shape.Numel / (rows * columns);
        for (long b = 0; b < batch; b++)
        {
            long from = 0, to = 0, rest = b;
            for (int d = rank - 3; d >= 0; d--)
            {
                from += rest % shape[d] * sourceStrides[d];
                to += rest % shape[d] * destinationStrides[d];
                rest /= shape[d];
            }
            if (itemSize == 4) Matrix((int*)source + from, sourceStrides[^1], (int*)destination + to, destinationStrides[^2], rows, columns);
            else Matrix((long*)source + from, sourceStrides[^1], (long*)destination + to, destinationStrides[^2], rows, columns);
        }
        return true;
    }

    private static void Matrix<T>(T* source, long sourceStride, T* destination, long destinationStride, long rows, long columns) where T : unmanaged
    {
        var job = new Job<T>(source, sourceStride, destination, destinationStride, rows, columns);
        long blocks = (rows + Block - 1) / Block;
        if (rows * columns <= 2 * Grain) job.Invoke(0, blocks);
        else WorkerPool.For(blocks, Math.Max(1, Grain / (Block * columns)), job);
    }

    // Parallel over blocks of the destination's rows.
    private readonly struct Job<T>(T* source, long sourceStride, T* destination, long destinationStride, long rows, long columns) : IRangeBody where T : unmanaged
    {
        private readonly T* _source = source;
        private readonly T* _destination = destination;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke(long from, long to)
        {
            for (long block = from; block < to; block++)
                for (long left = 0; left < columns; left += Block)
                {
                    long top = block * Block;
                    Tile(_source + top + left * sourceStride, sourceStride, _destination + top * destinationStride + left, destinationStride, Math.Min(Block, rows - top), Math.Min(Block, columns - left));
                }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile<T>(T* x, long sx, T* y, long sy, long rows, long columns) where T : unmanaged
    {
        long i = 0;
        if (sizeof(T) == 4 && Avx.IsSupported)
            for (; i + 8 <= rows; i += 8)
            {
                long j = 0;
                for (; j + 8 <= columns; j += 8) EightByEight((float*)(x + i + j * sx), sx, (float*)(y + i * sy + j), sy);
                for (; j < columns; j++)
                    for (int k = 0; k < 8; k++) y[(i + k) * sy + j] = x[i + k + j * sx];
            }
        for (; i < rows; i++)
            for (long j = 0; j < columns; j++) y[i * sy + j] = x[i + j * sx];
    }

    // Pairs, then quadruples, then halves change places: eight columns of eight become eight rows. Only bits are moved, so the element type does not matter.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EightByEight(float* x, long sx, float* y, long sy)
    {
        var a0 = Vector256.Load(x);
        var a1 = Vector256.Load(x + sx);
        var a2 = Vector256.Load(x + 2 * sx);
        var a3 = Vector256.Load(x + 3 * sx);
        var a4 = Vector256.Load(x + 4 * sx);
        var a5 = Vector256.Load(x + 5 * sx);
        var a6 = Vector256.Load(x + 6 * sx);
        var a7 = Vector256.Load(x + 7 * sx);
        var b0 = Avx.UnpackLow(a0, a1);
        var b1 = Avx.UnpackHigh(a0, a1);
        var b2 = Avx.UnpackLow(a2, a3);
        var b3 = Avx.UnpackHigh(a2, a3);
        var b4 = Avx.UnpackLow(a4, a5);
        var b5 = Avx.UnpackHigh(a4, a5);
        var b6 = Avx.UnpackLow(a6, a7);
        var b7 = Avx.UnpackHigh(a6, a7);
        var c0 = Avx.Shuffle(b0, b2, 0x44);
        var c1 = Avx.Shuffle(b0, b2, 0xEE);
        var c2 = Avx.Shuffle(b1, b3, 0x44);
        var c3 = Avx.Shuffle(b1, b3, 0xEE);
        var c4 = Avx.Shuffle(b4, b6, 0x44);
        var c5 = Avx.Shuffle(b4, b6, 0xEE);
        var c6 = Avx.Shuffle(b5, b7, 0x44);
        var c7 = Avx.Shuffle(b5, b7, 0xEE);
        Avx.Permute2x128(c0, c4, 0x20).Store(y);
        Avx.Permute2x128(c1, c5, 0x20).Store(y + sy);
        Avx.Permute2x128(c2, c6, 0x20).Store(y + 2 * sy);
        Avx.Permute2x128(c3, c7, 0x20).Store(y + 3 * sy);
        Avx.Permute2x128(c0, c4, 0x31).Store(y + 4 * sy);
        Avx.Permute2x128(c1, c5, 0x31).Store(y + 5 * sy);
        Avx.Permute2x128(c2, c6, 0x31).Store(y + 6 * sy);
        Avx.Permute2x128(c3, c7, 0x31).Store(y + 7 * sy);
    }
}
