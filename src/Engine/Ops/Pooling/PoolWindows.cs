using System.Numerics;
using System.Runtime.InteropServices;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>The windows along one dim: where each begins and ends inside the input, how far its elements are apart, and how long it counts when padding counts too.</summary>
internal sealed record WindowRow(long Input, long[] Starts, long[] Ends, long Step, long[] Sizes)
{
    /// <summary>The one window of a dim that is not pooled.</summary>
    public static WindowRow Whole { get; } = new(1, [0], [1], 1, [1]);

    /// <summary>Windows of a size, stride apart, over an input with padding on both sides.</summary>
    public static WindowRow Sliding(long input, long output, long kernel, long stride, long padding, long dilation)
    {
        long[] starts = new long[output], ends = new long[output], sizes = new long[output];
        for (long o = 0; o < output; o++)
        {
            long start = o * stride - padding, extent = (kernel - 1) * dilation + 1;
            sizes[o] = Math.Min(start + extent, input + padding) - start;
            ends[o] = Math.Min(start + extent, input);
            starts[o] = start >= 0 ? start : start + (dilation - 1 - start) / dilation * dilation;
        }
        return new WindowRow(input, starts, ends, dilation, sizes);
    }

    /// <summary>As many windows as asked for, as even as can be: from floor(o input / output) up to ceil((o + 1) input / output).</summary>
    public static WindowRow Adaptive(long input, long output)
    {
        long[] starts = new long[output], ends = new long[output], sizes = new long[output];
        for (long o = 0; o < output; o++)
        {
            starts[o] = o * input / output;
            ends[o] = ((o + 1) * input + output - 1) / output;
            sizes[o] = ends[o] - starts[o];
        }
        return new WindowRow(input, starts, ends, 1, sizes);
    }
}

/// <summary>The kernels of pooling over one to three dims: every plane (the pooled dims of one channel) is computed on its own.</summary>
internal sealed unsafe class PoolWindows
{
    private const long Grain = 1 << 12;

    private readonly WindowRow[] _rows;

    /// <param name="rows">The windows of the pooled dims, first to last.</param>
    public PoolWindows(params ReadOnlySpan<WindowRow> rows)
    {
        _rows = [WindowRow.Whole, WindowRow.Whole, WindowRow.Whole];
        rows.CopyTo(_rows.AsSpan(3 - rows.Length));
        InputPlane = _rows[0].Input * _rows[1].Input * _rows[2].Input;
        OutputPlane = (long)_rows[0].Starts.Length * _rows[1].Starts.Length * _rows[2].Starts.Length;
    }

    /// <summary>Those of a tensor without elements, whose other dims may be of any size: they are not listed.</summary>
    public static PoolWindows None { get; } = new(new WindowRow(0, [], [], 1, []));

    public long InputPlane { get; }

    public long OutputPlane { get; }

    /// <summary>The largest element of each window and its index in the plane: the first of equals; a NaN wins, the last of several.</summary>
    public void Max(Tensor x, Tensor values, Tensor indices) => DTypes.Dispatch(x.DType, new MaxAction(this, x, values, indices));

    /// <summary>The sum of each window over its divisor.</summary>
    /// <param name="divisor">For every window, or 0: then its number of elements, padding counted or not.</param>
    public void Average(Tensor x, Tensor y, bool countPadding, long divisor) => DTypes.Dispatch(x.DType, new AverageAction(this, x, y, countPadding, divisor, false));

    /// <summary>The adjoint of <see cref="Average"/>: adds each window's gradient over its divisor to the window's elements, from zero.</summary>
    public void AverageBackward(Tensor grad, Tensor y, bool countPadding, long divisor) => DTypes.Dispatch(y.DType, new AverageAction(this, y, grad, countPadding, divisor, true));

    private void ForPlanes<TBody>(long elements, TBody body) where TBody : struct, IRangeBody
    {
        if (OutputPlane > 0) WorkerPool.For(elements / OutputPlane, Math.Max(1, Grain / Math.Max(InputPlane, OutputPlane)), body);
    }

    private readonly ref struct MaxAction(PoolWindows windows, Tensor x, Tensor values, Tensor indices) : IDTypeAction
    {
        private readonly PoolWindows _windows = windows;
        private readonly Tensor _x = x, _values = values, _indices = indices;

        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> =>
            _windows.ForPlanes(_values.Numel, new MaxBody<T>(_windows, _x.Pointer<T>(), _values.Pointer<T>(), _indices.Pointer<long>()));
    }

    private readonly ref struct AverageAction(PoolWindows windows, Tensor x, Tensor y, bool countPadding, long divisor, bool backward) : IDTypeAction
    {
        private readonly PoolWindows _windows = windows;
        private readonly Tensor _x = x, _y = y;
        private readonly bool _countPadding = countPadding, _backward = backward;
        private readonly long _divisor = divisor;

        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> =>
            _windows.ForPlanes(_y.Numel, new AverageBody<T>(_windows, _x.Pointer<T>(), _y.Pointer<T>(), _countPadding, _divisor, _backward));
    }

