using System.Numerics;
using System.Runtime.CompilerServices;
using AutogradService.Engine.Functions;

namespace AutogradService.Engine.Kernels;

// Elementwise kernels as objects: what a recorded function keeps of an op, to run it over tiles. The same vector code, so the same bits.
internal static unsafe partial class Elementwise
{
    // Floats compute harmlessly in lanes past the end, and a tile's memory reaches to the end of its last vector.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool ComputesPastEnd<T>() => typeof(T) == typeof(float) || typeof(T) == typeof(double);

    private sealed class Kernel1<T, R, S>(S step) : ElementKernel where T : unmanaged where R : unmanaged where S : struct, IStep1<T, R>
    {
        public override bool Pads => ComputesPastEnd<T>() && typeof(T) == typeof(R);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Run(byte** slots, in Instruction i, long n)
        {
            T* x = (T*)slots[i.A];
            R* y = (R*)slots[i.Y];
            if (!Pads)
                Inner1<T, R, S>(x, i.StepA, y, 1, n, step);
            else if (i.StepA == 1)
                for (long k = 0; k < n; k += Vector<T>.Count) step.Store(Vector.Load(x + k), y + k);
            else
                for (var vx = Vector.Create(*x); n > 0; n -= Vector<T>.Count, y += Vector<T>.Count) step.Store(vx, y);
        }

        public override void Run(ReadOnlySpan<Tensor> x, Tensor y) => Loop1<T, R, S>(x[0], y, step);

        public override bool Equals(object? other) => other is Kernel1<T, R, S> k && k.Step.Equals(Step);

        public override int GetHashCode() => typeof(S).GetHashCode();

        private S Step => step;
    }

    private sealed class Kernel2<T, R, S>(S step) : ElementKernel where T : unmanaged where R : unmanaged where S : struct, IStep2<T, R>
    {
        public override bool Pads => ComputesPastEnd<T>() && typeof(T) == typeof(R);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Run(byte** slots, in Instruction i, long n)
        {
            T* a = (T*)slots[i.A], b = (T*)slots[i.B];
            R* y = (R*)slots[i.Y];
            if (!Pads)
            {
                Inner2<T, R, S>(a, i.StepA, b, i.StepB, y, 1, n, step);
                return;
            }
            if (i.StepA == 1 && i.StepB == 1)
                for (long k = 0; k < n; k += Vector<T>.Count) step.Store(Vector.Load(a + k), Vector.Load(b + k), y + k);
            else if (i.StepA == 1)
                for (var vb = Vector.Create(*b); n > 0; n -= Vector<T>.Count, a += Vector<T>.Count, y += Vector<T>.Count) step.Store(Vector.Load(a), vb, y);
            else if (i.StepB == 1)
                for (var va = Vector.Create(*a); n > 0; n -= Vector<T>.Count, b += Vector<T>.Count, y += Vector<T>.Count) step.Store(va, Vector.Load(b), y);
            else
                for (var (va, vb) = (Vector.Create(*a), Vector.Create(*b)); n > 0; n -= Vector<T>.Count, y += Vector<T>.Count) step.Store(va, vb, y);
        }

        public override void Run(ReadOnlySpan<Tensor> x, Tensor y) => Loop2<T, R, S>(x[0], x[1], y, step);

        public override bool Equals(object? other) => other is Kernel2<T, R, S> k && k.Step.Equals(Step);

        public override int GetHashCode() => typeof(S).GetHashCode();

        private S Step => step;
    }

    private sealed class Kernel3<T, S>(S step) : ElementKernel where T : unmanaged where S : struct, IStep3<T>
    {
        public override bool Pads => ComputesPastEnd<T>();

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public override void Run(byte** slots, in Instruction i, long n)
        {
            T* a = (T*)slots[i.A], b = (T*)slots[i.B], c = (T*)slots[i.C], y = (T*)slots[i.Y];
            if (!Pads)
            {
                Inner3(a, i.StepA, b, i.StepB, c, i.StepC, y, 1, n, step);
                return;
            }
            Vector<T> va = Vector.Create(*a), vb = Vector.Create(*b), vc = Vector.Create(*c);
            for (long k = 0; k < n; k += Vector<T>.Count)
            {
                if (i.StepA == 1) va = Vector.Load(a + k);
                if (i.StepB == 1) vb = Vector.Load(b + k);
                if (i.StepC == 1) vc = Vector.Load(c + k);
                step.Store(va, vb, vc, y + k);
            }
        }

        public override void Run(ReadOnlySpan<Tensor> x, Tensor y) => Loop3<T, S>(x[0], x[1], x[2], y, step);

        public override bool Equals(object? other) => other is Kernel3<T, S> k && k.Step.Equals(Step);

        public override int GetHashCode() => typeof(S).GetHashCode();

        private S Step => step;
    }
}
