using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutogradService.Engine.Kernels;

/// <summary>
/// Elementary functions over vectors of float or double, for use inside kernel loops: within 2 ulp, NaN in gives NaN out, infinities, overflow,
/// subnormals and the sign of zero as IEEE 754 has them. A lane's result depends on that lane alone, so a padded tail gives the bits of a full vector.
/// </summary>
internal static class VectorMath
{
    /// <summary>e^x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Exp<T>(Vector<T> x)
    {
        if (typeof(T) == typeof(float)) return VectorMathSingle.Exp(x.As<T, float>()).As<float, T>();
        RequireDouble<T>();
        return VectorMathDouble.Exp(x.As<T, double>()).As<double, T>();
    }

    /// <summary>2^x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Exp2<T>(Vector<T> x)
    {
        if (typeof(T) == typeof(float)) return VectorMathSingle.Exp2(x.As<T, float>()).As<float, T>();
        RequireDouble<T>();
        return VectorMathDouble.Exp2(x.As<T, double>()).As<double, T>();
    }

    /// <summary>e^x - 1, accurate near 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Expm1<T>(Vector<T> x)
    {
        if (typeof(T) == typeof(float)) return VectorMathSingle.Expm1(x.As<T, float>()).As<float, T>();
        RequireDouble<T>();
        return VectorMathDouble.Expm1(x.As<T, double>()).As<double, T>();
    }

    /// <summary>The natural logarithm; -inf at 0, NaN below.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Log<T>(Vector<T> x)
    {
        if (typeof(T) == typeof(float)) return VectorMathSingle.Log(x.As<T, float>()).As<float, T>();
        RequireDouble<T>();
        return VectorMathDouble.Log(x.As<T, double>()).As<double, T>();
    }

    /// <summary>log(1 + x), accurate near 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Log1p<T>(Vector<T> x)
    {
        if (typeof(T) == typeof(float)) return VectorMathSingle.Log1p(x.As<T, float>()).As<float, T>();
        RequireDouble<T>();
        return VectorMathDouble.Log1p(x.As<T, double>()).As<double, T>();
    }

    /// <summary>The logarithm to base 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Log2<T>(Vector<T> x)
    {
        if (typeof(T) == typeof(float))
        {
            Vector.Widen(x.As<T, float>(), out var low, out var high);
            return Vector.Narrow(VectorMathDouble.Log2(low), VectorMathDouble.Log2(high)).As<float, T>();
        }

        RequireDouble<T>();
        return VectorMathDouble.Log2(x.As<T, double>()).As<double, T>();
    }

    /// <summary>The logarithm to base 10.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Log10<T>(Vector<T> x)
    {
        if (typeof(T) == typeof(float))
        {
            Vector.Widen(x.As<T, float>(), out var low, out var high);
            return Vector.Narrow(VectorMathDouble.Log10(low), VectorMathDouble.Log10(high)).As<float, T>();
        }

        RequireDouble<T>();
        return VectorMathDouble.Log10(x.As<T, double>()).As<double, T>();
    }

    /// <summary>The hyperbolic tangent; the sign of zero is kept.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Tanh<T>(Vector<T> x)
    {
        if (typeof(T) == typeof(float)) return VectorMathSingle.Tanh(x.As<T, float>()).As<float, T>();
        RequireDouble<T>();
        return VectorMathDouble.Tanh(x.As<T, double>()).As<double, T>();
    }

    /// <summary>1 / (1 + e^-x), with full relative precision in the left tail.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Sigmoid<T>(Vector<T> x)
    {
        if (typeof(T) == typeof(float)) return VectorMathSingle.Sigmoid(x.As<T, float>()).As<float, T>();
        RequireDouble<T>();
        return VectorMathDouble.Sigmoid(x.As<T, double>()).As<double, T>();
    }

    /// <summary>The sine of x radians.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Sin<T>(Vector<T> x)
    {
        if (typeof(T) == typeof(float)) return VectorMathSingle.Sin(x.As<T, float>()).As<float, T>();
        RequireDouble<T>();
        return VectorMathDouble.Sin(x.As<T, double>()).As<double, T>();
    }

    /// <summary>The cosine of x radians.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Cos<T>(Vector<T> x)
    {
        if (typeof(T) == typeof(float)) return VectorMathSingle.Cos(x.As<T, float>()).As<float, T>();
        RequireDouble<T>();
        return VectorMathDouble.Cos(x.As<T, double>()).As<double, T>();
    }