    private readonly struct MaxBody<T>(PoolWindows windows, T* x, T* values, long* indices) : IRangeBody where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        public void Invoke(long from, long to)
        {
            WindowRow r0 = windows._rows[0], r1 = windows._rows[1], r2 = windows._rows[2];
            long outputs = r2.Starts.Length, rowsMax = 0;
            for (int o = 0; o < r0.Starts.Length; o++) rowsMax = Math.Max(rowsMax, (r0.Ends[o] - r0.Starts[o] + r0.Step - 1) / r0.Step);
            long most = 0;
            for (int o = 0; o < r1.Starts.Length; o++) most = Math.Max(most, (r1.Ends[o] - r1.Starts[o] + r1.Step - 1) / r1.Step);
            rowsMax *= most;
            bool vector = typeof(T) == typeof(float) && windows.InputPlane < int.MaxValue - 64 && rowsMax is > 0 and < 1 << 16;
            int[] rows = vector ? new int[rowsMax] : [];
            long* entries = vector ? (long*)NativeMemory.AlignedAlloc((nuint)MaxWindow.ScratchBytes(r2.Input), 64) : null;
            try
            {
                for (long plane = from; plane < to; plane++)
                {
                    T* x1 = x + plane * windows.InputPlane, y = values + plane * windows.OutputPlane;
                    long* index = indices + plane * windows.OutputPlane;
                    for (long o0 = 0; o0 < r0.Starts.Length; o0++)
                        for (long o1 = 0; o1 < r1.Starts.Length; o1++, y += outputs, index += outputs)
                        {
                            if (vector && MaxWindow.Columns((float*)x1, RowsOf(rows, r0, r1, r2, o0, o1), (int)r2.Input, entries))
                                MaxWindow.Windows((float*)x1, entries, r2.Starts, r2.Ends, r2.Step, (float*)y, index);
                            else Row(x1, y, index, o0, o1);
                        }
                }
            }
            finally
            {
                NativeMemory.AlignedFree(entries);
            }
        }

        private static ReadOnlySpan<int> RowsOf(int[] rows, WindowRow r0, WindowRow r1, WindowRow r2, long o0, long o1)
        {
            int count = 0;
            for (long i0 = r0.Starts[o0]; i0 < r0.Ends[o0]; i0 += r0.Step)
                for (long i1 = r1.Starts[o1]; i1 < r1.Ends[o1]; i1 += r1.Step) rows[count++] = (int)((i0 * r1.Input + i1) * r2.Input);
            return rows.AsSpan(0, count);
        }

        private void Row(T* x, T* y, long* index, long o0, long o1)
        {
            WindowRow r0 = windows._rows[0], r1 = windows._rows[1], r2 = windows._rows[2];
            long size1 = r1.Input, size2 = r2.Input, step0 = r0.Step, step1 = r1.Step, step2 = r2.Step;
            long start0 = r0.Starts[o0], end0 = r0.Ends[o0], start1 = r1.Starts[o1], end1 = r1.Ends[o1];
            for (long o2 = 0; o2 < r2.Starts.Length; o2++)
            {
                long start2 = r2.Starts[o2], end2 = r2.Ends[o2];
                long best = (start0 * size1 + start1) * size2 + start2;
                T max = x[best];
                for (long i0 = start0; i0 < end0; i0 += step0)
                    for (long i1 = start1; i1 < end1; i1 += step1)
                    {
                        long row = (i0 * size1 + i1) * size2;
                        for (long i2 = start2; i2 < end2; i2 += step2)
                        {
                            T value = x[row + i2];
                            if (value > max || T.IsNaN(value)) (max, best) = (value, row + i2);
                        }
                    }
                *y++ = max;
                *index++ = best;
            }
        }
    }

    private readonly struct AverageBody<T>(PoolWindows windows, T* x, T* y, bool countPadding, long divisor, bool backward) : IRangeBody where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        public void Invoke(long from, long to)
        {
            for (long plane = from; plane < to; plane++) Plane(x + plane * windows.InputPlane, y + plane * windows.OutputPlane);
        }

        private void Plane(T* x, T* y)
        {
            if (backward) new Span<T>(x, checked((int)windows.InputPlane)).Clear();
            WindowRow r0 = windows._rows[0], r1 = windows._rows[1], r2 = windows._rows[2];
            long size1 = r1.Input, size2 = r2.Input;
            for (long o0 = 0; o0 < r0.Starts.Length; o0++)
                for (long o1 = 0; o1 < r1.Starts.Length; o1++)
                    for (long o2 = 0; o2 < r2.Starts.Length; o2++, y++)
                    {
                        long start0 = r0.Starts[o0], end0 = r0.Ends[o0], start1 = r1.Starts[o1], end1 = r1.Ends[o1], start2 = r2.Starts[o2], end2 = r2.Ends[o2];
                        if (start0 >= end0 || start1 >= end1 || start2 >= end2)
                        {
                            if (!backward) *y = T.Zero;
                            continue;
                        }
                        long count = divisor != 0 ? divisor : countPadding ? r0.Sizes[o0] * r1.Sizes[o1] * r2.Sizes[o2] : (end0 - start0) * (end1 - start1) * (end2 - start2);
                        T over = T.CreateTruncating(count), sum = T.Zero, share = backward ? *y / over : T.Zero;
                        for (long i0 = start0; i0 < end0; i0++)
                            for (long i1 = start1; i1 < end1; i1++)
                            {
                                T* row = x + (i0 * size1 + i1) * size2;
                                if (backward)
                                    for (long i2 = start2; i2 < end2; i2++) row[i2] += share;
                                else
                                    for (long i2 = start2; i2 < end2; i2++) sum += row[i2];
                            }
                        if (!backward) *y = sum / over;
                    }
        }
    }
}
