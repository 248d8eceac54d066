using System.Numerics;

namespace AutogradService.Engine.Kernels;

/// <summary>Rows brought to mean 0 and variance 1: (x - mean) / sqrt(variance + eps), and the derivative. What layer and batch normalisation are made of.</summary>
internal static unsafe class Standardize
{
    private const long Grain = 1 << 13;

    /// <summary>y = (x - mean) / sqrt(variance + eps) * weight + bias, row by row; weight and bias run along the row, or are null.</summary>
    public static void Forward<T>(T* x, T* weight, T* bias, T* y, long rows, long n, double eps) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        WorkerPool.For(rows, Math.Max(1, Grain / Math.Max(1, n)), new ForwardBody<T>(x, weight, bias, y, n, eps));

    /// <summary>y = the gradient in x of <see cref="Forward"/>, for the result's gradient g; weight as there.</summary>
    public static void Backward<T>(T* g, T* x, T* weight, T* y, long rows, long n, double eps) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        WorkerPool.For(rows, Math.Max(1, Grain / Math.Max(1, n)), new BackwardBody<T>(g, x, weight, y, n, eps));

    private static (T Mean, T Scale) Moments<T>(T* x, long n, double eps) where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        T count = T.CreateTruncating(n);
        T mean = Reduce.Sum(x, n) / count;
        T variance = ReduceSum.Cascade(x, n, new SquaredDistance<T>(mean)) / count;
        return (mean, T.One / T.Sqrt(variance + T.CreateTruncating(eps)));
    }

    private readonly struct ForwardBody<T>(T* x, T* weight, T* bias, T* y, long n, double eps) : IRangeBody where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Invoke(long from, long to)
        {
            for (long row = from; row < to; row++)
            {
                T* source = x + row * n;
                T* target = y + row * n;
                (T mean, T scale) = Moments(source, n, eps);
                long i = 0;
                for (; i <= n - Vector<T>.Count; i += Vector<T>.Count)
                {
                    var v = (Vector.Load(source + i) - Vector.Create(mean)) * scale;
                    if (weight != null) v *= Vector.Load(weight + i);
                    if (bias != null) v += Vector.Load(bias + i);
                    v.Store(target + i);
                }
                for (; i < n; i++)
                {
                    T v = (source[i] - mean) * scale;
                    if (weight != null) v *= weight[i];
                    if (bias != null) v += bias[i];
                    target[i] = v;
                }
            }
        }
    }

    // With h = (x - mean) r and u = g w: r (u - mean(u) - h mean(u h)). The row of y holds u h while its sum is taken.
    private readonly struct BackwardBody<T>(T* g, T* x, T* weight, T* y, long n, double eps) : IRangeBody where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        public void Invoke(long from, long to)
        {
            T count = T.CreateTruncating(n);
            for (long row = from; row < to; row++)
            {
                T* source = x + row * n;
                T* grad = g + row * n;
                T* target = y + row * n;
                (T mean, T scale) = Moments(source, n, eps);
                long i = 0;
                for (; i <= n - Vector<T>.Count; i += Vector<T>.Count) Gradient(grad, i).Store(target + i);
                for (; i < n; i++) target[i] = weight == null ? grad[i] : grad[i] * weight[i];
                T meanGradient = Reduce.Sum(target, n) / count;
                for (i = 0; i <= n - Vector<T>.Count; i += Vector<T>.Count)
                    (Vector.Load(target + i) * ((Vector.Load(source + i) - Vector.Create(mean)) * scale)).Store(target + i);
                for (; i < n; i++) target[i] *= (source[i] - mean) * scale;
                T meanProduct = Reduce.Sum(target, n) / count;
                for (i = 0; i <= n - Vector<T>.Count; i += Vector<T>.Count)
                {
                    var h = (Vector.Load(source + i) - Vector.Create(mean)) * scale;
                    ((Gradient(grad, i) - Vector.Create(meanGradient) - h * meanProduct) * scale).Store(target + i);
                }
                for (; i < n; i++)
                {
                    T h = (source[i] - mean) * scale, u = weight == null ? grad[i] : grad[i] * weight[i];
                    target[i] = (u - meanGradient - h * meanProduct) * scale;
                }
            }
        }

        private Vector<T> Gradient(T* grad, long i) => weight == null ? Vector.Load(grad + i) : Vector.Load(grad + i) * Vector.Load(weight + i);
    }
}
