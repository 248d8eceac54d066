using System.Numerics;
using System.Runtime.CompilerServices;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Functions;

/// <summary>
/// The sum of all that a loop makes in one slot, taken tile by tile: the very summation tree of <see cref="Reduce.Sum"/>, so that the bits are those of the op on its own.
/// </summary>
/// <param name="slot">Which slot.</param>
/// <param name="result">Takes the sum.</param>
internal abstract unsafe class LoopSum(int slot, Place result)
{
    /// <summary>Bytes of the state of a block that is being summed.</summary>
    public const int StateBytes = 9 * 64;

    public int Slot => slot;

    public Place Result => result;

    /// <summary>Elements of a block that is summed straight.</summary>
    public abstract long BlockElements { get; }

    /// <summary>Bytes that a block's sum takes.</summary>
    public abstract int PartialBytes { get; }

    public static LoopSum Of(int slot, Place result) => result.DType == DType.Float32 ? new Sum<float>(slot, result) : new Sum<double>(slot, result);

    /// <summary>Begins a block.</summary>
    public static void Begin(byte* state) => new Span<byte>(state, StateBytes).Clear();

    /// <summary>Adds a tile; all but the last of a loop are multiples of eight vectors.</summary>
    public abstract void Add(byte* state, byte* x, long n);

    /// <summary>Ends a block.</summary>
    public abstract void End(byte* state, byte* partial);

    /// <summary>Adds the blocks up.</summary>
    /// <param name="partials">The blocks' sums.</param>
    /// <param name="n">Elements in all.</param>
    /// <param name="y">Takes the sum.</param>
    public abstract void Finish(byte* partials, long n, byte* y);

    private sealed class Sum<T>(int slot, Place result) : LoopSum(slot, result) where T : unmanaged, INumber<T>
    {
        public override long BlockElements => ReduceSum.BlockVectors * Vector<T>.Count;

        public override int PartialBytes => sizeof(Vector<T>);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Add(byte* state, byte* x, long n)
        {
            var sums = (Vector<T>*)state;
            T* p = (T*)x;
            long vectors = n / Vector<T>.Count;
            for (; vectors >= 8; vectors -= 8, p += 8 * Vector<T>.Count)
                for (int i = 0; i < 8; i++) sums[i] += Vector.Load(p + i * Vector<T>.Count);
            for (; vectors > 0; vectors--, p += Vector<T>.Count) sums[0] += Vector.Load(p);
            // The last elements of all, less than a vector, are added when the block ends.
            sums[8] = ReduceSum.LoadTail(p, n % Vector<T>.Count, T.Zero);
        }

        public override void End(byte* state, byte* partial)
        {
            var s = (Vector<T>*)state;
            *(Vector<T>*)partial = s[0] + s[1] + (s[2] + s[3]) + (s[4] + s[5] + (s[6] + s[7])) + s[8];
        }

        public override void Finish(byte* partials, long n, byte* y)
        {
            long segments = (n + Reduce.SegmentLength - 1) / Reduce.SegmentLength;
            long perSegment = Reduce.SegmentLength / BlockElements;
            var sums = segments <= 64 ? stackalloc T[64] : new T[segments];
            for (int i = 0; i < segments; i++)
                sums[i] = Segment((Vector<T>*)partials + i * perSegment, Math.Min(Reduce.SegmentLength, n - i * Reduce.SegmentLength));
            fixed (T* p = sums) *(T*)y = segments == 1 ? *p : Reduce.Sum(p, segments);
        }

        private T Segment(Vector<T>* blocks, long n)
        {
            Vector<T>* levels = stackalloc Vector<T>[64];
            long count = n / BlockElements;
            for (long b = 0; b < count; b++)
            {
                var sum = blocks[b];
                int level = 0;
                for (; (b >> level & 1) != 0; level++) sum = levels[level] + sum;
                levels[level] = sum;
            }
            var total = n % BlockElements != 0 ? blocks[count] : Vector<T>.Zero;
            for (int level = 0; count >> level != 0; level++)
                if ((count >> level & 1) != 0) total = levels[level] + total;
            return Vector.Sum(total);
        }
    }
}
