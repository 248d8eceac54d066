using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace AutogradService.Engine.Kernels;

/// <summary>
/// A convolution as a product of matrices: weights (channels out x depth) times columns, where depth runs over channels in and taps of the kernel, and a column is what the
/// taps see from one place of the output. Always three spatial dims, leading ones of size 1.
/// </summary>
// Note [Phases of a transposed convolution]
// A place q of a transposed convolution's output sees input p through tap k where p stride = q + padding - k dilation, so only the taps with that remainder matter. All q with the
// same remainder modulo stride (a phase) share their taps and form a dense convolution of stride 1, whose output is every stride-th place. Outputs are gathered, never scattered
// to: no atomics, no sums over threads, and no products with the zeros between.
internal sealed unsafe class ConvolutionPlan
{
    /// <summary>Taps by dim: their place in the kernel.</summary>
    private readonly long[][] _taps;

    /// <summary>Taps by dim: input index minus step times column index.</summary>
    private readonly long[][] _offsets;

    private ConvolutionPlan(long batch, long groups, long rows, long channels, long[] input, long[] kernel, long[] output, long[] places, long[] step, long[] outputStep, long[] outputOffset, long[][] taps, long[][] offsets)
    {
        Batch = batch;
        Groups = groups;
        Rows = rows;
        Channels = channels;
        Input = input;
        Kernel = kernel;
        Output = output;
        Places = places;
        Step = step;
        OutputStep = outputStep;
        OutputOffset = outputOffset;
        _taps = taps;
        _offsets = offsets;
        TapCount = (long)taps[0].Length * taps[1].Length * taps[2].Length;
        Columns = places[0] * places[1] * places[2];
        KernelSize = kernel[0] * kernel[1] * kernel[2];
        InputPlane = input[0] * input[1] * input[2];
        OutputPlane = output[0] * output[1] * output[2];
    }

    public long Batch { get; }

    public long Groups { get; }

    /// <summary>Channels out, of a group.</summary>
    public long Rows { get; }

    /// <summary>Channels in, of a group.</summary>
    public long Channels { get; }

    public long[] Input { get; }

    public long[] Kernel { get; }

    public long[] Output { get; }

    /// <summary>Places of the output that the plan computes, by dim.</summary>
    public long[] Places { get; }

    public long[] Step { get; }

    public long[] OutputStep { get; }

    public long[] OutputOffset { get; }

    public long TapCount { get; }

    public long Depth => Channels * TapCount;

    /// <summary>Places of one image.</summary>
    public long Columns { get; }

    public long KernelSize { get; }

    public long InputPlane { get; }

    public long OutputPlane { get; }

    /// <summary>Whether every tap of the kernel takes part, in order: the weights are the matrix as they lie.</summary>
    public bool IsWhole => TapCount == KernelSize;

    /// <summary>Whether places follow each other in the output's memory.</summary>
    public bool IsDense => Columns == OutputPlane;

    /// <summary>The plan of a convolution (or, for its weights' gradient, of what its taps see).</summary>
    public static ConvolutionPlan Of(long batch, long groups, long rows, long channels, long[] input, long[] kernel, long[] output, long[] stride, long[] padding, long[] dilation)
    {
        var taps = new long[3][];
        var offsets = new long[3][];
        bool pointwise = true;
        for (int d = 0; d < 3; d++)
        {
            taps[d] = new long[kernel[d]];
            offsets[d] = new long[kernel[d]];
            for (long k = 0; k < kernel[d]; k++)
            {
                taps[d][k] = k;
                offsets[d][k] = k * dilation[d] - padding[d];
            }
            pointwise &= kernel[d] == 1 && stride[d] == 1 && padding[d] == 0 && input[d] == output[d];
        }
        if (pointwise)
        {
            // Every place sees itself: one long row.
            input = [1, 1, input[0] * input[1] * input[2]];
            output = input;
        }
        return new ConvolutionPlan(batch, groups, rows, channels, input, kernel, output, output, stride, [1, 1, 1], [0, 0, 0], taps, offsets);
    }

