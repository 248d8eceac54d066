using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>
/// Reading and writing where an index tensor says, along one dim: the loop that gather, scatter, index_select, index_add, embedding and their kin share.
/// Writes run in row-major order of the index, so that of several to one place the last one stays, and sums do not depend on threads.
/// </summary>
internal static unsafe class AlongDim
{
    /// <summary>y[i] = x[i with i[dim] = index[i]], over the index's shape, which is y's.</summary>
    public static void Gather(Tensor x, int dim, Tensor index, Tensor y)
    {
        if (index.Numel > 0) StorageTypes.Dispatch(x.DType, new GatherAction(x, dim, index, y));
    }

    /// <summary>y[i with i[dim] = index[i]] = source[i], over the index's shape; a 0-d source is one value for all.</summary>
    public static void Scatter(Tensor y, int dim, Tensor index, Tensor source)
    {
        if (index.Numel > 0) StorageTypes.Dispatch(y.DType, new ScatterAction(y, dim, index, source));
    }

    /// <summary>As <see cref="Scatter"/>, but combines with what is there.</summary>
    public static void Reduce<K>(Tensor y, int dim, Tensor index, Tensor source, K kernel) where K : struct, IReduceKernel
    {
        if (index.Numel > 0) DTypes.Dispatch(y.DType, new ReduceAction<K>(y, dim, index, source, kernel));
    }

    /// <summary>As <see cref="Scatter"/>, but adds; truth values stay truth values.</summary>
    public static void Add(Tensor y, int dim, Tensor index, Tensor source)
    {
        Reduce(y, dim, index, source, new Sum());
        if (y.DType == DType.Bool) Elementwise.Map(y, y, new Truth());
    }

    /// <summary>The index as int64, checked against the dim's size.</summary>
    /// <param name="index">Integers of any dtype.</param>
    /// <param name="size">Indices lie in [0, size); with <paramref name="wraps"/>, in [-size, size).</param>
    /// <param name="refuse">Says what is wrong with an index outside.</param>
    /// <param name="wraps">Whether negative indices count from the end.</param>
    public static Tensor Checked(Tensor index, long size, Func<long, AutogradException> refuse, bool wraps = false)
    {
        var workspace = index.Workspace;
        var result = workspace.RawContiguous(workspace.RawCast(index, DType.Int64));
        if (!result.Storage.HasValues) return result; // a function is recorded: the op's own forward looks when it runs
        long* p = result.Pointer<long>();
        bool negative = false;
        for (long i = 0; i < result.Numel; i++)
        {
            if ((ulong)p[i] < (ulong)size) continue;
            if (!wraps || p[i] >= size || p[i] < -size) throw refuse(p[i]);
            negative = true;
        }
        if (!negative) return result;
        result = workspace.RawClone(result);
        p = result.Pointer<long>();
        for (long i = 0; i < result.Numel; i++)
            if (p[i] < 0) p[i] += size;
        return result;
    }

    /// <summary>A vector of indices, shown in a shape where it runs along one dim.</summary>
    public static Tensor Spread(Tensor vector, Shape shape, int dim)
    {
        var strides = new long[shape.Rank];
        if (strides.Length > 0) strides[dim] = vector.Dim == 0 ? 1 : vector.Strides[0];
        return vector.Alias(shape, strides, vector.Offset);
    }

    /// <summary>A contiguous tensor as a vector.</summary>
    public static Tensor Flat(Tensor x) => x.Alias(Shape.Of(x.Numel), [1], x.Offset);

    /// <summary>Checked places in row-major order among n elements; negative ones count from the end.</summary>
    public static Tensor Places(Tensor index, long n) =>
        Checked(index, n, i => AutogradException.Index($"out of range: tried to access index {i} on a tensor of {n} elements."), wraps: true);

    /// <summary>RuntimeError of gather and scatter.</summary>
    public static Func<long, AutogradException> OutOfBounds(int dim, long size) =>
        index => new AutogradException(ErrorReason.DimOutOfRange, $"index {index} is out of bounds for dimension {dim} with size {size}");

    /// <summary>IndexError of index_select and its kin.</summary>
    public static AutogradException OutOfRangeInSelf(long index) => AutogradException.Index("index out of range in self");

    /// <summary>A dim's size, where a scalar counts as a vector of one.</summary>
    public static long SizeOf(Tensor x, int dim) => x.Dim == 0 ? 1 : x.Shape[dim];

    /// <summary>The strides of x over a shape, without the dim along which an index leads; dims that x lacks do not move.</summary>
    private static long[] Strides(Tensor x, Shape shape, int without)
    {
        var strides = new long[shape.Rank];
        for (int d = 0; d < strides.Length; d++) strides[d] = d < x.Dim && d != without ? x.Strides[d] : 0;
        return strides;
    }

