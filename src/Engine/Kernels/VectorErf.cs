using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutogradService.Engine.Kernels;

/// <summary>erf and erfc of double vectors: the fits of Note [erf] in <see cref="ScalarMath"/>, every lane picking its range.</summary>
internal static class VectorErf
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Vector<double> Erf(Vector<double> x)
    {
        var t = Vector.Abs(x);
        var result = t + t * NearZero(t);
        if (!Vector.LessThanAll(t, Vector.Create(0.84375)))
        {
            var large = Vector.ConditionalSelect(
                Vector.LessThan(t, Vector.Create(1.25)), Vector.Create(ScalarMath.ErfAtOne) + NearOne(t), Vector<double>.One - Tail(t));
            result = Vector.ConditionalSelect(Vector.LessThan(t, Vector.Create(0.84375)), result, large);
        }

        return result | (x & Vector.Create(-0.0));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Vector<double> Erfc(Vector<double> x)
    {
        var one = Vector<double>.One;
        var half = Vector.Create(0.5);
        var t = Vector.Abs(x);
        // Beyond 1/4 the subtraction starts from 1/2, which x is close to; the error stays below that of the result.
        var product = x * NearZero(t);
        var result = Vector.ConditionalSelect(Vector.LessThan(x, Vector.Create(0.25)), one - (x + product), half - (x - half + product));
        if (!Vector.LessThanAll(t, Vector.Create(0.84375)))
        {
            var positive = Vector.GreaterThan(x, Vector<double>.Zero);
            var near = NearOne(t);
            var nearOne = Vector.ConditionalSelect(positive, Vector.Create(1 - ScalarMath.ErfAtOne) - near, one + (Vector.Create(ScalarMath.ErfAtOne) + near));
            var tail = Tail(t);
            var far = Vector.ConditionalSelect(positive, tail, Vector.Create(2.0) - tail);
            var large = Vector.ConditionalSelect(Vector.LessThan(t, Vector.Create(1.25)), nearOne, far);
            result = Vector.ConditionalSelect(Vector.LessThan(t, Vector.Create(0.84375)), result, large);
        }

        return result;
    }

    /// <summary>erf(x)/x - 1 for small x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> NearZero(Vector<double> t)
    {
        t = Vector.MinNative(Vector<double>.One, t);
        var z = t * t;
        return Polynomial(ScalarMath.NearZeroTop, z) / Polynomial(ScalarMath.NearZeroBottom, z);
    }

    /// <summary>erf(t) - ErfAtOne for t around 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> NearOne(Vector<double> t)
    {
        var s = Vector.MinNative(Vector.Create(1.25), t) - Vector<double>.One;
        return Polynomial(ScalarMath.NearOneTop, s) / Polynomial(ScalarMath.NearOneBottom, s);
    }

    /// <summary>erfc(t) from 1.25 on; 0 from 28 on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> Tail(Vector<double> t)
    {
        t = Vector.MinNative(Vector.Create(28.0), Vector.MaxNative(Vector.Create(1.25), t));
        var s = Vector<double>.One / (t * t);
        var middle = Polynomial(ScalarMath.MiddleTop, s) / Polynomial(ScalarMath.MiddleBottom, s);
        var tail = Polynomial(ScalarMath.TailTop, s) / Polynomial(ScalarMath.TailBottom, s);
        var ratio = Vector.ConditionalSelect(Vector.LessThan(t, Vector.Create(1 / 0.35)), middle, tail);
        // e^(-t^2) in two factors, the first of an argument whose square is exact.
        var head = Vector.AsVectorDouble(Vector.AsVectorInt64(t) & Vector.Create(unchecked((long)0xFFFFFFFF00000000)));
        var exponential = VectorMathDouble.Exp(-(head * head) - Vector.Create(0.5625)) * VectorMathDouble.Exp((head - t) * (head + t) + ratio);
        return exponential / t;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> Polynomial(ReadOnlySpan<double> coefficients, Vector<double> x)
    {
        var result = Vector.Create(coefficients[^1]);
        for (var i = coefficients.Length - 2; i >= 0; i--) result = Vector.FusedMultiplyAdd(result, x, Vector.Create(coefficients[i]));
        return result;
    }
}
