using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutogradService.Engine.Kernels;

/// <summary>A function of one floating element in three stages, of which the middle one sees only what the first made: Invoke(x) = End(x, Middle(Begin(x))).</summary>
internal interface IStagedKernel : IFloatUnaryKernel
{
    Vector<T> Begin<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>;

    Vector<T> Middle<T>(Vector<T> s) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>;

    Vector<T> End<T>(Vector<T> x, Vector<T> s) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>;
}

/// <summary>
/// Long functions stage by stage over tiles. One element's instructions depend on each other, and a processor looks only so far ahead for others: with three short chains
/// it finds more of them than with a long one. The results are the bits that the plain loop gives.
/// </summary>
internal static unsafe class StagedLoop
{
    private const int Tile = 512;

    private const long Grain = 1 << 15;

    /// <summary>y = k(x) for floating dtypes.</summary>
    public static void MapFloat<K>(string op, Tensor x, Tensor y, K kernel = default) where K : struct, IStagedKernel
    {
        bool plain = !x.IsContiguous || !y.IsContiguous || x.Numel != y.Numel || y.Numel < Tile || x.DType != y.DType;
        if (!plain && y.DType == DType.Float32) Run<float, K>(x, y, kernel);
        else if (!plain && y.DType == DType.Float64) Run<double, K>(x, y, kernel);
        else Elementwise.MapFloat(op, x, y, kernel);
    }

    private static void Run<T, K>(Tensor x, Tensor y, K kernel) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> where K : struct, IStagedKernel =>
        WorkerPool.For(y.Numel, Grain, new Body<T, K>(x.Pointer<T>(), y.Pointer<T>(), kernel));

    private readonly struct Body<T, K>(T* x, T* y, K kernel) : IRangeBody where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> where K : struct, IStagedKernel
    {
        private readonly T* _x = x, _y = y;
        private readonly K _kernel = kernel;

        public void Invoke(long from, long to)
        {
            T* tile = stackalloc T[Tile];
            T* padded = stackalloc T[Vector<T>.Count];
            for (; from <= to - Tile; from += Tile) Stages(_x + from, _y + from, tile, Tile, _kernel);
            long rest = (to - from) / Vector<T>.Count * Vector<T>.Count;
            Stages(_x + from, _y + from, tile, rest, _kernel);
            from += rest;
            if (from == to) return;
            for (int j = 0; j < Vector<T>.Count; j++) padded[j] = _x[Math.Min(from + j, to - 1)];
            Stages(padded, padded, tile, Vector<T>.Count, _kernel);
            for (int j = 0; from + j < to; j++) _y[from + j] = padded[j];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Stages<T, K>(T* x, T* y, T* tile, long n, K kernel) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> where K : struct, IStagedKernel
    {
        for (long i = 0; i < n; i += Vector<T>.Count) kernel.Begin(Vector.Load(x + i)).Store(tile + i);
        for (long i = 0; i < n; i += Vector<T>.Count) kernel.Middle(Vector.Load(tile + i)).Store(tile + i);
        for (long i = 0; i < n; i += Vector<T>.Count) kernel.End(Vector.Load(x + i), Vector.Load(tile + i)).Store(y + i);
    }
}