    /// <summary>The tangent of x radians.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Tan<T>(Vector<T> x)
    {
        if (typeof(T) == typeof(float))
        {
            Vector.Widen(x.As<T, float>(), out var low, out var high);
            return Vector.Narrow(VectorMathDouble.TanForSingle(low), VectorMathDouble.TanForSingle(high)).As<float, T>();
        }

        RequireDouble<T>();
        return Lanes.Map<T, Lanes.Tan>(x);
    }

    /// <summary>The error function.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Erf<T>(Vector<T> x)
    {
        if (typeof(T) == typeof(float)) return VectorMathSingle.Erf(x.As<T, float>()).As<float, T>();
        RequireDouble<T>();
        return VectorErf.Erf(x.As<T, double>()).As<double, T>();
    }

    /// <summary>
    /// x Phi(x) with Phi the normal distribution, as accurate as |x| / 2 times a number near 1 can be: 2 ulp for positive x, and for negative x 2 ulp of |x| / 2, float much better than that.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Gelu<T>(Vector<T> x) => GeluEnd(x, GeluMiddle(GeluBegin(x)));

    /// <summary>The first stage of <see cref="Gelu"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> GeluBegin<T>(Vector<T> x) =>
        typeof(T) == typeof(float) ? VectorMathSingle.NormalTailLogit(Vector.Abs(x.As<T, float>())).As<float, T>() : x;

    /// <summary>The second stage of <see cref="Gelu"/>, from the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> GeluMiddle<T>(Vector<T> s) =>
        typeof(T) == typeof(float) ? VectorMathSingle.ExpOfNegative(s.As<T, float>()).As<float, T>() : NormalCdf(s);

    /// <summary>The last stage of <see cref="Gelu"/>, from the argument and the second.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> GeluEnd<T>(Vector<T> x, Vector<T> s)
    {
        if (typeof(T) == typeof(float))
        {
            Vector<float> single = x.As<T, float>(), e = s.As<T, float>();
            var tail = e / (Vector<float>.One + e);
            var result = Vector.FusedMultiplyAdd(-Vector.Abs(single), tail, Vector.MaxNative(Vector<float>.Zero, single));
            return Vector.ConditionalSelect(Vector.Equals(single, Vector.Create(float.PositiveInfinity)), single, result).As<float, T>();
        }

        RequireDouble<T>();
        return (x.As<T, double>() * s.As<T, double>()).As<double, T>();
    }

    /// <summary>The normal distribution function, with an absolute error of an ulp or two of 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> NormalCdf<T>(Vector<T> x)
    {
        if (typeof(T) == typeof(float))
        {
            var single = x.As<T, float>();
            var tail = VectorMathSingle.NormalTail(Vector.Abs(single));
            var result = Vector.ConditionalSelect(Vector.GreaterThan(single, Vector<float>.Zero), Vector<float>.One - tail, tail);
            // NaN would leave the tail as a number.
            return Vector.ConditionalSelect(Vector.Equals(single, single), result, single).As<float, T>();
        }

        RequireDouble<T>();
        return ((Vector<double>.One + VectorErf.Erf(x.As<T, double>() * 0.70710678118654752440)) * 0.5).As<double, T>();
    }

    /// <summary>The normal density exp(-x^2 / 2) / sqrt(2 pi); 0 where it would be subnormal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> NormalDensity<T>(Vector<T> x)
    {
        if (typeof(T) == typeof(float))
        {
            var single = x.As<T, float>();
            var density = VectorMathSingle.ExpOfNegative(single * single * -0.5f) * 0.39894228f;
            return Vector.ConditionalSelect(Vector.Equals(single, single), density, single).As<float, T>();
        }

        RequireDouble<T>();
        return (VectorMathDouble.Exp(x.As<T, double>() * x.As<T, double>() * -0.5) * 0.39894228040143267794).As<double, T>();
    }

    /// <summary>The complementary error function, with full relative precision in the right tail.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Erfc<T>(Vector<T> x)
    {
        if (typeof(T) == typeof(float))
        {
            Vector.Widen(x.As<T, float>(), out var low, out var high);
            return Vector.Narrow(VectorErf.Erfc(low), VectorErf.Erfc(high)).As<float, T>();
        }

        RequireDouble<T>();
        return VectorErf.Erfc(x.As<T, double>()).As<double, T>();
    }

    /// <summary>The inverse tangent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Atan<T>(Vector<T> x)
    {
        if (typeof(T) == typeof(float))
        {
            Vector.Widen(x.As<T, float>(), out var low, out var high);
            return Vector.Narrow(VectorMathDouble.AtanForSingle(low), VectorMathDouble.AtanForSingle(high)).As<float, T>();
        }

        RequireDouble<T>();
        return Lanes.Map<T, Lanes.Atan>(x);
    }

