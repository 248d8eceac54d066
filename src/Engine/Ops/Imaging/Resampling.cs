using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>How the places of one dim are interpolated: each output is a sum of a few inputs with weights.</summary>
internal sealed class ResampledDim
{
    private ResampledDim(long input, long output, int taps)
    {
        Input = input;
        Output = output;
        Taps = taps;
        Indices = new long[output * taps];
        Weights = new double[output * taps];
    }

    public long Input { get; }

    public long Output { get; }

    public int Taps { get; }

    /// <summary>For each output, its inputs.</summary>
    public long[] Indices { get; }

    /// <summary>Their weights.</summary>
    public double[] Weights { get; }

    /// <summary>A dim that is not resampled.</summary>
    public static ResampledDim Single { get; } = Nearest(1, 1, 1, 0, true);

    /// <summary>The weights of a mode. PyTorch computes places in the tensor's precision and rounds them to float32 before it takes the floor.</summary>
    public static ResampledDim Of(string mode, long input, long output, bool alignCorners, double? scale, bool single)
    {
        bool antialias = mode.EndsWith("_aa", StringComparison.Ordinal);
        double ratio = Ratio(input, output, alignCorners, scale, single);
        return mode switch
        {
            "nearest" => Nearest(input, output, ratio, 0, single),
            "nearest-exact" => Nearest(input, output, ratio, 0.5, single),
            _ when antialias => Antialiased(input, output, ratio, mode.StartsWith("bicubic", StringComparison.Ordinal)),
            "bicubic" => Cubic(input, output, ratio, alignCorners, single),
            _ => Linear(input, output, ratio, alignCorners, single),
        };
    }

    private static double Ratio(long input, long output, bool alignCorners, double? scale, bool single)
    {
        double ratio = alignCorners ? output > 1 ? Rounded((double)(input - 1) / (output - 1), single) : 0
            : scale is > 0 ? 1 / scale.Value : (double)input / output;
        return Rounded(ratio, single);
    }

    private static double Source(double ratio, long output, bool alignCorners, bool cubic, bool single)
    {
        if (alignCorners) return Rounded(ratio * output, single);
        double place = Rounded(Rounded(ratio * (output + 0.5), single) - 0.5, single);
        return !cubic && place < 0 ? 0 : place;
    }

    private static double Rounded(double value, bool single) => single ? (float)value : value;

    private static ResampledDim Nearest(long input, long output, double ratio, double shift, bool single)
    {
        var dim = new ResampledDim(input, output, 1);
        for (long o = 0; o < output; o++)
        {
            double place = shift == 0 ? Source(ratio, o, true, false, single) : Rounded(Source(ratio, o, false, false, single) + shift, single);
            dim.Set(o, 0, Math.Min((long)MathF.Floor((float)place), input - 1), 1);
        }
        return dim;
    }

    private static ResampledDim Linear(long input, long output, double ratio, bool alignCorners, bool single)
    {
        var dim = new ResampledDim(input, output, 2);
        for (long o = 0; o < output; o++)
        {
            double place = input == output ? o : Source(ratio, o, alignCorners, false, single);
            long first = Math.Min((long)MathF.Floor((float)place), input - 1);
            double part = Math.Clamp(place - first, 0, 1);
            dim.Set(o, 0, first, 1 - part);
            dim.Set(o, 1, Math.Min(first + (input == output ? 0 : 1), input - 1), part);
        }
        return dim;
    }

    private static ResampledDim Cubic(long input, long output, double ratio, bool alignCorners, bool single)
    {
        var dim = new ResampledDim(input, output, 4);
        for (long o = 0; o < output; o++)
        {
            double place = Source(ratio, o, alignCorners, true, single);
            long first = Math.Min((long)MathF.Floor((float)place), input - 1);
            double part = Math.Clamp(place - first, 0, 1);
            for (int t = 0; t < 4; t++) dim.Set(o, t, Math.Clamp(first + t - 1, 0, input - 1), CubicKernel.Weight(t - 1 - part, -0.75));
        }
        return dim;
    }

    // When it shrinks, the kernel widens with the ratio, so that every input counts.
    private static ResampledDim Antialiased(long input, long output, double ratio, bool cubic)
    {
        double support = (cubic ? 2 : 1) * Math.Max(ratio, 1), inverse = 1 / Math.Max(ratio, 1);
        var dim = new ResampledDim(input, output, (int)Math.Min(Math.Ceiling(support) * 2 + 1, input));
        for (long o = 0; o < output; o++)
        {
            double center = ratio * (o + 0.5);
            long from = Math.Max((long)(center - support + 0.5), 0), count = Math.Clamp(Math.Min((long)(center + support + 0.5), input) - from, 0, dim.Taps);
            double total = 0;
            for (int t = 0; t < count; t++)
            {
                double distance = (t + from - center + 0.5) * inverse;
                double weight = cubic ? CubicKernel.Weight(distance, -0.5) : Math.Max(0, 1 - Math.Abs(distance));
                dim.Set(o, t, from + t, weight);
                total += weight;
            }
            for (int t = 0; t < count && total != 0; t++) dim.Weights[o * dim.Taps + t] /= total;
        }
        return dim;
    }

