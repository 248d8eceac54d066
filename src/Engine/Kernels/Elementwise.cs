using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AutogradService.Engine.Kernels;

/// <summary>A function of one element, written for a vector of them; for every numeric dtype.</summary>
internal interface IUnaryKernel
{
    Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, INumber<T>, IMinMaxValue<T>;
}

/// <summary>A function of one floating element.</summary>
internal interface IFloatUnaryKernel
{
    Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>;
}

/// <summary>A function of two elements, for every numeric dtype.</summary>
internal interface IBinaryKernel
{
    Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T>, IMinMaxValue<T>;
}

/// <summary>A function of two floating elements.</summary>
internal interface IFloatBinaryKernel
{
    Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>;
}

/// <summary>A function of three floating elements.</summary>
internal interface IFloatTernaryKernel
{
    Vector<T> Invoke<T>(Vector<T> a, Vector<T> b, Vector<T> c) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>;
}

/// <summary>A function of three elements, for every numeric dtype.</summary>
internal interface ITernaryKernel
{
    Vector<T> Invoke<T>(Vector<T> a, Vector<T> b, Vector<T> c) where T : unmanaged, INumber<T>, IMinMaxValue<T>;
}

/// <summary>A question about two elements; lanes of the result are all ones for yes.</summary>
internal interface ICompareKernel
{
    Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T>, IMinMaxValue<T>;
}

/// <summary>
/// The loops of elementwise ops, once per arity. Every element goes through the same vector code, tails included, so that a result depends neither
/// on its position nor on layout or thread count. Operands broadcast; the output may be one of the inputs.
/// </summary>
internal static unsafe partial class Elementwise
{
    // Below this many elements waking a thread costs more than it saves.
    private const long Grain = 1 << 15;

    /// <summary>y = k(x); all of one dtype.</summary>
    public static void Map<K>(Tensor x, Tensor y, K kernel = default) where K : struct, IUnaryKernel =>
        DTypes.Dispatch(y.DType, new UnaryAction<K>(x, y, kernel));

    /// <summary>y = k(x) for floating dtypes.</summary>
    public static void MapFloat<K>(string op, Tensor x, Tensor y, K kernel = default) where K : struct, IFloatUnaryKernel =>
        DTypes.DispatchFloat(op, y.DType, new FloatUnaryAction<K>(x, y, kernel));

    /// <summary>y = k(a, b).</summary>
    public static void Map<K>(Tensor a, Tensor b, Tensor y, K kernel = default) where K : struct, IBinaryKernel =>
        DTypes.Dispatch(y.DType, new BinaryAction<K>(a, b, y, kernel));

    /// <summary>y = k(a, b) for floating dtypes.</summary>
    public static void MapFloat<K>(string op, Tensor a, Tensor b, Tensor y, K kernel = default) where K : struct, IFloatBinaryKernel =>
        DTypes.DispatchFloat(op, y.DType, new FloatBinaryAction<K>(a, b, y, kernel));

    /// <summary>y = k(a, b, c); all of one dtype.</summary>
    public static void Map<K>(Tensor a, Tensor b, Tensor c, Tensor y, K kernel = default) where K : struct, ITernaryKernel =>
        DTypes.Dispatch(y.DType, new TernaryAction<K>(a, b, c, y, kernel));

    /// <summary>y = k(a, b, c) for floating dtypes.</summary>
    public static void MapFloat<K>(string op, Tensor a, Tensor b, Tensor c, Tensor y, K kernel = default) where K : struct, IFloatTernaryKernel =>
        DTypes.DispatchFloat(op, y.DType, new FloatTernaryAction<K>(a, b, c, y, kernel));

    /// <summary>y = k(a, b) as truth values; a and b of one dtype, y of dtype bool.</summary>
    public static void Compare<K>(Tensor a, Tensor b, Tensor y, K kernel = default) where K : struct, ICompareKernel =>
        DTypes.Dispatch(a.DType, new CompareAction<K>(a, b, y, kernel));

