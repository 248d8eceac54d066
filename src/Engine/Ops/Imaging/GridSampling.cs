using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>How grid_sample reads an image at a place: for each dim the indices it meets, their weights, and how these change with the grid's coordinate.</summary>
internal readonly record struct GridRule(string Mode, string PaddingMode, bool AlignCorners)
{
    /// <summary>The most indices that a mode reads along a dim.</summary>
    public const int TapsMax = 4;

    public int Taps => Mode switch { "nearest" => 1, "bilinear" => 2, _ => 4 };

    /// <summary>Fills the taps of one dim; an index of -1 is outside, where everything is zero.</summary>
    public void Fill(double coordinate, long size, Span<long> indices, Span<double> weights, Span<double> slopes)
    {
        // From [-1, 1] to places: the corners' centers, or the corners themselves, at the ends.
        double place = AlignCorners ? (coordinate + 1) / 2 * (size - 1) : ((coordinate + 1) * size - 1) / 2;
        double change = (AlignCorners ? size - 1 : size) / 2.0;
        if (Mode == "bicubic")
        {
            double floor = Math.Floor(place), part = place - floor;
            for (int t = 0; t < 4; t++)
            {
                double moved = floor + t - 1, unused = 1;
                indices[t] = Inside(Padded(moved, size, ref unused), size);
                weights[t] = CubicKernel.Weight(t - 1 - part, -0.75);
                slopes[t] = -CubicKernel.Slope(t - 1 - part, -0.75) * change;
            }
            return;
        }
        place = Padded(place, size, ref change);
        if (Mode == "nearest")
        {
            indices[0] = Inside(Math.Round(place, MidpointRounding.ToEven), size);
            (weights[0], slopes[0]) = (1, 0);
            return;
        }
        double first = Math.Floor(place);
        (indices[0], indices[1]) = (Inside(first, size), Inside(first + 1, size));
        (weights[0], weights[1]) = (first + 1 - place, place - first);
        (slopes[0], slopes[1]) = (-change, change);
    }

    private static long Inside(double index, long size) => index >= 0 && index <= size - 1 ? (long)index : -1;

    private double Padded(double place, long size, ref double change)
    {
        if (PaddingMode == "zeros") return place;
        if (PaddingMode == "reflection") place = AlignCorners ? Reflected(place, 0, 2 * (size - 1), ref change) : Reflected(place, -1, 2 * size - 1, ref change);
        // NaN goes to 0.
        if (!(place > 0))
        {
            change = 0;
            return 0;
        }
        if (place < size - 1) return place;
        change = 0;
        return size - 1;
    }

    private static double Reflected(double place, long twiceLow, long twiceHigh, ref double change)
    {
        if (twiceLow == twiceHigh)
        {
            change = 0;
            return 0;
        }
        double low = twiceLow / 2.0, span = (twiceHigh - twiceLow) / 2.0;
        double distance = place - low;
        if (distance < 0) (distance, change) = (-distance, -change);
        double flips = Math.Floor(distance / span), rest = distance - flips * span;
        if (flips % 2 == 0) return rest + low;
        change = -change;
        return span - rest + low;
    }
}

/// <summary>The kernels of grid_sample over two or three dims.</summary>
internal static unsafe class GridSampling
{
    /// <summary>y[n, c, o] = x[n, c] read at grid[n, o].</summary>
    public static void Forward(GridRule rule, Tensor x, Tensor grid, Tensor y) => DTypes.DispatchFloat("grid_sampler_2d_cpu_kernel_impl", y.DType, new Action(rule, x, grid, y, null, Task.Forward));

    /// <summary>The gradient of x, from zero.</summary>
    public static void BackwardInput(GridRule rule, Tensor grad, Tensor grid, Tensor x)
    {
        Kernels.Fill.All(x, 0L);
        DTypes.DispatchFloat("grid_sampler_2d_backward_cpu_kernel_impl", grad.DType, new Action(rule, x, grid, grad, null, Task.BackwardInput));
    }