    private static long StrideOf(Tensor x, int dim) => x.Dim == 0 ? 1 : x.Strides[dim];

    /// <summary>What becomes of two values for one place.</summary>
    internal interface IReduceKernel
    {
        T Invoke<T>(T old, T value) where T : unmanaged, INumber<T>;
    }

    internal readonly struct Sum : IReduceKernel
    {
        public T Invoke<T>(T old, T value) where T : unmanaged, INumber<T> => old + value;
    }

    private readonly struct Truth : IUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, INumber<T>, IMinMaxValue<T> => Vector.Min(x, Vector<T>.One);
    }

    private readonly ref struct GatherAction(Tensor x, int dim, Tensor index, Tensor y) : IStorageAction
    {
        private readonly Tensor _x = x, _index = index, _y = y;
        private readonly int _dim = dim;

        public void Run<T>() where T : unmanaged
        {
            int rank = _index.Dim;
            long* sizes = stackalloc long[rank + 1];
            long* steps = stackalloc long[3 * (rank + 1)];
            var loop = new StridedLoop(sizes, steps, 3);
            loop.Load(_index.Shape, Strides(_y, _index.Shape, -1), _index.StridesArray, Strides(_x, _index.Shape, _dim));
            long along = StrideOf(_x, _dim);
            do
            {
                T* y = _y.Pointer<T>() + loop.Offset(0);
                long* index = _index.Pointer<long>() + loop.Offset(1);
                T* x = _x.Pointer<T>() + loop.Offset(2);
                long n = loop.InnerSize, sy = loop.InnerStride(0), si = loop.InnerStride(1), sx = loop.InnerStride(2);
                if (si == 0 && sx == 1 && sy == 1) Buffer.MemoryCopy(x + *index * along, y, n * sizeof(T), n * sizeof(T));
                else
                    for (long i = 0; i < n; i++) y[i * sy] = x[i * sx + index[i * si] * along];
            }
            while (loop.Next());
        }
    }

    private readonly ref struct ScatterAction(Tensor y, int dim, Tensor index, Tensor source) : IStorageAction
    {
        private readonly Tensor _y = y, _index = index, _source = source;
        private readonly int _dim = dim;

        public void Run<T>() where T : unmanaged
        {
            int rank = _index.Dim;
            long* sizes = stackalloc long[rank + 1];
            long* steps = stackalloc long[3 * (rank + 1)];
            var loop = new StridedLoop(sizes, steps, 3);
            loop.Load(_index.Shape, Strides(_y, _index.Shape, _dim), _index.StridesArray, Strides(_source, _index.Shape, -1));
            long along = StrideOf(_y, _dim);
            do
            {
                T* y = _y.Pointer<T>() + loop.Offset(0);
                long* index = _index.Pointer<long>() + loop.Offset(1);
                T* source = _source.Pointer<T>() + loop.Offset(2);
                long n = loop.InnerSize, sy = loop.InnerStride(0), si = loop.InnerStride(1), ss = loop.InnerStride(2);
                for (long i = 0; i < n; i++) y[i * sy + index[i * si] * along] = source[i * ss];
            }
            while (loop.Next());
        }
    }

    private readonly ref struct ReduceAction<K>(Tensor y, int dim, Tensor index, Tensor source, K kernel) : IDTypeAction where K : struct, IReduceKernel
    {
        private readonly Tensor _y = y, _index = index, _source = source;
        private readonly int _dim = dim;
        private readonly K _kernel = kernel;

        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            int rank = _index.Dim;
            long* sizes = stackalloc long[rank + 1];
            long* steps = stackalloc long[3 * (rank + 1)];
            var loop = new StridedLoop(sizes, steps, 3);
            loop.Load(_index.Shape, Strides(_y, _index.Shape, _dim), _index.StridesArray, Strides(_source, _index.Shape, -1));
            long along = StrideOf(_y, _dim);
            do
            {
                T* y = _y.Pointer<T>() + loop.Offset(0);
                long* index = _index.Pointer<long>() + loop.Offset(1);
                T* source = _source.Pointer<T>() + loop.Offset(2);
                long n = loop.InnerSize, sy = loop.InnerStride(0), si = loop.InnerStride(1), ss = loop.InnerStride(2);
                for (long i = 0; i < n; i++)
                {
                    T* place = y + i * sy + index[i * si] * along;
                    *place = _kernel.Invoke(*place, source[i * ss]);
                }
            }
            while (loop.Next());
        }
    }
}