    private readonly ref struct UnaryAction<K>(Tensor x, Tensor y, K kernel) : IDTypeAction where K : struct, IUnaryKernel
    {
        private readonly Tensor _x = x, _y = y;
        private readonly K _kernel = kernel;

        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> => Loop1<T, T, Unary<T, K>>(_x, _y, new Unary<T, K>(_kernel));
    }

    private readonly ref struct FloatUnaryAction<K>(Tensor x, Tensor y, K kernel) : IFloatAction where K : struct, IFloatUnaryKernel
    {
        private readonly Tensor _x = x, _y = y;
        private readonly K _kernel = kernel;

        public void Run<T>() where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => Loop1<T, T, FloatUnary<T, K>>(_x, _y, new FloatUnary<T, K>(_kernel));
    }

    private readonly ref struct BinaryAction<K>(Tensor a, Tensor b, Tensor y, K kernel) : IDTypeAction where K : struct, IBinaryKernel
    {
        private readonly Tensor _a = a, _b = b, _y = y;
        private readonly K _kernel = kernel;

        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> => Loop2<T, T, Binary<T, K>>(_a, _b, _y, new Binary<T, K>(_kernel));
    }

    private readonly ref struct FloatBinaryAction<K>(Tensor a, Tensor b, Tensor y, K kernel) : IFloatAction where K : struct, IFloatBinaryKernel
    {
        private readonly Tensor _a = a, _b = b, _y = y;
        private readonly K _kernel = kernel;

        public void Run<T>() where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => Loop2<T, T, FloatBinary<T, K>>(_a, _b, _y, new FloatBinary<T, K>(_kernel));
    }

    private readonly ref struct TernaryAction<K>(Tensor a, Tensor b, Tensor c, Tensor y, K kernel) : IDTypeAction where K : struct, ITernaryKernel
    {
        private readonly Tensor _a = a, _b = b, _c = c, _y = y;
        private readonly K _kernel = kernel;

        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> => Loop3<T, Ternary<T, K>>(_a, _b, _c, _y, new Ternary<T, K>(_kernel));
    }

    private readonly ref struct FloatTernaryAction<K>(Tensor a, Tensor b, Tensor c, Tensor y, K kernel) : IFloatAction where K : struct, IFloatTernaryKernel
    {
        private readonly Tensor _a = a, _b = b, _c = c, _y = y;
        private readonly K _kernel = kernel;

        public void Run<T>() where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => Loop3<T, FloatTernary<T, K>>(_a, _b, _c, _y, new FloatTernary<T, K>(_kernel));
    }

    private readonly ref struct CompareAction<K>(Tensor a, Tensor b, Tensor y, K kernel) : IDTypeAction where K : struct, ICompareKernel
    {
        private readonly Tensor _a = a, _b = b, _y = y;
        private readonly K _kernel = kernel;

        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T> => Loop2<T, byte, Comparison<T, K>>(_a, _b, _y, new Comparison<T, K>(_kernel));
    }

    // How a kernel's vector reaches memory: as elements, or as truth values.
    private interface IStep1<T, R> where T : unmanaged where R : unmanaged
    {
        void Store(Vector<T> x, R* y);
    }

    private interface IStep2<T, R> where T : unmanaged where R : unmanaged
    {
        void Store(Vector<T> a, Vector<T> b, R* y);
    }

    private interface IStep3<T> where T : unmanaged
    {
        void Store(Vector<T> a, Vector<T> b, Vector<T> c, T* y);
    }

