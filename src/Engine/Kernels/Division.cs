using System.Numerics;

namespace AutogradService.Engine.Kernels;

/// <summary>Rounded quotients and their remainders, for every numeric dtype, with PyTorch's rounding and its refusal to divide integers by zero.</summary>
internal static unsafe class Division
{
    /// <summary>Refuses integer divisors with a zero among them, before the processor does.</summary>
    /// <exception cref="AutogradException">INVALID_ATTRIBUTE: ZeroDivisionError.</exception>
    public static void RefuseZero(Tensor divisor)
    {
        if (divisor.DType.IsFloatingPoint) return;
        using var scope = divisor.Workspace.Scope();
        DTypes.Dispatch(divisor.DType, new ZeroSearch(divisor.Workspace.RawContiguous(divisor)));
    }

    private readonly ref struct ZeroSearch(Tensor divisor) : IDTypeAction
    {
        private readonly Tensor _divisor = divisor;

        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            T* p = _divisor.Pointer<T>();
            for (long i = 0; i < _divisor.Numel; i++)
                if (p[i] == T.Zero) throw AutogradException.Attribute("ZeroDivisionError");
        }
    }

    /// <summary>floor(a / b), exact also where the quotient rounds up to an integer.</summary>
    internal readonly struct FloorQuotient : IBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T>, IMinMaxValue<T> => Lanes.Map<T, FloorPair>(a, b);
    }

    /// <summary>trunc(a / b).</summary>
    internal readonly struct TruncatedQuotient : IBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T>, IMinMaxValue<T> =>
            typeof(T) == typeof(float) || typeof(T) == typeof(double) ? VectorMath.Truncate(a / b) : Lanes.Map<T, TruncatedPair>(a, b);
    }

    /// <summary>a - b floor(a / b): has the sign of b.</summary>
    internal readonly struct Modulo : IBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T>, IMinMaxValue<T> => Lanes.Map<T, ModuloPair>(a, b);
    }

    /// <summary>a - b trunc(a / b): has the sign of a.</summary>
    internal readonly struct Remainder : IBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T>, IMinMaxValue<T> => Lanes.Map<T, RemainderPair>(a, b);
    }

    private readonly struct FloorPair : Lanes.IPairFunction
    {
        public static T Invoke<T>(T a, T b) where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            if (typeof(T) == typeof(float)) return (T)(object)(float)OfFloats((float)(object)a, (float)(object)b, (float)(object)a % (float)(object)b, (float)(object)a / (float)(object)b);
            if (typeof(T) == typeof(double)) return (T)(object)OfFloats((double)(object)a, (double)(object)b, (double)(object)a % (double)(object)b, (double)(object)a / (double)(object)b);
            if (IsMinusOne(b)) return T.Zero - a;
            T quotient = a / b, rest = a - quotient * b;
            return rest != T.Zero && T.IsNegative(rest) != T.IsNegative(b) ? quotient - T.One : quotient;
        }

        // The remainder is exact where the quotient is rounded: it tells on which side of an integer the true quotient lies.
        private static double OfFloats(double a, double b, double rest, double quotient)
        {
            if (b == 0) return quotient;
            double exact = (a - rest) / b;
            if (rest != 0 && b < 0 != rest < 0) exact -= 1;
            if (exact == 0) return Math.CopySign(0, quotient);
            double floor = Math.Floor(exact);
            return exact - floor > 0.5 ? floor + 1 : floor;
        }
    }

    private readonly struct TruncatedPair : Lanes.IPairFunction
    {
        public static T Invoke<T>(T a, T b) where T : unmanaged, INumber<T>, IMinMaxValue<T> => IsMinusOne(b) ? T.Zero - a : a / b;
    }

    private readonly struct ModuloPair : Lanes.IPairFunction
    {
        public static T Invoke<T>(T a, T b) where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            T rest = RemainderPair.Invoke(a, b);
            return rest != T.Zero && b < T.Zero != rest < T.Zero ? rest + b : rest;
        }
    }

    private readonly struct RemainderPair : Lanes.IPairFunction
    {
        public static T Invoke<T>(T a, T b) where T : unmanaged, INumber<T>, IMinMaxValue<T> =>
            typeof(T) != typeof(float) && typeof(T) != typeof(double) && IsMinusOne(b) ? T.Zero : a % b;
    }

    // The least integer divided by -1 does not fit and traps.
    private static bool IsMinusOne<T>(T b) where T : unmanaged, INumber<T>, IMinMaxValue<T> => T.IsNegative(b) && b + T.One == T.Zero;
}
