using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutogradService.Engine.Kernels;

/// <summary>Choosing between the elements of two tensors by truth values; any dtype, as no arithmetic is done.</summary>
internal static unsafe class Masked
{
    private const long Grain = 1 << 15;

    /// <summary>y = mask ? a : b; a, b and y of one dtype, all broadcast to y.</summary>
    public static void Select(Tensor mask, Tensor a, Tensor b, Tensor y) => DTypes.Dispatch(y.DType, new Action(mask, a, b, y));

    private readonly ref struct Action(Tensor mask, Tensor a, Tensor b, Tensor y) : IDTypeAction
    {
        private readonly Tensor _mask = mask, _a = a, _b = b, _y = y;

        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            long n = _y.Numel;
            if (n == 0) return;
            bool wholeA = _a.IsContiguous && _a.Numel == n, wholeB = _b.IsContiguous && _b.Numel == n;
            if (_y.IsContiguous && _mask.IsContiguous && _mask.Numel == n && (wholeA || _a.Numel == 1) && (wholeB || _b.Numel == 1))
            {
                WorkerPool.For(n, Grain, new Job<T>(_mask.Pointer<byte>(), _a.Pointer<T>(), wholeA ? 1 : 0, _b.Pointer<T>(), wholeB ? 1 : 0, _y.Pointer<T>()));
                return;
            }
            long* sizes = stackalloc long[_y.Dim + 1];
            long* strides = stackalloc long[4 * (_y.Dim + 1)];
            var loop = new StridedLoop(sizes, strides, 4);
            loop.Load(_y.Shape, _y.StridesArray, Strided.BroadcastStrides(_mask, _y.Shape), Strided.BroadcastStrides(_a, _y.Shape), Strided.BroadcastStrides(_b, _y.Shape));
            do
                Inner(_mask.Pointer<byte>() + loop.Offset(1), loop.InnerStride(1), _a.Pointer<T>() + loop.Offset(2), loop.InnerStride(2),
                    _b.Pointer<T>() + loop.Offset(3), loop.InnerStride(3), _y.Pointer<T>() + loop.Offset(0), loop.InnerStride(0), loop.InnerSize);
            while (loop.Next());
        }
    }

    private readonly struct Job<T>(byte* mask, T* a, long sa, T* b, long sb, T* y) : IRangeBody where T : unmanaged
    {
        private readonly byte* _mask = mask;
        private readonly T* _a = a, _b = b, _y = y;

        public void Invoke(long from, long to) => Inner(_mask + from, 1, _a + from * sa, sa, _b + from * sb, sb, _y + from, 1, to - from);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Inner<T>(byte* mask, long sm, T* a, long sa, T* b, long sb, T* y, long sy, long n) where T : unmanaged
    {
        for (long i = 0; i < n; i++)
        {
            // Both are read, so that the choice is a conditional move and not a branch that a random mask mispredicts.
            T yes = a[i * sa], no = b[i * sb];
            y[i * sy] = mask[i * sm] != 0 ? yes : no;
        }
    }
}