    /// <summary>The plans of a transposed convolution. Note [Phases of a transposed convolution].</summary>
    public static List<ConvolutionPlan> Transposed(long batch, long groups, long rows, long channels, long[] input, long[] kernel, long[] output, long[] stride, long[] padding, long[] dilation)
    {
        var plans = new List<ConvolutionPlan>();
        for (long r0 = 0; r0 < Math.Min(stride[0], output[0]); r0++)
            for (long r1 = 0; r1 < Math.Min(stride[1], output[1]); r1++)
                for (long r2 = 0; r2 < Math.Min(stride[2], output[2]); r2++)
                {
                    long[] phase = [r0, r1, r2];
                    var places = new long[3];
                    var taps = new long[3][];
                    var offsets = new long[3][];
                    for (int d = 0; d < 3; d++)
                    {
                        places[d] = (output[d] - phase[d] + stride[d] - 1) / stride[d];
                        var kept = new List<long>();
                        for (long k = 0; k < kernel[d]; k++)
                            if ((phase[d] + padding[d] - k * dilation[d]) % stride[d] == 0) kept.Add(k);
                        taps[d] = [.. kept];
                        int dim = d;
                        offsets[d] = Array.ConvertAll(taps[d], k => (phase[dim] + padding[dim] - k * dilation[dim]) / stride[dim]);
                    }
                    plans.Add(new ConvolutionPlan(batch, groups, rows, channels, input, kernel, output, places, [1, 1, 1], stride, phase, taps, offsets));
                }
        return plans;
    }

    /// <summary>The weights as matrices (groups x rows x depth), from kernels that lie [channels in of all groups, channels out of a group, taps] or, not transposed, [out, in, taps].</summary>
    public void Weights<T>(T* weight, bool transposed, T* target) where T : unmanaged
    {
        var at = new long[TapCount];
        int n = 0;
        foreach (long a in _taps[0])
            foreach (long b in _taps[1])
                foreach (long c in _taps[2]) at[n++] = (a * Kernel[1] + b) * Kernel[2] + c;
        WorkerPool.For(Groups * Rows, Math.Max(1, (1 << 13) / Math.Max(1, Depth)), new WeightsBody<T>(this, weight, transposed, at, target));
    }

    /// <summary>
    /// Writes lines of the column matrix: for each (channel, tap) from <paramref name="line"/> on, what it sees from the columns [from, to) counted over all images.
    /// </summary>
    /// <param name="source">The first channel of the group in the first image.</param>
    /// <param name="batchStride">Elements from image to image.</param>
    /// <param name="pitch">Elements from line to line of the target.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill<T>(T* source, long batchStride, long line, long lines, long from, long to, T* target, long pitch) where T : unmanaged
    {
        long places1 = Places[1], places2 = Places[2], step0 = Step[0], step1 = Step[1], step2 = Step[2];
        long size0 = Input[0], size1 = Input[1], size2 = Input[2];
        long image = from / Columns, rest = from - image * Columns;
        long first2 = rest % places2, first1 = rest / places2 % places1, first0 = rest / (places2 * places1);
        long taps1 = _taps[1].Length, taps2 = _taps[2].Length;
        for (; lines > 0; lines--, line++, target += pitch)
        {
            long channel = line / TapCount, tap = line - channel * TapCount;
            long offset2 = _offsets[2][tap % taps2], offset1 = _offsets[1][tap / taps2 % taps1], offset0 = _offsets[0][tap / (taps2 * taps1)];
            var plane = source + image * batchStride + channel * InputPlane;
            long q0 = first0, q1 = first1, q2 = first2, left = to - from;
            var y = target;
            while (true)
            {
                long count = Math.Min(places2 - q2, left);
                long i0 = q0 * step0 + offset0, i1 = q1 * step1 + offset1;
                if ((ulong)i0 >= (ulong)size0 || (ulong)i1 >= (ulong)size1) Clear(y, count);
                else Run(plane + (i0 * size1 + i1) * size2, q2 * step2 + offset2, step2, size2, y, count);
                left -= count;
                if (left == 0) break;
                y += count;
                q2 = 0;
                if (++q1 < places1) continue;
                q1 = 0;
                if (++q0 < Places[0]) continue;
                q0 = 0;
                plane += batchStride;
            }
        }
    }

