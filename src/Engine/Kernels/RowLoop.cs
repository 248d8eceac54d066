using System.Numerics;
using System.Runtime.CompilerServices;
using AutogradService.Engine.Functions;

namespace AutogradService.Engine.Kernels;

/// <summary>A function of one contiguous row of n elements, for every numeric dtype; it writes its result, a number or a row, into y at the row's index.</summary>
internal unsafe interface IRowKernel
{
    void Invoke<T>(T* x, long n, void* y, long row) where T : unmanaged, INumber<T>, IMinMaxValue<T>;
}

/// <summary>A function of one contiguous row of floating elements.</summary>
internal unsafe interface IFloatRowKernel
{
    void Invoke<T>(T* x, long n, void* y, long row) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>;
}

/// <summary>A function of two contiguous rows of floating elements.</summary>
internal unsafe interface IFloatRowPairKernel
{
    void Invoke<T>(T* a, T* b, long n, void* y, long row) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>;
}

/// <summary>A function of one contiguous row with two results, the second an index or a row of them.</summary>
internal unsafe interface IIndexedRowKernel
{
    void Invoke<T>(T* x, long n, void* values, long* indices, long row) where T : unmanaged, INumber<T>, IMinMaxValue<T>;
}

/// <summary>The loops over the rows of a contiguous matrix, once per arity; the rows are spread over the threads.</summary>
internal static unsafe class RowLoop
{
    // Elements below which a thread's share is not worth handing out.
    private const long Grain = 1 << 14;

    /// <summary>y[row] = k(x[row]).</summary>
    public static void Run<K>(Tensor x, Tensor y, K kernel = default) where K : struct, IRowKernel => DTypes.Dispatch(x.DType, new Action<K>(x, y, kernel));

    /// <summary>y[row] = k(x[row]) for floating dtypes.</summary>
    public static void RunFloat<K>(string op, Tensor x, Tensor y, K kernel = default) where K : struct, IFloatRowKernel
    {
        if (Recorder<K>(y) is { } recorder)
        {
            recorder.Kernel(new Recorded<K>(op, kernel), x.Numel, y, x);
            return;
        }
        switch (x.DType)
        {
            case DType.Float32: Rows(x, new FloatBody<float, K>(x.Pointer<float>(), x.Shape[1], y.Data, kernel)); break;
            case DType.Float64: Rows(x, new FloatBody<double, K>(x.Pointer<double>(), x.Shape[1], y.Data, kernel)); break;
            default: throw AutogradException.DTypeUnsupported(op, x.DType);
        }
    }

    /// <summary>y[row] = k(a[row], b[row]) for floating dtypes.</summary>
    public static void RunFloat<K>(string op, Tensor a, Tensor b, Tensor y, K kernel = default) where K : struct, IFloatRowPairKernel
    {
        if (Recorder<K>(y) is { } recorder)
        {
            recorder.Kernel(new RecordedPair<K>(op, kernel), a.Numel, y, a, b);
            return;
        }
        switch (a.DType)
        {
            case DType.Float32: Rows(a, new PairBody<float, K>(a.Pointer<float>(), b.Pointer<float>(), a.Shape[1], y.Data, kernel)); break;
            case DType.Float64: Rows(a, new PairBody<double, K>(a.Pointer<double>(), b.Pointer<double>(), a.Shape[1], y.Data, kernel)); break;
            default: throw AutogradException.DTypeUnsupported(op, a.DType);
        }
    }

    /// <summary>(values[row], indices[row]) = k(x[row]).</summary>
    public static void Run<K>(Tensor x, Tensor values, Tensor indices, K kernel = default) where K : struct, IIndexedRowKernel =>
        DTypes.Dispatch(x.DType, new IndexedAction<K>(x, values, indices, kernel));

    // A kernel that refers to objects may hold tensors, which belong to the recording.
    private static Recorder? Recorder<K>(Tensor y) where K : struct => RuntimeHelpers.IsReferenceOrContainsReferences<K>() ? null : y.Workspace.Recorder;

    private sealed record Recorded<K>(string Op, K Function) : IKernel where K : struct, IFloatRowKernel
    {
        public bool KeepsParts(long parts, ReadOnlySpan<bool> hasParts) => true;

        public void Run(ReadOnlySpan<Tensor> x, Tensor y) => RunFloat(Op, x[0], y, Function);
    }

    private sealed record RecordedPair<K>(string Op, K Function) : IKernel where K : struct, IFloatRowPairKernel
    {
        public bool KeepsParts(long parts, ReadOnlySpan<bool> hasParts) => hasParts[0] && hasParts[1];

        public void Run(ReadOnlySpan<Tensor> x, Tensor y) => RunFloat(Op, x[0], x[1], y, Function);
    }

    private static void Rows<TBody>(Tensor x, TBody body) where TBody : struct, IRangeBody =>
        WorkerPool.For(x.Shape[0], Math.Max(1, Grain / Math.Max(1, x.Shape[1])), body);

    private readonly ref struct Action<K>(Tensor x, Tensor y, K kernel) : IDTypeAction where K : struct, IRowKernel
    {
        private readonly Tensor _x = x, _y = y;
        private readonly K _kernel = kernel;

        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> => Rows(_x, new Body<T, K>(_x.Pointer<T>(), _x.Shape[1], _y.Data, _kernel));
    }

    private readonly ref struct IndexedAction<K>(Tensor x, Tensor values, Tensor indices, K kernel) : IDTypeAction where K : struct, IIndexedRowKernel
    {
        private readonly Tensor _x = x, _values = values, _indices = indices;
        private readonly K _kernel = kernel;

        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> =>
            Rows(_x, new IndexedBody<T, K>(_x.Pointer<T>(), _x.Shape[1], _values.Data, _indices.Pointer<long>(), _kernel));
    }

    private readonly struct Body<T, K>(T* x, long n, void* y, K kernel) : IRangeBody where T : unmanaged, INumber<T>, IMinMaxValue<T> where K : struct, IRowKernel
    {
        public void Invoke(long from, long to)
        {
            for (long row = from; row < to; row++) kernel.Invoke(x + row * n, n, y, row);
        }
    }

    private readonly struct FloatBody<T, K>(T* x, long n, void* y, K kernel) : IRangeBody where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T> where K : struct, IFloatRowKernel
    {
        public void Invoke(long from, long to)
        {
            for (long row = from; row < to; row++) kernel.Invoke(x + row * n, n, y, row);
        }
    }

    private readonly struct PairBody<T, K>(T* a, T* b, long n, void* y, K kernel) : IRangeBody where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T> where K : struct, IFloatRowPairKernel
    {
        public void Invoke(long from, long to)
        {
            for (long row = from; row < to; row++) kernel.Invoke(a + row * n, b + row * n, n, y, row);
        }
    }

    private readonly struct IndexedBody<T, K>(T* x, long n, void* values, long* indices, K kernel) : IRangeBody where T : unmanaged, INumber<T>, IMinMaxValue<T> where K : struct, IIndexedRowKernel
    {
        public void Invoke(long from, long to)
        {
            for (long row = from; row < to; row++) kernel.Invoke(x + row * n, n, values, indices, row);
        }
    }
}
