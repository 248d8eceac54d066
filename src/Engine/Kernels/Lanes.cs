using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutogradService.Engine.Kernels;

/// <summary>The one place where a vector function falls back to a scalar function, lane by lane (float lanes are evaluated in double and rounded once).</summary>
internal static unsafe class Lanes
{
    /// <summary>A function of one double.</summary>
    internal interface IFunction
    {
        static abstract double Invoke(double x);
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static Vector<T> Map<T, TFunction>(Vector<T> x)
        where TFunction : struct, IFunction
    {
        if (typeof(T) == typeof(float))
        {
            var lanes = (float*)&x;
            for (var i = 0; i < Vector<float>.Count; i++) lanes[i] = (float)TFunction.Invoke(lanes[i]);
        }
        else
        {
            var lanes = (double*)&x;
            for (var i = 0; i < Vector<double>.Count; i++) lanes[i] = TFunction.Invoke(lanes[i]);
        }

        return x;
    }

    /// <summary>The vector result in the lanes within a bound, element by element in the others: what stands beside an element does not change its result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> WhereWithin<T, TFunction>(Vector<T> x, Vector<T> most, Vector<T> result) where TFunction : struct, IFunction
    {
        var large = Vector.GreaterThan(Vector.Abs(x), most);
        return Vector.EqualsAll(large, Vector<T>.Zero) ? result : Vector.ConditionalSelect(large, Map<T, TFunction>(x), result);
    }

    /// <summary>A function of two elements.</summary>
    internal interface IPairFunction
    {
        static abstract T Invoke<T>(T a, T b) where T : unmanaged, INumber<T>, IMinMaxValue<T>;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static Vector<T> Map<T, TFunction>(Vector<T> a, Vector<T> b)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
        where TFunction : struct, IPairFunction
    {
        T* first = (T*)&a, second = (T*)&b;
        for (var i = 0; i < Vector<T>.Count; i++) first[i] = TFunction.Invoke(first[i], second[i]);
        return a;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static Vector<double> Pow(Vector<double> x, Vector<double> y)
    {
        var bases = (double*)&x;
        var exponents = (double*)&y;
        for (var i = 0; i < Vector<double>.Count; i++) bases[i] = Math.Pow(bases[i], exponents[i]);
        return x;
    }

    internal readonly struct Sin : IFunction
    {
        public static double Invoke(double x) => Math.Sin(x);
    }

    internal readonly struct Cos : IFunction
    {
        public static double Invoke(double x) => Math.Cos(x);
    }

    internal readonly struct Tan : IFunction
    {
        public static double Invoke(double x) => Math.Tan(x);
    }

    internal readonly struct Asin : IFunction
    {
        public static double Invoke(double x) => Math.Asin(x);
    }

    internal readonly struct Acos : IFunction
    {
        public static double Invoke(double x) => Math.Acos(x);
    }

    internal readonly struct Atan : IFunction
    {
        public static double Invoke(double x) => Math.Atan(x);
    }

    internal readonly struct Sinh : IFunction
    {
        public static double Invoke(double x) => Math.Sinh(x);
    }

    internal readonly struct Cosh : IFunction
    {
        public static double Invoke(double x) => Math.Cosh(x);
    }
}