    /// <summary>Copies rows x columns of a matrix of places to where they belong in the output, or adds them.</summary>
    /// <param name="output">The first row's plane in the first image.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Spread<T>(T* matrix, long pitch, long rows, long from, long to, T* output, long batchStride, bool adds) where T : unmanaged, System.Numerics.INumber<T>
    {
        long step2 = OutputStep[2];
        for (long row = 0; row < rows; row++)
        {
            var source = matrix + row * pitch;
            for (long at = from; at < to;)
            {
                long image = at / Columns, rest = at - image * Columns;
                long q2 = rest % Places[2], q1 = rest / Places[2] % Places[1], q0 = rest / (Places[2] * Places[1]);
                long count = Math.Min(Places[2] - q2, to - at);
                if (IsDense) count = Math.Min(Columns - rest, to - at);
                long place = ((q0 * OutputStep[0] + OutputOffset[0]) * Output[1] + q1 * OutputStep[1] + OutputOffset[1]) * Output[2] + q2 * step2 + OutputOffset[2];
                var target = output + image * batchStride + row * OutputPlane + place;
                if (adds)
                    for (long i = 0; i < count; i++) target[i * step2] += source[i];
                else if (IsDense) Copy(source, target, count);
                else
                    for (long i = 0; i < count; i++) target[i * step2] = source[i];
                source += count;
                at += count;
            }
        }
    }

    /// <summary>target[j] = row[at + j step] where that is inside the row, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Run<T>(T* row, long at, long step, long size, T* target, long count) where T : unmanaged
    {
        if (step == 1)
        {
            long low = Math.Min(Math.Max(-at, 0), count), high = Math.Max(Math.Min(size - at, count), low);
            for (long j = 0; j < low; j++) target[j] = default;
            Copy(row + at + low, target + low, high - low);
            for (long j = high; j < count; j++) target[j] = default;
            return;
        }
        long begin = at >= 0 ? 0 : Math.Min((step - 1 - at) / step, count);
        long end = Math.Max(at >= size ? 0 : Math.Min((size - 1 - at) / step + 1, count), begin);
        for (long j = 0; j < begin; j++) target[j] = default;
        var source = row + at;
        long i = begin;
        if (step == 2 && sizeof(T) == 4)
        {
            // Two vectors of neighbours hold four of every second one; the second load may not pass the last that is needed.
            for (; i + 5 <= end; i += 4)
            {
                var first = Vector128.Load((float*)(source + 2 * i));
                var second = Vector128.Load((float*)(source + 2 * i + 4));
                if (System.Runtime.Intrinsics.X86.Sse.IsSupported) Vector128.Store(System.Runtime.Intrinsics.X86.Sse.Shuffle(first, second, 0x88), (float*)(target + i));
                else Vector128.Store(Vector128.Create(first[0], first[2], second[0], second[2]), (float*)(target + i));
            }
        }
        for (; i < end; i++) target[i] = source[i * step];
        for (long j = end; j < count; j++) target[j] = default;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy<T>(T* source, T* target, long count) where T : unmanaged
    {
        int width = 32 / sizeof(T);
        if (count >= width)
        {
            long i = 0;
            for (; i + width <= count; i += width) Vector256.Store(Vector256.Load((byte*)(source + i)), (byte*)(target + i));
            if (i < count) Vector256.Store(Vector256.Load((byte*)(source + count - width)), (byte*)(target + count - width));
            return;
        }
        for (long i = 0; i < count; i++) target[i] = source[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Clear<T>(T* target, long count) where T : unmanaged
    {
        for (long i = 0; i < count; i++) target[i] = default;
    }

    private readonly struct WeightsBody<T>(ConvolutionPlan plan, T* weight, bool transposed, long[] at, T* target) : IRangeBody where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Invoke(long from, long to)
        {
            var y = target + from * plan.Depth;
            for (long row = from; row < to; row++)
                for (long channel = 0; channel < plan.Channels; channel++)
                {
                    long group = row / plan.Rows, first = transposed ? (group * plan.Channels + channel) * plan.Rows + row - group * plan.Rows : row * plan.Channels + channel;
                    var source = weight + first * plan.KernelSize;
                    foreach (long tap in at) *y++ = source[tap];
                }
        }
    }
}
