using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutogradService.Engine.Kernels;

/// <summary>
/// Elementary functions of float vectors, within 2 ulp. Polynomials are minimax fits on the reduced range; reductions are Cody-Waite with fused multiply-adds.
/// Functions that are rarely hot (tan, pow, the inverse and hyperbolic ones) go through double and are then rounded once.
/// </summary>
internal static class VectorMathSingle
{
    /// <summary>Adding this number rounds a float of magnitude below 2^22 to an integer, held in the low bits of the sum.</summary>
    private const float RoundingShift = 12582912f;

    /// <summary>Up to here pi/2 in three parts leaves every reduced argument right to its last bit; beyond, the scalar functions take over.</summary>
    private const float ReducibleMax = 65536f;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Exp(Vector<float> x)
    {
        x = Vector.MaxNative(Vector.Create(-104f), Vector.MinNative(Vector.Create(89f), x));
        var shifted = Vector.FusedMultiplyAdd(x, Vector.Create(1.44269504f), Vector.Create(RoundingShift));
        var n = shifted - Vector.Create(RoundingShift);
        var r = Vector.FusedMultiplyAdd(n, Vector.Create(-0.693147182f), x);
        r = Vector.FusedMultiplyAdd(n, Vector.Create(1.90465421e-9f), r);
        var q = Vector.FusedMultiplyAdd(r, Vector.Create(0.001395163994f), Vector.Create(0.008369565105f));
        q = Vector.FusedMultiplyAdd(q, r, Vector.Create(0.04166618885f));
        q = Vector.FusedMultiplyAdd(q, r, Vector.Create(0.1666651325f));
        q = Vector.FusedMultiplyAdd(q, r, Vector.Create(0.50000001f));
        var p = Vector<float>.One + Vector.FusedMultiplyAdd(q, r * r, r);
        return Scale(p, Vector.AsVectorInt32(shifted) - Vector.AsVectorInt32(Vector.Create(RoundingShift)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Exp2(Vector<float> x)
    {
        x = Vector.MaxNative(Vector.Create(-151f), Vector.MinNative(Vector.Create(129f), x));
        var shifted = x + Vector.Create(RoundingShift);
        var r = x - (shifted - Vector.Create(RoundingShift));
        var q = Vector.FusedMultiplyAdd(r, Vector.Create(0.0001547774724f), Vector.Create(0.001340157629f));
        q = Vector.FusedMultiplyAdd(q, r, Vector.Create(0.009617998884f));
        q = Vector.FusedMultiplyAdd(q, r, Vector.Create(0.05550324543f));
        q = Vector.FusedMultiplyAdd(q, r, Vector.Create(0.2402265138f));
        q = Vector.FusedMultiplyAdd(q, r, Vector.Create(0.6931472077f));
        var p = Vector.FusedMultiplyAdd(q, r, Vector<float>.One);
        return Scale(p, Vector.AsVectorInt32(shifted) - Vector.AsVectorInt32(Vector.Create(RoundingShift)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Expm1(Vector<float> x)
    {
        var result = Expm1Core(Vector.MaxNative(Vector.Create(-18f), Vector.MinNative(Vector.Create(89f), x)));
        return Vector.ConditionalSelect(Vector.LessThan(Vector.Abs(x), Vector.Create(2.98e-8f)), x, result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Log(Vector<float> x)
    {
        var subnormal = Vector.LessThan(x, Vector.Create(1.17549435e-38f));
        var scaled = Vector.ConditionalSelect(subnormal, x * Vector.Create(8388608f), x);
        // Biasing by sqrt(1/2) puts the mantissa into [sqrt(1/2), sqrt(2)), so that logarithms near 1 never cancel.
        var bits = Vector.AsVectorInt32(scaled) - Vector.Create(0x3F3504F3);
        var exponent = Vector.ConvertToSingle(bits >> 23) - (Vector.AsVectorSingle(subnormal) & Vector.Create(23f));
        var f = Vector.AsVectorSingle((bits & Vector.Create(0x007FFFFF)) + Vector.Create(0x3F3504F3)) - Vector<float>.One;
        var z = f * f;
        var p = Vector.FusedMultiplyAdd(f, Vector.Create(-0.07753602325f), Vector.Create(0.1281696597f));
        p = Vector.FusedMultiplyAdd(p, f, Vector.Create(-0.1313963443f));
        p = Vector.FusedMultiplyAdd(p, f, Vector.Create(0.1419192086f));
        p = Vector.FusedMultiplyAdd(p, f, Vector.Create(-0.1662454415f));
        p = Vector.FusedMultiplyAdd(p, f, Vector.Create(0.2000175068f));
        p = Vector.FusedMultiplyAdd(p, f, Vector.Create(-0.250007967f));
        p = Vector.FusedMultiplyAdd(p, f, Vector.Create(0.3333332414f));
        var low = Vector.FusedMultiplyAdd(exponent, Vector.Create(1.428606765e-6f), f * z * p);
        low = Vector.FusedMultiplyAdd(z, Vector.Create(-0.5f), low);
        var result = Vector.FusedMultiplyAdd(exponent, Vector.Create(0.693145751953125f), f + low);
        result = Vector.ConditionalSelect(Vector.LessThan(x, Vector.Create(float.PositiveInfinity)), result, x);
        result = Vector.ConditionalSelect(Vector.LessThan(x, Vector<float>.Zero), Vector.Create(float.NaN), result);
        return Vector.ConditionalSelect(Vector.Equals(x, Vector<float>.Zero), Vector.Create(float.NegativeInfinity), result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Log1p(Vector<float> x)
    {
        // log(1+x) = log(u) + c/u, where u is 1+x rounded and c what the rounding lost.
        var u = Vector<float>.One + x;
        var lost = x - (u - Vector<float>.One);
        var log = Log(u);
        var regular = Vector.LessThan(u, Vector.Create(float.PositiveInfinity)) & Vector.GreaterThan(u, Vector<float>.Zero);
        var result = Vector.ConditionalSelect(regular, log + lost / u, log);
        return Vector.ConditionalSelect(Vector.LessThan(Vector.Abs(x), Vector.Create(2.98e-8f)), x, result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Tanh(Vector<float> x)
    {
        var magnitude = Vector.Abs(x);
        var e = Expm1Core(Vector.MinNative(Vector.Create(20f), magnitude + magnitude));
        var d = e + Vector.Create(2f);
        var t = e / d;
        // One correction by the residual takes back what the quotient and the rounding of d lost; 1/d is (1 - t) / 2.
        // Where t nears 1 that difference is too coarse, and the correction not needed.
        var added = d - e;
        var lost = e - (d - added) + (Vector.Create(2f) - added);
        var residual = Vector.FusedMultiplyAdd(-t, d, e) - t * lost;
        residual = Vector.ConditionalSelect(Vector.LessThan(e, Vector.Create(8f)), residual, Vector<float>.Zero);
        t = Vector.FusedMultiplyAdd(residual, Vector.Create(0.5f) - t * Vector.Create(0.5f), t);
        t = Vector.ConditionalSelect(Vector.LessThan(magnitude, Vector.Create(2.44e-4f)), magnitude, t);
        return t | (x & Vector.Create(-0f));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Sigmoid(Vector<float> x)
    {
        // exp of the negative magnitude never overflows, and the left tail keeps its relative precision down to the subnormals.
        var e = Exp(-Vector.Abs(x));
        var right = Vector.GreaterThanOrEqual(x, Vector<float>.Zero);
        var numerator = Vector.ConditionalSelect(right, Vector<float>.One, e);
        var d = Vector<float>.One + e;
        var t = numerator / d;
        // One correction by the residual, as in Tanh; 1/d is the sigmoid of |x|.
        var residual = Vector.FusedMultiplyAdd(-t, d, numerator) - t * (e - (d - Vector<float>.One));
        return Vector.FusedMultiplyAdd(residual, Vector.ConditionalSelect(right, t, Vector<float>.One - t), t);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Sin(Vector<float> x)
    {
        var r = ReduceByHalfPi(x, out var quadrant);
        var result = SinOfQuadrant(r, quadrant);
        return Lanes.WhereWithin<float, Lanes.Sin>(x, Vector.Create(ReducibleMax), Vector.ConditionalSelect(Vector.Equals(x, Vector<float>.Zero), x, result));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Cos(Vector<float> x)
    {
        var r = ReduceByHalfPi(x, out var quadrant);
        return Lanes.WhereWithin<float, Lanes.Cos>(x, Vector.Create(ReducibleMax), SinOfQuadrant(r, quadrant + Vector<int>.One));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> Erf(Vector<float> x)
    {
        var t = Vector.Abs(x);
        var z = x * x;
        var small = Vector.FusedMultiplyAdd(z, Vector.Create(8.215433837e-5f), Vector.Create(-0.0008105968083f));
        small = Vector.FusedMultiplyAdd(small, z, Vector.Create(0.005197797492f));
        small = Vector.FusedMultiplyAdd(small, z, Vector.Create(-0.02685810445f));
        small = Vector.FusedMultiplyAdd(small, z, Vector.Create(0.1128367255f));
        small = Vector.FusedMultiplyAdd(small, z, Vector.Create(-0.3761263229f));
        small = Vector.FusedMultiplyAdd(small, z, Vector.Create(0.1283791665f));
        small = Vector.FusedMultiplyAdd(small, t, t);
        // 1 - exp(-t R(t)), R a fit of -log(erfc(t)) / t.
        t = Vector.MinNative(Vector.Create(4f), t);
        var large = Vector.FusedMultiplyAdd(t, Vector.Create(1.690241719e-5f), Vector.Create(-0.0003780292482f));
        large = Vector.FusedMultiplyAdd(large, t, Vector.Create(0.003858266858f));
        large = Vector.FusedMultiplyAdd(large, t, Vector.Create(-0.02419498334f));
        large = Vector.FusedMultiplyAdd(large, t, Vector.Create(0.1067071827f));
        large = Vector.FusedMultiplyAdd(large, t, Vector.Create(0.6348887617f));
        large = Vector.FusedMultiplyAdd(large, t, Vector.Create(1.12870741f));
        large = Vector<float>.One - Exp(-(large * t));
        var result = Vector.ConditionalSelect(Vector.LessThan(t, Vector.Create(0.92f)), small, large);
        return result | (x & Vector.Create(-0f));
    }

    /// <summary>Phi(-t) for t from 0, where Phi is the normal distribution: e / (1 + e) with e = exp(-t S(t^2)), S a fit of the logit of Phi(t) over t that weighs errors as they show in Phi.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> NormalTail(Vector<float> t)
    {
        var e = ExpOfNegative(NormalTailLogit(t));
        return e / (Vector<float>.One + e);
    }

    /// <summary>The logarithm of Phi(-t) / Phi(t) for t from 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> NormalTailLogit(Vector<float> t)
    {
        // By halves: what bounds these functions is how long one element takes, not how many multiplications there are.
        // From 16 on everything is 0, and must not become the difference of two infinities.
        t = Vector.MinNative(Vector.Create(16f), t);
        var z = t * t;
        var z2 = z * z;
        var s01 = Vector.FusedMultiplyAdd(z, Vector.Create(0.07266803085803986f), Vector.Create(1.5957695245742798f));
        var s23 = Vector.FusedMultiplyAdd(z, Vector.Create(-0.00010918761108769104f), Vector.Create(-6.775513611501083e-05f));
        var s45 = Vector.FusedMultiplyAdd(z, Vector.Create(-2.1614641809719615e-07f), Vector.Create(7.556189757451648e-06f));
        var s67 = Vector.FusedMultiplyAdd(z, Vector.Create(6.781886857654129e-11f), Vector.Create(5.475473963123534e-10f));
        var s = Vector.FusedMultiplyAdd(Vector.FusedMultiplyAdd(s67, z2, s45), z2 * z2, Vector.FusedMultiplyAdd(s23, z2, s01));
        return -t * s;
    }

    /// <summary>e^x for x up to 0; what would be subnormal is 0, and so is that of NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<float> ExpOfNegative(Vector<float> x)
    {
        var shifted = Vector.FusedMultiplyAdd(x, Vector.Create(1.44269504f), Vector.Create(RoundingShift));
        var n = shifted - Vector.Create(RoundingShift);
        var r = Vector.FusedMultiplyAdd(n, Vector.Create(-0.693147182f), x);
        r = Vector.FusedMultiplyAdd(n, Vector.Create(1.90465421e-9f), r);
        var r2 = r * r;
        var q01 = Vector.FusedMultiplyAdd(r, Vector.Create(0.1666651325f), Vector.Create(0.50000001f));
        var q23 = Vector.FusedMultiplyAdd(r, Vector.Create(0.008369565105f), Vector.Create(0.04166618885f));
        var q = Vector.FusedMultiplyAdd(Vector.FusedMultiplyAdd(r2, Vector.Create(0.001395163994f), q23), r2, q01);
        var p = Vector<float>.One + Vector.FusedMultiplyAdd(q, r2, r);
        // The low bits of the shifted number are n; the rest of it leaves through the shift, and 2^n is added to the exponent of p in [1/2, 2).
        var power = Vector.AsVectorSingle(Vector.AsVectorInt32(p) + (Vector.AsVectorInt32(shifted) << 23));
        return Vector.AsVectorSingle(Vector.AsVectorInt32(power) & Vector.GreaterThan(x, Vector.Create(-86.5f)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Expm1Core(Vector<float> x)
    {
        var shifted = Vector.FusedMultiplyAdd(x, Vector.Create(1.44269504f), Vector.Create(RoundingShift));
        var n = shifted - Vector.Create(RoundingShift);
        var r = Vector.FusedMultiplyAdd(n, Vector.Create(-0.693147182f), x);
        r = Vector.FusedMultiplyAdd(n, Vector.Create(1.90465421e-9f), r);
        var q = Vector.FusedMultiplyAdd(r, Vector.Create(0.0001991560851f), Vector.Create(0.001394202668f));
        q = Vector.FusedMultiplyAdd(q, r, Vector.Create(0.008333270654f));
        q = Vector.FusedMultiplyAdd(q, r, Vector.Create(0.04166634245f));
        q = Vector.FusedMultiplyAdd(q, r, Vector.Create(0.1666666683f));
        q = Vector.FusedMultiplyAdd(q, r, Vector.Create(0.5000000049f));
        var p = Vector.FusedMultiplyAdd(q, r * r, r);
        // Half of 2^n, because 2^128 is no float: expm1(x) = 2 (p 2^(n-1) + (2^(n-1) - 1/2)).
        var exponent = Vector.AsVectorInt32(shifted) - Vector.AsVectorInt32(Vector.Create(RoundingShift));
        var half = Vector.AsVectorSingle((exponent + Vector.Create(126)) << 23);
        var result = Vector.FusedMultiplyAdd(half, p, half - Vector.Create(0.5f));
        return result + result;
    }

    /// <summary>p 2^n in two exact-or-rounded-once steps, so that subnormal results and overflow come out right.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Scale(Vector<float> p, Vector<int> n)
    {
        var first = n >> 1;
        var second = n - first;
        return p * Vector.AsVectorSingle((first + Vector.Create(127)) << 23) * Vector.AsVectorSingle((second + Vector.Create(127)) << 23);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> ReduceByHalfPi(Vector<float> x, out Vector<int> quadrant)
    {
        var shifted = Vector.FusedMultiplyAdd(x, Vector.Create(0.636619772f), Vector.Create(RoundingShift));
        quadrant = Vector.AsVectorInt32(shifted);
        var n = Vector.Create(RoundingShift) - shifted;
        var r = Vector.FusedMultiplyAdd(n, Vector.Create(1.57079637f), x);
        r = Vector.FusedMultiplyAdd(n, Vector.Create(-4.37113883e-8f), r);
        return Vector.FusedMultiplyAdd(n, Vector.Create(-1.71512451e-15f), r);
    }

    /// <summary>sin(r + quadrant pi/2).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> SinOfQuadrant(Vector<float> r, Vector<int> quadrant)
    {
        var z = r * r;
        var s = Vector.FusedMultiplyAdd(z, Vector.Create(2.717579906e-6f), Vector.Create(-0.0001983925863f));
        s = Vector.FusedMultiplyAdd(s, z, Vector.Create(0.008333329152f));
        s = Vector.FusedMultiplyAdd(s, z, Vector.Create(-0.1666666664f));
        var sin = Vector.FusedMultiplyAdd(s, r * z, r);
        var c = Vector.FusedMultiplyAdd(z, Vector.Create(2.443160115e-5f), Vector.Create(-0.001388731012f));
        c = Vector.FusedMultiplyAdd(c, z, Vector.Create(0.04166664575f));
        var cos = Vector.FusedMultiplyAdd(c, z * z, Vector.FusedMultiplyAdd(z, Vector.Create(-0.5f), Vector<float>.One));
        var even = Vector.Equals(quadrant & Vector<int>.One, Vector<int>.Zero);
        var sign = Vector.AsVectorSingle((quadrant & Vector.Create(2)) << 30);
        return Vector.ConditionalSelect(even, sin, cos) ^ sign;
    }
}