    private void Set(long output, int tap, long index, double weight)
    {
        Indices[output * Taps + tap] = index;
        Weights[output * Taps + tap] = weight;
    }
}

/// <summary>Keys' cubic convolution kernel.</summary>
internal static class CubicKernel
{
    /// <summary>Its value at a distance (R. Keys, Cubic convolution interpolation for digital image processing, 1981).</summary>
    public static double Weight(double x, double a)
    {
        x = Math.Abs(x);
        return x <= 1 ? ((a + 2) * x - (a + 3)) * x * x + 1 : x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0;
    }

    /// <summary>Its derivative there.</summary>
    public static double Slope(double x, double a)
    {
        double sign = x < 0 ? -1 : 1;
        x = Math.Abs(x);
        return sign * (x <= 1 ? (3 * (a + 2) * x - 2 * (a + 3)) * x : x < 2 ? (3 * a * x - 10 * a) * x + 8 * a : 0);
    }
}

/// <summary>The kernel of interpolation over one to three dims, plane by plane, and its adjoint.</summary>
internal sealed unsafe class Resampling
{
    private const long Grain = 1 << 12;

    private readonly ResampledDim[] _dims = [ResampledDim.Single, ResampledDim.Single, ResampledDim.Single];

    /// <summary>From an input of given sizes to an output, the last dims of both.</summary>
    public Resampling(string mode, ReadOnlySpan<long> input, ReadOnlySpan<long> output, bool alignCorners, ReadOnlySpan<double?> scales, bool single)
    {
        for (int d = 0; d < input.Length; d++) _dims[3 - input.Length + d] = ResampledDim.Of(mode, input[d], output[d], alignCorners, scales[d], single);
    }

    private long InputPlane => _dims[0].Input * _dims[1].Input * _dims[2].Input;

    private long OutputPlane => _dims[0].Output * _dims[1].Output * _dims[2].Output;

    /// <summary>y = the interpolation of x, or, backward, x = the adjoint of y, from zero; both contiguous.</summary>
    public void Run(string name, Tensor x, Tensor y, bool backward)
    {
        if (y.Numel > 0) DTypes.DispatchFloat(name, x.DType, new Action(this, x, y, backward));
    }

    private readonly ref struct Action(Resampling resampling, Tensor x, Tensor y, bool backward) : IFloatAction
    {
        private readonly Resampling _resampling = resampling;
        private readonly Tensor _x = x, _y = y;
        private readonly bool _backward = backward;

        public void Run<T>() where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            var weights = new T[3][];
            for (int d = 0; d < 3; d++) weights[d] = Array.ConvertAll(_resampling._dims[d].Weights, T.CreateTruncating);
            long planes = _y.Numel / _resampling.OutputPlane, each = Math.Max(_resampling.InputPlane, _resampling.OutputPlane);
            WorkerPool.For(planes, Math.Max(1, Grain / each), new Body<T>(_resampling, weights, _x.Pointer<T>(), _y.Pointer<T>(), _backward));
        }
    }

    private readonly struct Body<T>(Resampling resampling, T[][] weights, T* x, T* y, bool backward) : IRangeBody where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Invoke(long from, long to)
        {
            for (long plane = from; plane < to; plane++)
            {
                T* input = x + plane * resampling.InputPlane, output = y + plane * resampling.OutputPlane;
                if (backward) new Span<T>(input, checked((int)resampling.InputPlane)).Clear();
                Plane(input, output);
            }
        }

        private void Plane(T* x, T* y)
        {
            ResampledDim d0 = resampling._dims[0], d1 = resampling._dims[1], d2 = resampling._dims[2];
            for (long o0 = 0; o0 < d0.Output; o0++)
                for (long o1 = 0; o1 < d1.Output; o1++, y += d2.Output)
                {
                    if (!backward) new Span<T>(y, (int)d2.Output).Clear();
                    for (long t0 = o0 * d0.Taps; t0 < (o0 + 1) * d0.Taps; t0++)
                        for (long t1 = o1 * d1.Taps; t1 < (o1 + 1) * d1.Taps; t1++)
                            Row(x + (d0.Indices[t0] * d1.Input + d1.Indices[t1]) * d2.Input, y, weights[0][t0] * weights[1][t1], d2);
                }
        }

        private void Row(T* x, T* y, T factor, ResampledDim dim)
        {
            long[] indices = dim.Indices;
            T[] w = weights[2];
            long n = 0;
            for (long o = 0; o < dim.Output; o++)
            {
                if (backward)
                {
                    T share = factor * y[o];
                    for (int t = 0; t < dim.Taps; t++, n++) x[indices[n]] += share * w[n];
                    continue;
                }
                T sum = T.Zero;
                for (int t = 0; t < dim.Taps; t++, n++) sum += x[indices[n]] * w[n];
                y[o] += factor * sum;
            }
        }
    }
}
