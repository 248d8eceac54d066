using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutogradService.Engine.Kernels;

/// <summary>One element's step of an optimizer, for a vector of them: rewrites the parameter and its state.</summary>
/// <typeparam name="T">float or double.</typeparam>
internal interface IUpdateKernel<T> where T : unmanaged
{
    /// <summary>How many tensors of state there are, 0 to 3: the operands beyond are neither read nor written.</summary>
    static abstract int States { get; }

    void Invoke(ref Vector<T> parameter, Vector<T> gradient, ref Vector<T> state0, ref Vector<T> state1, ref Vector<T> state2);
}

/// <summary>A part of a kernel that is there or not, known when the kernel is compiled.</summary>
internal interface ISwitch
{
    static abstract bool IsOn { get; }
}

/// <summary>The part is there.</summary>
internal readonly struct On : ISwitch
{
    public static bool IsOn => true;
}

/// <summary>The part is not there.</summary>
internal readonly struct Off : ISwitch
{
    public static bool IsOn => false;
}

/// <summary>
/// The loop of optimizer steps: parameter, gradient and state are read once and written once, split over the threads. Tails go through the same vector code,
/// so that an element's result depends on neither its position nor the number of threads.
/// </summary>
internal static unsafe class ParameterUpdate
{
    private const int OperandsMax = 5;

    // Elements below which a thread's share is not worth handing out.
    private const long Grain = 1 << 14;

    /// <summary>Runs the kernel over contiguous tensors of one dtype.</summary>
    public static void Run<T, K>(Tensor parameter, Tensor gradient, ReadOnlySpan<Tensor?> states, K kernel) where T : unmanaged where K : struct, IUpdateKernel<T>
    {
        if (K.States > states.Length) throw new ArgumentException("a tensor of state is missing", nameof(states));
        T* first = K.States > 0 ? states[0]!.Pointer<T>() : null, second = K.States > 1 ? states[1]!.Pointer<T>() : null, third = K.States > 2 ? states[2]!.Pointer<T>() : null;
        WorkerPool.For(parameter.Numel, Grain, new Body<T, K>(parameter.Pointer<T>(), gradient.Pointer<T>(), first, second, third, kernel));
    }

    private readonly struct Body<T, K>(T* parameter, T* gradient, T* state0, T* state1, T* state2, K kernel) : IRangeBody where T : unmanaged where K : struct, IUpdateKernel<T>
    {
        private readonly T* _parameter = parameter, _gradient = gradient, _state0 = state0, _state1 = state1, _state2 = state2;
        private readonly K _kernel = kernel;

        public void Invoke(long from, long to) => Loop(_parameter, _gradient, _state0, _state1, _state2, from, to, _kernel);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Loop<T, K>(T* p, T* g, T* s0, T* s1, T* s2, long from, long to, K kernel) where T : unmanaged where K : struct, IUpdateKernel<T>
    {
        int width = Vector<T>.Count;
        long i = from;
        for (; i <= to - width; i += width) Step<T, K>(p + i, g + i, s0 + i, s1 + i, s2 + i, in kernel);
        if (i == to) return;
        // What pads the last vector is 1 everywhere: no operation of any step traps or slows down on it.
        int count = (int)(to - i);
        T* lanes = stackalloc T[OperandsMax * width];
        for (int k = 0; k < OperandsMax; k++) Vector.Store(Vector<T>.One, lanes + k * width);
        for (int j = 0; j < count; j++)
        {
            lanes[j] = p[i + j];
            lanes[width + j] = g[i + j];
            if (K.States > 0) lanes[2 * width + j] = s0[i + j];
            if (K.States > 1) lanes[3 * width + j] = s1[i + j];
            if (K.States > 2) lanes[4 * width + j] = s2[i + j];
        }
        Step<T, K>(lanes, lanes + width, lanes + 2 * width, lanes + 3 * width, lanes + 4 * width, in kernel);
        for (int j = 0; j < count; j++)
        {
            p[i + j] = lanes[j];
            if (K.States > 0) s0[i + j] = lanes[2 * width + j];
            if (K.States > 1) s1[i + j] = lanes[3 * width + j];
            if (K.States > 2) s2[i + j] = lanes[4 * width + j];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Step<T, K>(T* p, T* g, T* s0, T* s1, T* s2, in K kernel) where T : unmanaged where K : struct, IUpdateKernel<T>
    {
        var parameter = Vector.Load(p);
        var state0 = K.States > 0 ? Vector.Load(s0) : default;
        var state1 = K.States > 1 ? Vector.Load(s1) : default;
        var state2 = K.States > 2 ? Vector.Load(s2) : default;
        kernel.Invoke(ref parameter, Vector.Load(g), ref state0, ref state1, ref state2);
        parameter.Store(p);
        if (K.States > 0) state0.Store(s0);
        if (K.States > 1) state1.Store(s1);
        if (K.States > 2) state2.Store(s2);
    }
}