    /// <summary>The gradient of the grid.</summary>
    public static void BackwardGrid(GridRule rule, Tensor grad, Tensor x, Tensor grid, Tensor result) =>
        DTypes.DispatchFloat("grid_sampler_2d_backward_cpu_kernel_impl", grad.DType, new Action(rule, x, grid, grad, result, Task.BackwardGrid));

    private enum Task
    {
        Forward,
        BackwardInput,
        BackwardGrid,
    }

    private readonly ref struct Action(GridRule rule, Tensor x, Tensor grid, Tensor y, Tensor? result, Task task) : IFloatAction
    {
        private readonly GridRule _rule = rule;
        private readonly Tensor _x = x, _grid = grid, _y = y;
        private readonly Tensor? _result = result;
        private readonly Task _task = task;

        public void Run<T>() where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            if (_grid.Numel == 0) return;
            int dims = _x.Dim - 2;
            long batch = _x.Shape[0], places = _grid.Numel / dims / batch;
            var body = new Body<T>(_rule, dims, _x.Shape, places, _x.Pointer<T>(), _grid.Pointer<T>(), _y.Pointer<T>(), _result is null ? null : _result.Pointer<T>(), _task);
            // Places of one image may meet in the input: its gradient is spread over the threads by images only.
            if (_task == Task.BackwardInput) WorkerPool.For(batch, 1, new ByImage<T>(body, places));
            else WorkerPool.For(batch * places, 256, body);
        }
    }

    private readonly struct ByImage<T>(Body<T> body, long places) : IRangeBody where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Invoke(long from, long to) => body.Invoke(from * places, to * places);
    }

    private readonly struct Body<T>(GridRule rule, int dims, Shape shape, long places, T* x, T* grid, T* y, T* result, Task task) : IRangeBody where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Invoke(long from, long to)
        {
            int taps = rule.Taps, combinations = dims == 3 ? taps * taps * taps : taps * taps;
            long channels = shape[1], plane = 1;
            for (int d = 0; d < dims; d++) plane *= shape[2 + d];
            Span<long> indices = stackalloc long[3 * GridRule.TapsMax];
            Span<double> weights = stackalloc double[3 * GridRule.TapsMax], slopes = stackalloc double[3 * GridRule.TapsMax];
            Span<double> sums = stackalloc double[3];
            for (long at = from; at < to; at++)
            {
                long image = at / places, place = at - image * places;
                // The grid names the last dim first.
                for (int d = 0; d < dims; d++)
                    rule.Fill(double.CreateTruncating(grid[at * dims + dims - 1 - d]), shape[2 + d], indices[(d * taps)..], weights[(d * taps)..], slopes[(d * taps)..]);
                T* source = x + image * channels * plane, target = y + image * channels * places + place;
                if (task == Task.Forward)
                    for (long c = 0; c < channels; c++) target[c * places] = T.Zero;
                sums.Clear();
                for (int n = 0; n < combinations; n++)
                {
                    long offset = 0;
                    double weight = 1;
                    bool inside = true;
                    for (int d = 0, rest = n; d < dims; d++, rest /= taps)
                    {
                        int t = d * taps + rest % taps;
                        inside &= indices[t] >= 0;
                        offset = offset * shape[2 + d] + indices[t];
                        weight *= weights[t];
                    }
                    if (!inside) continue;
                    T w = T.CreateTruncating(weight);
                    if (task == Task.Forward)
                        for (long c = 0; c < channels; c++) target[c * places] += source[c * plane + offset] * w;
                    else if (task == Task.BackwardInput)
                        for (long c = 0; c < channels; c++) source[c * plane + offset] += target[c * places] * w;
                    else
                    {
                        double product = 0;
                        for (long c = 0; c < channels; c++) product += double.CreateTruncating(source[c * plane + offset] * target[c * places]);
                        for (int d = 0; d < dims; d++)
                        {
                            double change = product;
                            for (int e = 0, rest = n; e < dims; e++, rest /= taps) change *= e == d ? slopes[e * taps + rest % taps] : weights[e * taps + rest % taps];
                            sums[d] += change;
                        }
                    }
                }
                if (task == Task.BackwardGrid)
                    for (int d = 0; d < dims; d++) result[at * dims + dims - 1 - d] = T.CreateTruncating(sums[d]);
            }
        }
    }
}