    /// <summary>The inverse sine; NaN outside [-1, 1].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Asin<T>(Vector<T> x)
    {
        if (typeof(T) == typeof(float))
        {
            Vector.Widen(x.As<T, float>(), out var low, out var high);
            return Vector.Narrow(VectorMathDouble.AsinForSingle(low), VectorMathDouble.AsinForSingle(high)).As<float, T>();
        }

        RequireDouble<T>();
        return Lanes.Map<T, Lanes.Asin>(x);
    }

    /// <summary>The inverse cosine; NaN outside [-1, 1].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Acos<T>(Vector<T> x)
    {
        if (typeof(T) == typeof(float))
        {
            Vector.Widen(x.As<T, float>(), out var low, out var high);
            return Vector.Narrow(VectorMathDouble.AcosForSingle(low), VectorMathDouble.AcosForSingle(high)).As<float, T>();
        }

        RequireDouble<T>();
        return Lanes.Map<T, Lanes.Acos>(x);
    }

    /// <summary>The hyperbolic sine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Sinh<T>(Vector<T> x)
    {
        if (typeof(T) == typeof(float))
        {
            Vector.Widen(x.As<T, float>(), out var low, out var high);
            return Vector.Narrow(VectorMathDouble.SinhForSingle(low), VectorMathDouble.SinhForSingle(high)).As<float, T>();
        }

        RequireDouble<T>();
        return Lanes.Map<T, Lanes.Sinh>(x);
    }

    /// <summary>The hyperbolic cosine.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Cosh<T>(Vector<T> x)
    {
        if (typeof(T) == typeof(float))
        {
            Vector.Widen(x.As<T, float>(), out var low, out var high);
            return Vector.Narrow(VectorMathDouble.CoshForSingle(low), VectorMathDouble.CoshForSingle(high)).As<float, T>();
        }

        RequireDouble<T>();
        return Lanes.Map<T, Lanes.Cosh>(x);
    }

    /// <summary>x^y with the special cases of IEEE 754 (x^0 = 1, 1^y = 1, a negative base with a fractional exponent is NaN).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Pow<T>(Vector<T> x, Vector<T> y)
    {
        if (typeof(T) == typeof(float))
        {
            Vector.Widen(x.As<T, float>(), out var lowBase, out var highBase);
            Vector.Widen(y.As<T, float>(), out var lowExponent, out var highExponent);
            var low = VectorMathDouble.PowForSingle(lowBase, lowExponent);
            return Vector.Narrow(low, VectorMathDouble.PowForSingle(highBase, highExponent)).As<float, T>();
        }

        RequireDouble<T>();
        return Lanes.Pow(x.As<T, double>(), y.As<T, double>()).As<double, T>();
    }

    /// <summary>The square root, correctly rounded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Sqrt<T>(Vector<T> x) => Vector.SquareRoot(x);

    /// <summary>1 / sqrt(x), by a full division and root: no estimate instruction, so every machine gives the same bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Rsqrt<T>(Vector<T> x) => Vector<T>.One / Vector.SquareRoot(x);

    /// <summary>The largest integer not above x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Floor<T>(Vector<T> x)
    {
        if (typeof(T) == typeof(float)) return Vector.Floor(x.As<T, float>()).As<float, T>();
        RequireDouble<T>();
        return Vector.Floor(x.As<T, double>()).As<double, T>();
    }

    /// <summary>The smallest integer not below x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Ceiling<T>(Vector<T> x)
    {
        if (typeof(T) == typeof(float)) return Vector.Ceiling(x.As<T, float>()).As<float, T>();
        RequireDouble<T>();
        return Vector.Ceiling(x.As<T, double>()).As<double, T>();
    }

    /// <summary>The integer part of x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Truncate<T>(Vector<T> x)
    {
        if (typeof(T) == typeof(float)) return Vector.Truncate(x.As<T, float>()).As<float, T>();
        RequireDouble<T>();
        return Vector.Truncate(x.As<T, double>()).As<double, T>();
    }

    /// <summary>The nearest integer, ties to even.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<T> Round<T>(Vector<T> x)
    {
        if (typeof(T) == typeof(float)) return Vector.Round(x.As<T, float>()).As<float, T>();
        RequireDouble<T>();
        return Vector.Round(x.As<T, double>()).As<double, T>();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void RequireDouble<T>()
    {
        if (typeof(T) != typeof(double)) Unsupported<T>();
    }

    private static void Unsupported<T>() => throw new NotSupportedException($"elementary functions take float or double, not {typeof(T).Name}");
}
