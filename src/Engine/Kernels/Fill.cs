using System.Numerics;

namespace AutogradService.Engine.Kernels;

/// <summary>Writes one value, or a sequence, into a tensor.</summary>
internal static unsafe class Fill
{
    /// <summary>Every element becomes the value, cast to the tensor's dtype.</summary>
    public static void All(Tensor y, Scalar value)
    {
        if (y.Workspace.Recorder is { } recorder)
        {
            recorder.Fill(y, value);
            return;
        }
        if (y.Numel == 0) return;
        StorageTypes.Dispatch(y.DType, new AllAction(y, value));
    }

    /// <summary>Element i becomes f(i), in row-major order.</summary>
    public static void Each(Tensor y, Func<long, double> f)
    {
        if (y.DType == DType.Float64)
        {
            double* p = y.Pointer<double>();
            for (long i = 0; i < y.Numel; i++) p[i] = f(i);
            return;
        }
        var buffer = new double[Math.Min(y.Numel, 4096)];
        for (long start = 0; start < y.Numel; start += buffer.Length)
        {
            long n = Math.Min(buffer.Length, y.Numel - start);
            for (long i = 0; i < n; i++) buffer[i] = f(start + i);
            StorageTypes.Dispatch(y.DType, new CastAction(buffer.AsSpan(0, (int)n), y, start));
        }
    }

    /// <summary>Element i becomes f(i), for integers.</summary>
    public static void EachInteger(Tensor y, Func<long, long> f) => StorageTypes.Dispatch(y.DType, new IntegerAction(y, f));

    private readonly ref struct AllAction(Tensor y, Scalar value) : IStorageAction
    {
        private readonly Tensor _y = y;
        private readonly Scalar _value = value;

        public void Run<T>() where T : unmanaged
        {
            T v = _value.IsFloat ? StorageTypes.Convert<double, T>(_value.Real) : StorageTypes.Convert<long, T>(_value.Integer);
            if (_y.IsContiguous)
            {
                T* p = _y.Pointer<T>();
                for (long start = 0; start < _y.Numel; start += int.MaxValue) new Span<T>(p + start, (int)Math.Min(int.MaxValue, _y.Numel - start)).Fill(v);
                return;
            }
            long* sizes = stackalloc long[_y.Dim + 1];
            long* strides = stackalloc long[_y.Dim + 1];
            var loop = new StridedLoop(sizes, strides, 1);
            loop.Load(_y.Shape, _y.StridesArray, _y.StridesArray);
            do
            {
                T* p = _y.Pointer<T>() + loop.Offset(0);
                for (long i = 0; i < loop.InnerSize; i++) p[i * loop.InnerStride(0)] = v;
            }
            while (loop.Next());
        }
    }

    private readonly ref struct CastAction(ReadOnlySpan<double> values, Tensor y, long start) : IStorageAction
    {
        private readonly ReadOnlySpan<double> _values = values;
        private readonly Tensor _y = y;
        private readonly long _start = start;

        public void Run<T>() where T : unmanaged
        {
            T* p = _y.Pointer<T>() + _start;
            for (int i = 0; i < _values.Length; i++) p[i] = StorageTypes.Convert<double, T>(_values[i]);
        }
    }

    private readonly ref struct IntegerAction(Tensor y, Func<long, long> f) : IStorageAction
    {
        private readonly Tensor _y = y;
        private readonly Func<long, long> _f = f;

        public void Run<T>() where T : unmanaged
        {
            T* p = _y.Pointer<T>();
            for (long i = 0; i < _y.Numel; i++) p[i] = StorageTypes.Convert<long, T>(_f(i));
        }
    }
}
