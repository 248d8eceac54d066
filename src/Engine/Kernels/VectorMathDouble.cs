using System.Numerics;
using System.Runtime.CompilerServices;

namespace AutogradService.Engine.Kernels;

/// <summary>
/// Elementary functions of double vectors, within 2 ulp. Integer exponents are handled in the mantissa bits of shifted doubles, because AVX2 has neither
/// a conversion between long and double nor an arithmetic shift of longs.
/// </summary>
internal static class VectorMathDouble
{
    /// <summary>Adding this number rounds a double of magnitude below 2^51 to an integer, held in the low bits of the sum.</summary>
    private const double RoundingShift = 6755399441055744.0;

    /// <summary>Up to here pi/2 in three parts leaves every reduced argument right to its last bit; beyond, the scalar functions take over.</summary>
    private const double ReducibleMax = 1048576.0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> Exp(Vector<double> x)
    {
        x = Vector.MaxNative(Vector.Create(-746.0), Vector.MinNative(Vector.Create(710.0), x));
        var n = Vector.FusedMultiplyAdd(x, Vector.Create(1.4426950408889634), Vector.Create(RoundingShift)) - Vector.Create(RoundingShift);
        var r = Vector.FusedMultiplyAdd(n, Vector.Create(-0.6931471805599453), x);
        r = Vector.FusedMultiplyAdd(n, Vector.Create(-2.3190468138462996e-17), r);
        return Scale(ExpReduced(r), n);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> Exp2(Vector<double> x)
    {
        x = Vector.MaxNative(Vector.Create(-1076.0), Vector.MinNative(Vector.Create(1025.0), x));
        var n = x + Vector.Create(RoundingShift) - Vector.Create(RoundingShift);
        return Scale(ExpReduced((x - n) * Vector.Create(0.6931471805599453)), n);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> Expm1(Vector<double> x)
    {
        var result = Expm1Core(Vector.MaxNative(Vector.Create(-40.0), Vector.MinNative(Vector.Create(710.0), x)));
        return Vector.ConditionalSelect(Vector.LessThan(Vector.Abs(x), Vector.Create(5.5e-17)), x, result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> Log(Vector<double> x)
    {
        var exponent = Decompose(x, out var f);
        var halfSquare = f * f * Vector.Create(0.5);
        var series = LogSeries(f, halfSquare) + exponent * Vector.Create(5.497923018708371e-14);
        var result = Vector.FusedMultiplyAdd(exponent, Vector.Create(0.6931471805598903), f - (halfSquare - series));
        return LogSpecial(x, result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> Log2(Vector<double> x) =>
        LogToBase(x, Vector.Create(1.4426950408889634), Vector.Create(2.0355273740931033e-17), Vector<double>.One, Vector<double>.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> Log10(Vector<double> x) =>
        LogToBase(x, Vector.Create(0.4342944819032518), Vector.Create(1.098319650216765e-17), Vector.Create(0.301029995663157), Vector.Create(8.241712586023572e-13));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> Log1p(Vector<double> x)
    {
        // log(1+x) = log(u) + c/u, where u is 1+x rounded and c what the rounding lost.
        var u = Vector<double>.One + x;
        var lost = x - (u - Vector<double>.One);
        var log = Log(u);
        var regular = Vector.LessThan(u, Vector.Create(double.PositiveInfinity)) & Vector.GreaterThan(u, Vector<double>.Zero);
        var result = Vector.ConditionalSelect(regular, log + lost / u, log);
        return Vector.ConditionalSelect(Vector.LessThan(Vector.Abs(x), Vector.Create(5.5e-17)), x, result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> Tanh(Vector<double> x)
    {
        var magnitude = Vector.Abs(x);
        var e = Expm1Core(Vector.MinNative(Vector.Create(44.0), magnitude + magnitude));
        var d = e + Vector.Create(2.0);
        var t = e / d;
        // One correction by the residual takes back what the quotient and the rounding of d lost; 1/d is (1 - t) / 2.
        // Where t nears 1 that difference is too coarse, and the correction not needed.
        var added = d - e;
        var lost = e - (d - added) + (Vector.Create(2.0) - added);
        var residual = Vector.FusedMultiplyAdd(-t, d, e) - t * lost;
        residual = Vector.ConditionalSelect(Vector.LessThan(e, Vector.Create(8.0)), residual, Vector<double>.Zero);
        t = Vector.FusedMultiplyAdd(residual, Vector.Create(0.5) - t * Vector.Create(0.5), t);
        t = Vector.ConditionalSelect(Vector.LessThan(magnitude, Vector.Create(1e-8)), magnitude, t);
        return t | (x & Vector.Create(-0.0));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> Sigmoid(Vector<double> x)
    {
        // exp of the negative magnitude never overflows, and the left tail keeps its relative precision down to the subnormals.
        var e = Exp(-Vector.Abs(x));
        var right = Vector.GreaterThanOrEqual(x, Vector<double>.Zero);
        var numerator = Vector.ConditionalSelect(right, Vector<double>.One, e);
        var d = Vector<double>.One + e;
        var t = numerator / d;
        // One correction by the residual, as in Tanh; 1/d is the sigmoid of |x|.
        var residual = Vector.FusedMultiplyAdd(-t, d, numerator) - t * (e - (d - Vector<double>.One));
        return Vector.FusedMultiplyAdd(residual, Vector.ConditionalSelect(right, t, Vector<double>.One - t), t);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> Sin(Vector<double> x)
    {
        var r = ReduceByHalfPi(x, out var quadrant);
        SinCos(r, out var sin, out var cos);
        return Lanes.WhereWithin<double, Lanes.Sin>(x, Vector.Create(ReducibleMax), Vector.ConditionalSelect(Vector.Equals(x, Vector<double>.Zero), x, OfQuadrant(sin, cos, quadrant)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> Cos(Vector<double> x)
    {
        var r = ReduceByHalfPi(x, out var quadrant);
        SinCos(r, out var sin, out var cos);
        return Lanes.WhereWithin<double, Lanes.Cos>(x, Vector.Create(ReducibleMax), OfQuadrant(sin, cos, quadrant + Vector<long>.One));
    }

    /// <summary>tan to about 3 ulp of double: exact enough for float, which is what it is for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> TanForSingle(Vector<double> x)
    {
        var r = ReduceByHalfPi(x, out var quadrant);
        SinCos(r, out var sin, out var cos);
        var even = Vector.AsVectorDouble(Vector.Equals(quadrant & Vector<long>.One, Vector<long>.Zero));
        var tan = Vector.ConditionalSelect(even, sin, -cos) / Vector.ConditionalSelect(even, cos, sin);
        return Lanes.WhereWithin<double, Lanes.Tan>(x, Vector.Create(ReducibleMax), Vector.ConditionalSelect(Vector.Equals(x, Vector<double>.Zero), x, tan));
    }

    /// <summary>atan to 5e-11 relative: exact enough for float, which is what it is for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> AtanForSingle(Vector<double> x)
    {
        var magnitude = Vector.Abs(x);
        var inverted = Vector.GreaterThan(magnitude, Vector<double>.One);
        var t = Vector.ConditionalSelect(inverted, Vector<double>.One / magnitude, magnitude);
        var z = t * t;
        var p = Vector.FusedMultiplyAdd(z, Vector.Create(-0.00069804086740975766), Vector.Create(0.0049237199798672504));
        p = Vector.FusedMultiplyAdd(p, z, Vector.Create(-0.016284335804740326));
        p = Vector.FusedMultiplyAdd(p, z, Vector.Create(0.034441009032974935));
        p = Vector.FusedMultiplyAdd(p, z, Vector.Create(-0.054471637990492832));
        p = Vector.FusedMultiplyAdd(p, z, Vector.Create(0.072560057597239792));
        p = Vector.FusedMultiplyAdd(p, z, Vector.Create(-0.08983768014111876));
        p = Vector.FusedMultiplyAdd(p, z, Vector.Create(0.11093995599317648));
        p = Vector.FusedMultiplyAdd(p, z, Vector.Create(-0.14284074776381438));
        p = Vector.FusedMultiplyAdd(p, z, Vector.Create(0.19999918056888033));
        p = Vector.FusedMultiplyAdd(p, z, Vector.Create(-0.33333331720711443));
        p = Vector.FusedMultiplyAdd(p, z, Vector.Create(0.99999999994739537)) * t;
        p = Vector.ConditionalSelect(inverted, Vector.Create(Math.PI / 2) - p, p);
        return p | (x & Vector.Create(-0.0));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> AsinForSingle(Vector<double> x) =>
        AtanForSingle(x / Vector.SquareRoot((Vector<double>.One - x) * (Vector<double>.One + x)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> AcosForSingle(Vector<double> x)
    {
        var half = AtanForSingle(Vector.SquareRoot((Vector<double>.One - x) / (Vector<double>.One + x)));
        return half + half;
    }

    /// <summary>sinh of arguments in the float range, to about 3 ulp of double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> SinhForSingle(Vector<double> x)
    {
        var e = Expm1(Vector.MinNative(Vector.Create(100.0), Vector.Abs(x)));
        var sinh = Vector.Create(0.5) * (e + e / (e + Vector<double>.One));
        return sinh | (x & Vector.Create(-0.0));
    }

    /// <summary>cosh of arguments in the float range, to about 3 ulp of double.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> CoshForSingle(Vector<double> x)
    {
        var e = Exp(Vector.MinNative(Vector.Create(100.0), Vector.Abs(x)));
        return Vector.Create(0.5) * (e + Vector<double>.One / e);
    }

    /// <summary>x^y of float arguments held in double, with the special cases of IEEE 754: exp(y log|x|) keeps 1e-14, far below half an ulp of float.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector<double> PowForSingle(Vector<double> x, Vector<double> y)
    {
        var one = Vector<double>.One;
        var infinity = Vector.Create(double.PositiveInfinity);
        var magnitude = Vector.Abs(x);
        var result = Exp(y * Log(magnitude));
        var integer = Vector.Equals(Vector.Truncate(y), y);
        var halved = y * Vector.Create(0.5);
        var odd = Vector.AndNot(integer, Vector.Equals(Vector.Truncate(halved), halved));
        var invalid = Vector.AndNot(Vector.LessThan(x, Vector<double>.Zero) & Vector.LessThan(magnitude, infinity), integer);
        result = Vector.ConditionalSelect(Vector.AsVectorDouble(invalid), Vector.Create(double.NaN), result);
        result ^= Vector.AsVectorDouble(odd) & x & Vector.Create(-0.0);
        var unit = Vector.Equals(magnitude, one) & Vector.Equals(Vector.Abs(y), infinity);
        return Vector.ConditionalSelect(Vector.AsVectorDouble(unit | Vector.Equals(x, one) | Vector.Equals(y, Vector<double>.Zero)), one, result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> ExpReduced(Vector<double> r)
    {
        var q = Vector.FusedMultiplyAdd(r, Vector.Create(2.5119068408169892e-8), Vector.Create(2.7632544519398444e-7));
        q = Vector.FusedMultiplyAdd(q, r, Vector.Create(2.7557212536463725e-6));
        q = Vector.FusedMultiplyAdd(q, r, Vector.Create(2.4801486690335182e-5));
        q = Vector.FusedMultiplyAdd(q, r, Vector.Create(0.00019841269921519235));
        q = Vector.FusedMultiplyAdd(q, r, Vector.Create(0.0013888888949814909));
        q = Vector.FusedMultiplyAdd(q, r, Vector.Create(0.008333333333305349));
        q = Vector.FusedMultiplyAdd(q, r, Vector.Create(0.041666666666506397));
        q = Vector.FusedMultiplyAdd(q, r, Vector.Create(0.16666666666666702));
        q = Vector.FusedMultiplyAdd(q, r, Vector.Create(0.50000000000000135));
        return Vector<double>.One + Vector.FusedMultiplyAdd(q, r * r, r);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> Expm1Core(Vector<double> x)
    {
        var n = Vector.FusedMultiplyAdd(x, Vector.Create(1.4426950408889634), Vector.Create(RoundingShift)) - Vector.Create(RoundingShift);
        var r = Vector.FusedMultiplyAdd(n, Vector.Create(-0.6931471805599453), x);
        r = Vector.FusedMultiplyAdd(n, Vector.Create(-2.3190468138462996e-17), r);
        var q = Vector.FusedMultiplyAdd(r, Vector.Create(2.0925373697514572e-9), Vector.Create(2.5110167963651156e-8));
        q = Vector.FusedMultiplyAdd(q, r, Vector.Create(2.7557239761343899e-7));
        q = Vector.FusedMultiplyAdd(q, r, Vector.Create(2.7557241198415119e-6));
        q = Vector.FusedMultiplyAdd(q, r, Vector.Create(2.4801587364037086e-5));
        q = Vector.FusedMultiplyAdd(q, r, Vector.Create(0.0001984126988885498));
        q = Vector.FusedMultiplyAdd(q, r, Vector.Create(0.00138888888888651));
        q = Vector.FusedMultiplyAdd(q, r, Vector.Create(0.0083333333333206717));
        q = Vector.FusedMultiplyAdd(q, r, Vector.Create(0.041666666666666705));
        q = Vector.FusedMultiplyAdd(q, r, Vector.Create(0.16666666666666678));
        q = Vector.FusedMultiplyAdd(q, r, Vector.Create(0.5));
        var p = Vector.FusedMultiplyAdd(q, r * r, r);
        // Half of 2^n, because 2^1024 is no double: expm1(x) = 2 (p 2^(n-1) + (2^(n-1) - 1/2)).
        var half = PowerOfTwo(n - Vector<double>.One);
        var result = Vector.FusedMultiplyAdd(half, p, half - Vector.Create(0.5));
        return result + result;
    }

    /// <summary>p 2^n in two exact-or-rounded-once steps, so that subnormal results and overflow come out right.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> Scale(Vector<double> p, Vector<double> n)
    {
        var first = Vector.FusedMultiplyAdd(n, Vector.Create(0.5), Vector.Create(RoundingShift)) - Vector.Create(RoundingShift);
        return p * PowerOfTwo(first) * PowerOfTwo(n - first);
    }

    /// <summary>2^n for integers in the exponent range of a double: the low bits of the shifted sum are n plus the bias, and the shift drops all others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> PowerOfTwo(Vector<double> n) =>
        Vector.AsVectorDouble(Vector.AsVectorInt64(n + Vector.Create(RoundingShift + 1023)) << 52);

    /// <summary>Splits x into 2^exponent (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)), so that logarithms near 1 never cancel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> Decompose(Vector<double> x, out Vector<double> f)
    {
        var subnormal = Vector.LessThan(x, Vector.Create(2.2250738585072014e-308));
        var scaled = Vector.ConditionalSelect(subnormal, x * Vector.Create(4503599627370496.0), x);
        var bits = Vector.AsVectorInt64(scaled) + Vector.Create(0x3FF0000000000000L - 0x3FE6A09E667F3BCDL);
        // An unsigned exponent becomes a double by standing in the mantissa of 2^52.
        var biased = Vector.AsVectorDouble((bits >>> 52) | Vector.Create(0x4330000000000000L)) - Vector.Create(4503599627370496.0 + 1023.0);
        f = Vector.AsVectorDouble((bits & Vector.Create(0x000FFFFFFFFFFFFFL)) + Vector.Create(0x3FE6A09E667F3BCDL)) - Vector<double>.One;
        return biased - (Vector.AsVectorDouble(subnormal) & Vector.Create(52.0));
    }

    /// <summary>log(1+f) - f + f^2/2, by the odd series in s = f / (2+f).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> LogSeries(Vector<double> f, Vector<double> halfSquare)
    {
        var s = f / (f + Vector.Create(2.0));
        var z = s * s;
        var p = Vector.FusedMultiplyAdd(z, Vector.Create(0.14811543971077745), Vector.Create(0.15312569981532549));
        p = Vector.FusedMultiplyAdd(p, z, Vector.Create(0.1818361896184593));
        p = Vector.FusedMultiplyAdd(p, z, Vector.Create(0.2222219758838514));
        p = Vector.FusedMultiplyAdd(p, z, Vector.Create(0.28571428751286087));
        p = Vector.FusedMultiplyAdd(p, z, Vector.Create(0.39999999999378097));
        p = Vector.FusedMultiplyAdd(p, z, Vector.Create(0.66666666666667394));
        return s * Vector.FusedMultiplyAdd(p, z, halfSquare);
    }

    /// <summary>log(x) times the factor 1/log(base), the logarithm carried in two parts so that the product does not add its rounding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> LogToBase(Vector<double> x, Vector<double> factor, Vector<double> factorLow, Vector<double> perExponent, Vector<double> perExponentLow)
    {
        var exponent = Decompose(x, out var f);
        var square = f * f;
        var squareLow = Vector.FusedMultiplyAdd(f, f, -square);
        var halfSquare = square * Vector.Create(0.5);
        var high = f - halfSquare;
        var low = f - high - halfSquare - squareLow * Vector.Create(0.5) + LogSeries(f, halfSquare);
        var product = high * factor;
        var productLow = Vector.FusedMultiplyAdd(high, factor, -product);
        productLow += Vector.FusedMultiplyAdd(high, factorLow, Vector.FusedMultiplyAdd(low, factor, exponent * perExponentLow));
        var whole = exponent * perExponent;
        var sum = whole + product;
        // The exact error of that sum: a whole exponent is 0 or larger than the product.
        var sumLow = product - (sum - whole);
        return LogSpecial(x, sum + (sumLow + productLow));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> LogSpecial(Vector<double> x, Vector<double> result)
    {
        result = Vector.ConditionalSelect(Vector.LessThan(x, Vector.Create(double.PositiveInfinity)), result, x);
        result = Vector.ConditionalSelect(Vector.LessThan(x, Vector<double>.Zero), Vector.Create(double.NaN), result);
        return Vector.ConditionalSelect(Vector.Equals(x, Vector<double>.Zero), Vector.Create(double.NegativeInfinity), result);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> ReduceByHalfPi(Vector<double> x, out Vector<long> quadrant)
    {
        var shifted = Vector.FusedMultiplyAdd(x, Vector.Create(0.6366197723675814), Vector.Create(RoundingShift));
        quadrant = Vector.AsVectorInt64(shifted);
        var n = Vector.Create(RoundingShift) - shifted;
        var r = Vector.FusedMultiplyAdd(n, Vector.Create(1.5707963267948966), x);
        r = Vector.FusedMultiplyAdd(n, Vector.Create(6.123233995736766e-17), r);
        return Vector.FusedMultiplyAdd(n, Vector.Create(-1.4973849048591698e-33), r);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SinCos(Vector<double> r, out Vector<double> sin, out Vector<double> cos)
    {
        var z = r * r;
        var s = Vector.FusedMultiplyAdd(z, Vector.Create(1.5895284798505242e-10), Vector.Create(-2.5050733005140121e-8));
        s = Vector.FusedMultiplyAdd(s, z, Vector.Create(2.7557313538419932e-6));
        s = Vector.FusedMultiplyAdd(s, z, Vector.Create(-0.00019841269829388303));
        s = Vector.FusedMultiplyAdd(s, z, Vector.Create(0.0083333333333219244));
        s = Vector.FusedMultiplyAdd(s, z, Vector.Create(-0.1666666666666663));
        sin = Vector.FusedMultiplyAdd(s, r * z, r);
        var c = Vector.FusedMultiplyAdd(z, Vector.Create(-1.1358945579877571e-11), Vector.Create(2.0875711091872044e-9));
        c = Vector.FusedMultiplyAdd(c, z, Vector.Create(-2.7557314274658408e-7));
        c = Vector.FusedMultiplyAdd(c, z, Vector.Create(2.4801587289263375e-5));
        c = Vector.FusedMultiplyAdd(c, z, Vector.Create(-0.0013888888888873875));
        c = Vector.FusedMultiplyAdd(c, z, Vector.Create(0.041666666666666599));
        var half = z * Vector.Create(0.5);
        var w = Vector<double>.One - half;
        cos = w + Vector.FusedMultiplyAdd(c, z * z, Vector<double>.One - w - half);
    }

    /// <summary>sin(r + quadrant pi/2) from sin(r) and cos(r).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<double> OfQuadrant(Vector<double> sin, Vector<double> cos, Vector<long> quadrant)
    {
        var even = Vector.Equals(quadrant & Vector<long>.One, Vector<long>.Zero);
        var sign = Vector.AsVectorDouble((quadrant & Vector.Create(2L)) << 62);
        return Vector.ConditionalSelect(even, sin, cos) ^ sign;
    }
}