    private readonly struct Unary<T, K>(K kernel) : IStep1<T, T> where T : unmanaged, INumber<T>, IMinMaxValue<T> where K : struct, IUnaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Store(Vector<T> x, T* y) => kernel.Invoke(x).Store(y);
    }

    private readonly struct FloatUnary<T, K>(K kernel) : IStep1<T, T> where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> where K : struct, IFloatUnaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Store(Vector<T> x, T* y) => kernel.Invoke(x).Store(y);
    }

    private readonly struct Binary<T, K>(K kernel) : IStep2<T, T> where T : unmanaged, INumber<T>, IMinMaxValue<T> where K : struct, IBinaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Store(Vector<T> a, Vector<T> b, T* y) => kernel.Invoke(a, b).Store(y);
    }

    private readonly struct FloatBinary<T, K>(K kernel) : IStep2<T, T> where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> where K : struct, IFloatBinaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Store(Vector<T> a, Vector<T> b, T* y) => kernel.Invoke(a, b).Store(y);
    }

    private readonly struct Ternary<T, K>(K kernel) : IStep3<T> where T : unmanaged, INumber<T>, IMinMaxValue<T> where K : struct, ITernaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Store(Vector<T> a, Vector<T> b, Vector<T> c, T* y) => kernel.Invoke(a, b, c).Store(y);
    }

    private readonly struct FloatTernary<T, K>(K kernel) : IStep3<T> where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> where K : struct, IFloatTernaryKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Store(Vector<T> a, Vector<T> b, Vector<T> c, T* y) => kernel.Invoke(a, b, c).Store(y);
    }

    private readonly struct Comparison<T, K>(K kernel) : IStep2<T, byte> where T : unmanaged, INumber<T>, IMinMaxValue<T> where K : struct, ICompareKernel
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Store(Vector<T> a, Vector<T> b, byte* y)
        {
            var mask = kernel.Invoke(a, b).As<T, byte>();
            // A lane's bytes are all ones or all zeros: its first byte tells.
            for (int i = 0; i < Vector<T>.Count; i++) y[i] = (byte)(mask[i * sizeof(T)] & 1);
        }
    }

    private static void Loop1<T, R, S>(Tensor x, Tensor y, S step) where T : unmanaged where R : unmanaged where S : struct, IStep1<T, R>
    {
        if (y.Workspace.Recorder is { } recorder)
        {
            recorder.Element(new Kernel1<T, R, S>(step), y, x);
            return;
        }
        long n = y.Numel;
        if (n == 0) return;
        if (n <= Vector<T>.Count && typeof(T) == typeof(R) && (typeof(T) == typeof(float) || typeof(T) == typeof(double)) && x.IsContiguous && x.Numel == n && y.IsAloneInItsLine)
        {
            T* px = x.Pointer<T>();
            if (InOneLine(px))
            {
                step.Store(Vector.Load(px), y.Pointer<R>());
                return;
            }
        }
        if (x.IsContiguous && y.IsContiguous && x.Numel == n)
        {
            var job = new Job1<T, R, S>(x.Pointer<T>(), y.Pointer<R>(), step);
            if (n <= Grain) job.Invoke(0, n);
            else WorkerPool.For(n, Grain, job);
            return;
        }
        Strided1<T, R, S>(x, y, step);
    }

    // Memory on the stack has a price at every call of the method that takes it: the loops that need it are methods of their own.
    private static void Strided1<T, R, S>(Tensor x, Tensor y, S step) where T : unmanaged where R : unmanaged where S : struct, IStep1<T, R>
    {
        long* sizes = stackalloc long[y.Dim + 1];
        long* strides = stackalloc long[2 * (y.Dim + 1)];
        var loop = new StridedLoop(sizes, strides, 2);
        loop.Load(y.Shape, y.StridesArray, Strided.BroadcastStrides(x, y.Shape));
        do
            Inner1<T, R, S>(x.Pointer<T>() + loop.Offset(1), loop.InnerStride(1), y.Pointer<R>() + loop.Offset(0), loop.InnerStride(0), loop.InnerSize, step);
        while (loop.Next());
    }

    private static void Loop2<T, R, S>(Tensor a, Tensor b, Tensor y, S step) where T : unmanaged where R : unmanaged where S : struct, IStep2<T, R>
    {
        if (y.Workspace.Recorder is { } recorder)
        {
            recorder.Element(new Kernel2<T, R, S>(step), y, a, b);
            return;
        }
        long n = y.Numel;
        if (n == 0) return;
        bool wholeA = a.IsContiguous && a.Numel == n, wholeB = b.IsContiguous && b.Numel == n;
        // A fresh result has the cache line that it begins in to itself.
        if (n <= Vector<T>.Count && typeof(T) == typeof(R) && (typeof(T) == typeof(float) || typeof(T) == typeof(double)) && wholeA && wholeB && y.IsAloneInItsLine)
        {
            T* pa = a.Pointer<T>(), pb = b.Pointer<T>();
            if (InOneLine(pa) && InOneLine(pb))
            {
                step.Store(Vector.Load(pa), Vector.Load(pb), y.Pointer<R>());
                return;
            }
        }
        if (y.IsContiguous && (wholeA || a.Numel == 1) && (wholeB || b.Numel == 1))
        {
            var job = new Job2<T, R, S>(a.Pointer<T>(), wholeA ? 1 : 0, b.Pointer<T>(), wholeB ? 1 : 0, y.Pointer<R>(), step);
            if (n <= Grain) job.Invoke(0, n);
            else WorkerPool.For(n, Grain, job);
            return;
        }
        Strided2<T, R, S>(a, b, y, step);
    }

    private static void Strided2<T, R, S>(Tensor a, Tensor b, Tensor y, S step) where T : unmanaged where R : unmanaged where S : struct, IStep2<T, R>
    {
        long* sizes = stackalloc long[y.Dim + 1];
        long* strides = stackalloc long[3 * (y.Dim + 1)];
        var loop = new StridedLoop(sizes, strides, 3);
        loop.Load(y.Shape, y.StridesArray, Strided.BroadcastStrides(a, y.Shape), Strided.BroadcastStrides(b, y.Shape));
        do
            Inner2<T, R, S>(a.Pointer<T>() + loop.Offset(1), loop.InnerStride(1), b.Pointer<T>() + loop.Offset(2), loop.InnerStride(2),
                y.Pointer<R>() + loop.Offset(0), loop.InnerStride(0), loop.InnerSize, step);
        while (loop.Next());
    }

    private static void Loop3<T, S>(Tensor a, Tensor b, Tensor c, Tensor y, S step) where T : unmanaged where S : struct, IStep3<T>
    {
        if (y.Workspace.Recorder is { } recorder)
        {
            recorder.Element(new Kernel3<T, S>(step), y, a, b, c);
            return;
        }
        long n = y.Numel;
        if (n == 0) return;
        if (y.IsContiguous && a.IsContiguous && b.IsContiguous && c.IsContiguous && a.Numel == n && b.Numel == n && c.Numel == n)
        {
            var job = new Job3<T, S>(a.Pointer<T>(), b.Pointer<T>(), c.Pointer<T>(), y.Pointer<T>(), step);
            if (n <= Grain) job.Invoke(0, n);
            else WorkerPool.For(n, Grain, job);
            return;
        }
        Strided3<T, S>(a, b, c, y, step);
    }

    private static void Strided3<T, S>(Tensor a, Tensor b, Tensor c, Tensor y, S step) where T : unmanaged where S : struct, IStep3<T>
    {
        long* sizes = stackalloc long[y.Dim + 1];
        long* strides = stackalloc long[4 * (y.Dim + 1)];
        var loop = new StridedLoop(sizes, strides, 4);
        loop.Load(y.Shape, y.StridesArray, Strided.BroadcastStrides(a, y.Shape), Strided.BroadcastStrides(b, y.Shape), Strided.BroadcastStrides(c, y.Shape));
        do
            Inner3(a.Pointer<T>() + loop.Offset(1), loop.InnerStride(1), b.Pointer<T>() + loop.Offset(2), loop.InnerStride(2), c.Pointer<T>() + loop.Offset(3), loop.InnerStride(3),
                y.Pointer<T>() + loop.Offset(0), loop.InnerStride(0), loop.InnerSize, step);
        while (loop.Next());
    }

    private readonly struct Job1<T, R, S>(T* x, R* y, S step) : IRangeBody where T : unmanaged where R : unmanaged where S : struct, IStep1<T, R>
    {
        private readonly T* _x = x;
        private readonly R* _y = y;

        public void Invoke(long from, long to) => Inner1<T, R, S>(_x + from, 1, _y + from, 1, to - from, step);
    }

    private readonly struct Job2<T, R, S>(T* a, long stepA, T* b, long stepB, R* y, S step) : IRangeBody where T : unmanaged where R : unmanaged where S : struct, IStep2<T, R>
    {
        private readonly T* _a = a, _b = b;
        private readonly R* _y = y;

        public void Invoke(long from, long to) => Inner2<T, R, S>(_a + from * stepA, stepA, _b + from * stepB, stepB, _y + from, 1, to - from, step);
    }

    private readonly struct Job3<T, S>(T* a, T* b, T* c, T* y, S step) : IRangeBody where T : unmanaged where S : struct, IStep3<T>
    {
        private readonly T* _a = a, _b = b, _c = c, _y = y;

        public void Invoke(long from, long to) => Inner3(_a + from, 1, _b + from, 1, _c + from, 1, _y + from, 1, to - from, step);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Inner1<T, R, S>(T* x, long sx, R* y, long sy, long n, S step) where T : unmanaged where R : unmanaged where S : struct, IStep1<T, R>
    {
        long i = 0;
        int width = Vector<T>.Count;
        if (sx == 1 && sy == 1)
            for (; i <= n - width; i += width) step.Store(Vector.Load(x + i), y + i);
        R* tail = stackalloc R[width];
        for (; i < n; i += width)
        {
            int count = (int)Math.Min(width, n - i);
            step.Store(Gather(x + i * sx, sx, count), tail);
            for (int j = 0; j < count; j++) y[(i + j) * sy] = tail[j];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Inner2<T, R, S>(T* a, long sa, T* b, long sb, R* y, long sy, long n, S step) where T : unmanaged where R : unmanaged where S : struct, IStep2<T, R>
    {
        long i = 0;
        int width = Vector<T>.Count;
        if (sy == 1)
        {
            if (sa == 1 && sb == 1)
                for (; i <= n - width; i += width) step.Store(Vector.Load(a + i), Vector.Load(b + i), y + i);
            else if (sa == 1 && sb == 0)
                for (var vb = Vector.Create(*b); i <= n - width; i += width) step.Store(Vector.Load(a + i), vb, y + i);
            else if (sa == 0 && sb == 1)
                for (var va = Vector.Create(*a); i <= n - width; i += width) step.Store(va, Vector.Load(b + i), y + i);
        }
        R* tail = stackalloc R[width];
        for (; i < n; i += width)
        {
            int count = (int)Math.Min(width, n - i);
            step.Store(Gather(a + i * sa, sa, count), Gather(b + i * sb, sb, count), tail);
            for (int j = 0; j < count; j++) y[(i + j) * sy] = tail[j];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Inner3<T, S>(T* a, long sa, T* b, long sb, T* c, long sc, T* y, long sy, long n, S step) where T : unmanaged where S : struct, IStep3<T>
    {
        long i = 0;
        int width = Vector<T>.Count;
        if (sa == 1 && sb == 1 && sc == 1 && sy == 1)
            for (; i <= n - width; i += width) step.Store(Vector.Load(a + i), Vector.Load(b + i), Vector.Load(c + i), y + i);
        T* tail = stackalloc T[width];
        for (; i < n; i += width)
        {
            int count = (int)Math.Min(width, n - i);
            step.Store(Gather(a + i * sa, sa, count), Gather(b + i * sb, sb, count), Gather(c + i * sc, sc, count), tail);
            for (int j = 0; j < count; j++) y[(i + j) * sy] = tail[j];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool InOneLine<T>(T* x) where T : unmanaged => ((nuint)x & 63) + (nuint)sizeof(Vector<T>) <= 64;

    // Lanes past the end repeat the first element: a value the kernel sees anyway, so that it neither divides by zero nor traps for nothing.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<T> Gather<T>(T* x, long stride, int count) where T : unmanaged
    {
        if (stride == 1 && count == Vector<T>.Count) return Vector.Load(x);
        // What shares a cache line with the first element is mapped memory, whoever it belongs to, and what floats compute in lanes past the end harms nobody.
        if (stride == 1 && (typeof(T) == typeof(float) || typeof(T) == typeof(double)) && InOneLine(x)) return Vector.Load(x);
        T* lanes = stackalloc T[64 / sizeof(T)];
        for (int j = 0; j < Vector<T>.Count; j++) lanes[j] = x[j < count ? j * stride : 0];
        return Vector.Load(lanes);
    }
}
