using System.Runtime.CompilerServices;

namespace AutogradService.Engine.Kernels;

/// <summary>Copies between layouts and dtypes: the one place where every dtype meets every other.</summary>
internal static unsafe class Transfer
{
    /// <summary>Writes the elements of a tensor, row-major, to memory of a dtype.</summary>
    public static void Cast(Tensor source, DType to, void* destination)
    {
        if (source.Numel == 0) return;
        if (source.IsContiguous && source.DType == to)
            Buffer.MemoryCopy(source.Data, destination, source.ByteLength, source.ByteLength);
        else
            Run(source.DType, source.Data, source.StridesArray, to, (byte*)destination, source.Shape.ContiguousStrides, source.Shape);
    }

    /// <summary>Writes one tensor's elements into another of any layout and dtype; the source broadcasts.</summary>
    public static void Into(Tensor source, Tensor destination)
    {
        if (destination.Workspace.Recorder is { } recorder)
        {
            recorder.Copy(source, destination);
            return;
        }
        if (destination.Numel == 0) return;
        if (source.DType == destination.DType && source.IsContiguous && destination.IsContiguous && source.Shape.Equals(destination.Shape))
            Buffer.MemoryCopy(source.Data, destination.Data, source.ByteLength, source.ByteLength);
        else
            Run(source.DType, source.Data, Strided.BroadcastStrides(source, destination.Shape), destination.DType, destination.Data, destination.StridesArray, destination.Shape);
    }

    private static void Run(DType from, byte* source, long[] sourceStrides, DType to, byte* destination, long[] destinationStrides, Shape shape)
    {
        if (from == to && TransposedCopy.TryRun(from.ItemSize, source, sourceStrides, destination, destinationStrides, shape)) return;
        int rank = shape.Rank;
        long* sizes = stackalloc long[rank + 1];
        long* strides = stackalloc long[2 * (rank + 1)];
        var loop = new StridedLoop(sizes, strides, 2);
        loop.Load(shape, destinationStrides, sourceStrides);
        if (from != to)
        {
            StorageTypes.Dispatch(from, new FromAction(ref loop, source, to, destination));
            return;
        }
        switch (from.ItemSize)
        {
            case 1: Move<byte>(ref loop, source, destination); break;
            case 2: Move<short>(ref loop, source, destination); break;
            case 4: Move<int>(ref loop, source, destination); break;
            default: Move<long>(ref loop, source, destination); break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Move<T>(ref StridedLoop loop, byte* source, byte* destination) where T : unmanaged
    {
        do
        {
            T* x = (T*)source + loop.Offset(1);
            T* y = (T*)destination + loop.Offset(0);
            long n = loop.InnerSize, sx = loop.InnerStride(1), sy = loop.InnerStride(0);
            if (sx == 1 && sy == 1) Buffer.MemoryCopy(x, y, n * sizeof(T), n * sizeof(T));
            else if (sx == 0 && sy == 1)
            {
                T value = *x;
                for (long i = 0; i < n; i++) y[i] = value;
            }
            else
                for (long i = 0; i < n; i++) y[i * sy] = x[i * sx];
        }
        while (loop.Next());
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Convert<S, D>(ref StridedLoop loop, byte* source, byte* destination) where S : unmanaged where D : unmanaged
    {
        do
        {
            S* x = (S*)source + loop.Offset(1);
            D* y = (D*)destination + loop.Offset(0);
            long n = loop.InnerSize, sx = loop.InnerStride(1), sy = loop.InnerStride(0);
            for (long i = 0; i < n; i++) y[i * sy] = StorageTypes.Convert<S, D>(x[i * sx]);
        }
        while (loop.Next());
    }

    private readonly ref struct FromAction(ref StridedLoop loop, byte* source, DType to, byte* destination) : IStorageAction
    {
        private readonly ref StridedLoop _loop = ref loop;
        private readonly byte* _source = source;
        private readonly byte* _destination = destination;
        private readonly DType _to = to;

        public void Run<S>() where S : unmanaged => StorageTypes.Dispatch(_to, new ToAction<S>(ref _loop, _source, _destination));
    }

    private readonly ref struct ToAction<S>(ref StridedLoop loop, byte* source, byte* destination) : IStorageAction where S : unmanaged
    {
        private readonly ref StridedLoop _loop = ref loop;
        private readonly byte* _source = source;
        private readonly byte* _destination = destination;

        public void Run<D>() where D : unmanaged => Convert<S, D>(ref _loop, _source, _destination);
    }
}
