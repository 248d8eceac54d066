namespace AutogradService.Engine.Kernels;

/// <summary>Special functions of one double that <see cref="Math"/> lacks.</summary>
internal static class ScalarMath
{
    /// <summary>How far below 0 the terms of zeta are added up; beyond, the answer is NaN rather than late.</summary>
    private const double ZetaTermsMax = 1 << 16;

    // Note [erf]: the rational fits and breakpoints of Sun's fdlibm (s_erf.c): erf(x)/x below 0.84375, erf(x) - 0.845 up to 1.25,
    // and x e^(x^2 + 0.5625) erfc(x) in 1/x^2 beyond, split at 1/0.35.
    internal const double ErfAtOne = 8.45062911510467529297e-01;

    internal static ReadOnlySpan<double> NearZeroTop =>
        [1.28379167095512558561e-01, -3.25042107247001499370e-01, -2.84817495755985104766e-02, -5.77027029648944159157e-03, -2.37630166566501626084e-05];

    internal static ReadOnlySpan<double> NearZeroBottom =>
        [1, 3.97917223959155352819e-01, 6.50222499887672944485e-02, 5.08130628187576562776e-03, 1.32494738004321644526e-04, -3.96022827877536812320e-06];

    internal static ReadOnlySpan<double> NearOneTop =>
    [
        -2.36211856075265944077e-03, 4.14856118683748331666e-01, -3.72207876035701323847e-01, 3.18346619901161753674e-01,
        -1.10894694282396677476e-01, 3.54783043256182359371e-02, -2.16637559486879084300e-03,
    ];

    internal static ReadOnlySpan<double> NearOneBottom =>
    [
        1, 1.06420880400844228286e-01, 5.40397917702171048937e-01, 7.18286544141962662868e-02,
        1.26171219808761642112e-01, 1.36370839120290507362e-02, 1.19844998467991074170e-02,
    ];

    internal static ReadOnlySpan<double> MiddleTop =>
    [
        -9.86494403484714822705e-03, -6.93858572707181764372e-01, -1.05586262253232909814e+01, -6.23753324503260060396e+01,
        -1.62396669462573470355e+02, -1.84605092906711035994e+02, -8.12874355063065934246e+01, -9.81432934416914548592e+00,
    ];

    internal static ReadOnlySpan<double> MiddleBottom =>
    [
        1, 1.96512716674392571292e+01, 1.37657754143519042600e+02, 4.34565877475229228821e+02, 6.45387271733267880336e+02,
        4.29008140027567833386e+02, 1.08635005541779435134e+02, 6.57024977031928170135e+00, -6.04244152148580987438e-02,
    ];

    internal static ReadOnlySpan<double> TailTop =>
    [
        -9.86494292470009928597e-03, -7.99283237680523006574e-01, -1.77579549177547519889e+01, -1.60636384855821916062e+02,
        -6.37566443368389627722e+02, -1.02509513161107724954e+03, -4.83519191608651397019e+02,
    ];

    internal static ReadOnlySpan<double> TailBottom =>
    [
        1, 3.03380607434824582924e+01, 3.25792512996573918826e+02, 1.53672958608443695994e+03, 3.19985821950859553908e+03,
        2.55305040643316442583e+03, 4.74528541206955367215e+02, -2.24409524465858183362e+01,
    ];

    /// <summary>(-1)^k (zeta(k) - 1) / k for k = 2, 3, ...: the Taylor series of lgamma(2 + t) after its linear term.</summary>
    private static ReadOnlySpan<double> LgammaAtTwo =>
    [
        0.3224670334241132, -0.0673523010531981, 0.020580808427784546, -0.007385551028673986, 0.0028905103307415234, -0.001192753911703261,
        0.0005096695247430425, -0.00022315475845357939, 9.945751278180853e-05, -4.492623673813314e-05, 2.050721277567069e-05, -9.439488275268397e-06,
        4.374866789907488e-06, -2.039215753801366e-06, 9.55141213040742e-07, -4.492469198764566e-07, 2.1207184805554665e-07, -1.0043224823968099e-07,
        4.7698101693639804e-08, -2.2711094608943164e-08, 1.0838659214896955e-08, -5.183475041970047e-09, 2.4836745438024785e-09, -1.1921401405860912e-09,
        5.731367241678862e-10, -2.7595228851242334e-10, 1.330476437424449e-10, -6.4229645638381e-11,
    ];

    /// <summary>Bernoulli numbers B(2k) / (2k (2k-1)): Stirling's series of lgamma.</summary>
    private static ReadOnlySpan<double> Stirling =>
        [1.0 / 12, -1.0 / 360, 1.0 / 1260, -1.0 / 1680, 1.0 / 1188, -691.0 / 360360, 1.0 / 156, -3617.0 / 122400];

    /// <summary>Bernoulli numbers B(2k) / 2k: the asymptotic series of digamma.</summary>
    private static ReadOnlySpan<double> DigammaTail =>
        [1.0 / 12, -1.0 / 120, 1.0 / 252, -1.0 / 240, 1.0 / 132, -691.0 / 32760, 1.0 / 12];

    /// <summary>(2k)! / B(2k): the divisors of Euler and Maclaurin's formula.</summary>
    private static ReadOnlySpan<double> ZetaTail =>
    [
        12, -720, 30240, -1209600, 47900160, -1.8924375803183791606e9, 7.47242496e10, -2.950130727918164224e12,
        1.1646782814350067249e14, -4.5979787224074726105e15, 1.8152105401943546773e17, -7.1661652561756670113e18,
    ];

    private static ReadOnlySpan<double> ErfinvNear =>
        [1.50140941, 0.246640727, -0.00417768164, -0.00125372503, 0.00021858087, -4.39150654e-06, -3.5233877e-06, 3.43273939e-07, 2.81022636e-08];

    private static ReadOnlySpan<double> ErfinvFar =>
        [2.83297682, 1.00167406, 0.00943887047, -0.0076224613, 0.00573950773, -0.00367342844, 0.00134934322, 0.000100950558, -0.000200214257];

    /// <summary>The error function, within about 1 ulp.</summary>
    public static double Erf(double x)
    {
        if (double.IsNaN(x)) return x;
        var t = Math.Abs(x);
        if (t < 0.84375)
        {
            if (t < 1e-300) return x * 1.12837916709551257390;
            var z = x * x;
            return x + x * (Polynomial(NearZeroTop, z) / Polynomial(NearZeroBottom, z));
        }

        double result;
        if (t < 1.25) result = ErfAtOne + Polynomial(NearOneTop, t - 1) / Polynomial(NearOneBottom, t - 1);
        else if (t >= 6) result = 1;
        else result = 1 - ErfcTail(t);
        return Math.CopySign(result, x);
    }

    /// <summary>The complementary error function 1 - erf(x), within about 1 ulp also where it is tiny.</summary>
    public static double Erfc(double x)
    {
        if (double.IsNaN(x)) return x;
        var t = Math.Abs(x);
        if (t < 0.84375)
        {
            if (t < 1e-17) return 1 - x;
            var z = x * x;
            var y = Polynomial(NearZeroTop, z) / Polynomial(NearZeroBottom, z);
            return x < 0.25 ? 1 - (x + x * y) : 0.5 - (x - 0.5 + x * y);
        }

        if (t < 1.25)
        {
            var y = Polynomial(NearOneTop, t - 1) / Polynomial(NearOneBottom, t - 1);
            return x >= 0 ? 1 - ErfAtOne - y : 1 + (ErfAtOne + y);
        }

        if (x > 0) return t >= 28 ? 0 : ErfcTail(t);
        return t >= 6 ? 2 : 2 - ErfcTail(t);
    }

    /// <summary>e^(x^2) erfc(x), which stays of moderate size where erfc vanishes.</summary>
    public static double Erfcx(double x)
    {
        if (x < 1.25) return x < -27 ? double.PositiveInfinity : Math.Exp(x * x) * Erfc(x);
        return double.IsPositiveInfinity(x) ? 0 : Math.Exp(ErfcTailExponent(x) - 0.5625) / x;
    }

    /// <summary>log of the normal distribution function, accurate where that itself is 0.</summary>
    public static double LogNdtr(double x)
    {
        const double Half = 0.70710678118654752440;
        return x < -1 ? Math.Log(Erfcx(-x * Half) / 2) - x * x / 2 : Log1p(-Erfc(x * Half) / 2);
    }

    /// <summary>The inverse of the normal distribution function: the x with Phi(x) = p.</summary>
    public static double Ndtri(double p)
    {
        if (!(p is > 0 and < 1)) return p == 0 ? double.NegativeInfinity : p == 1 ? double.PositiveInfinity : double.NaN;
        if (p > 0.5) return p > 0.9 ? -Ndtri(1 - p) : Math.Sqrt(2) * Erfinv(2 * p - 1);
        if (p > 0.1) return Math.Sqrt(2) * Erfinv(2 * p - 1);
        // Newton's method for log Phi(x) = log p, which is nearly a parabola in the tail.
        double log = Math.Log(p), x = -Math.Sqrt(-2 * log);
        for (int step = 0; step < 50; step++)
        {
            double miss = LogNdtr(x) - log, slope = Math.Sqrt(2 / Math.PI) / Erfcx(-x / Math.Sqrt(2)), next = x - miss / slope;
            if (Math.Abs(next - x) <= 1e-16 * Math.Abs(x)) return next;
            x = next;
        }
        return x;
    }

    /// <summary>log|Gamma(x)|; +inf at zero and the negative integers.</summary>
    public static double Lgamma(double x)
    {
        if (double.IsNaN(x)) return x;
        if (double.IsInfinity(x)) return double.PositiveInfinity;
        if (x <= 0)
        {
            if (x == Math.Floor(x)) return double.PositiveInfinity;
            if (x > -1e-17) return -Math.Log(-x);
            // Reflection: Gamma(x) Gamma(1-x) = pi / sin(pi x).
            return Math.Log(Math.PI / Math.Abs(SinPi(x))) - Lgamma(1 - x);
        }

        if (x < 0.5) return LgammaNearTwo(x) - Math.Log(x) - Log1p(x);
        if (x < 1.5) return LgammaNearTwo(x - 1) - Log1p(x - 1);
        if (x < 10)
        {
            var product = 1.0;
            while (x > 2.5)
            {
                x -= 1;
                product *= x;
            }

            return LgammaNearTwo(x - 2) + Math.Log(product);
        }

        var inverse = 1 / x;
        return (x - 0.5) * (Math.Log(x) - 1) - 0.5 + 0.91893853320467274178 + inverse * Polynomial(Stirling, inverse * inverse);
    }

    /// <summary>The logarithmic derivative of Gamma; NaN at negative integers, -inf at +0 and +inf at -0 (as PyTorch has it).</summary>
    public static double Digamma(double x)
    {
        if (x == 0) return Math.CopySign(double.PositiveInfinity, -x);
        if (double.IsNaN(x) || double.IsNegativeInfinity(x)) return double.NaN;
        var result = 0.0;
        if (x < 0)
        {
            if (x == Math.Floor(x)) return double.NaN;
            // Reflection: psi(1-x) - psi(x) = pi cot(pi x); the fraction alone decides the cotangent.
            result = -Math.PI / Math.Tan(Math.PI * (x - Math.Floor(x)));
            x = 1 - x;
        }

        while (x < 10)
        {
            result -= 1 / x;
            x += 1;
        }

        if (double.IsPositiveInfinity(x)) return x;
        var z = 1 / (x * x);
        return result + Math.Log(x) - 0.5 / x - z * Polynomial(DigammaTail, z);
    }

    /// <summary>The inverse of the error function; infinite at -1 and 1, NaN beyond.</summary>
    /// <remarks>Starts from Giles, "Approximating the erfinv function", 2011, and takes two of Halley's steps.</remarks>
    public static double Erfinv(double x)
    {
        double t = Math.Abs(x);
        if (!(t < 1)) return t == 1 ? Math.CopySign(double.PositiveInfinity, x) : double.NaN;
        double w = -Math.Log((1 - t) * (1 + t));
        double y = t * (w < 5 ? Polynomial(ErfinvNear, w - 2.5) : Polynomial(ErfinvFar, Math.Sqrt(w) - 3));
        for (int step = 0; step < 2; step++)
        {
            // Near 1 the complement is exact and its function accurate.
            double miss = t < 0.5 ? Erf(y) - t : 1 - t - Erfc(y);
            double u = miss / (1.12837916709551257390 * Math.Exp(-y * y));
            y -= u / (1 + y * u);
        }

        return Math.CopySign(y, x);
    }

    /// <summary>The nth derivative of digamma: (-1)^(n+1) n! zeta(n + 1, x) for n above 0.</summary>
    public static double Polygamma(long n, double x)
    {
        if (n == 0) return Digamma(x);
        if (n == 1 && x < 0.5)
        {
            // Reflection: psi'(1-x) + psi'(x) = (pi / sin(pi x))^2.
            double sine = SinPi(x);
            return Math.PI / sine * (Math.PI / sine) - Zeta(2, 1 - x);
        }

        double factorial = 1;
        for (long k = 2; k <= n && double.IsFinite(factorial); k++) factorial *= k;
        return (n % 2 == 0 ? -1 : 1) * factorial * Zeta(n + 1, x);
    }

    /// <summary>Hurwitz' zeta function: the sum of (q + k)^-s over k from 0; infinite for s = 1, NaN below.</summary>
    public static double Zeta(double s, double q)
    {
        if (!(s > 1)) return s == 1 ? double.PositiveInfinity : double.NaN;
        if (q < 0 && s != Math.Floor(s) && q != Math.Floor(q)) return double.NaN;
        if (double.IsNaN(q)) return q;
        if (q <= 0 && q == Math.Floor(q)) return double.PositiveInfinity;
        if (q < -ZetaTermsMax) return double.NaN;
        // Some terms one by one, then Euler and Maclaurin's formula for the rest.
        double sum = Math.Pow(q, -s), a = q, term = 0;
        for (int i = 0; i < 9 || a <= 9; i++)
        {
            a += 1;
            term = Math.Pow(a, -s);
            sum += term;
            if (a > 0 && Math.Abs(term) < 1e-17 * Math.Abs(sum)) return sum;
        }

        sum += term * a / (s - 1) - 0.5 * term;
        double factor = 1, k = 0;
        foreach (double divisor in ZetaTail)
        {
            factor *= s + k;
            term /= a;
            double correction = factor * term / divisor;
            sum += correction;
            if (Math.Abs(correction) < 1e-17 * Math.Abs(sum)) break;
            factor *= s + k + 1;
            term /= a;
            k += 2;
        }

        return sum;
    }

    private static double ErfcTail(double t)
    {
        var ratio = ErfcTailExponent(t);
        // e^(-t^2) in two factors, the first of an argument whose square is exact.
        var head = BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits(t) & ~0xFFFFFFFFL);
        return Math.Exp(-head * head - 0.5625) * Math.Exp((head - t) * (head + t) + ratio) / t;
    }

    private static double ErfcTailExponent(double t)
    {
        var s = 1 / (t * t);
        return t < 1 / 0.35
            ? Polynomial(MiddleTop, s) / Polynomial(MiddleBottom, s)
            : Polynomial(TailTop, s) / Polynomial(TailBottom, s);
    }

    private static double LgammaNearTwo(double t) => t * (0.42278433509846713 + t * Polynomial(LgammaAtTwo, t));

    private static double SinPi(double x)
    {
        var fraction = Math.Abs(x) % 2;
        if (fraction > 1) fraction -= 1;
        return Math.Sin(Math.PI * (fraction > 0.5 ? 1 - fraction : fraction));
    }

    /// <summary>log(1+x), accurate near 0.</summary>
    private static double Log1p(double x)
    {
        var u = 1 + x;
        return u == 1 ? x : Math.Log(u) + (x - (u - 1)) / u;
    }

    private static double Polynomial(ReadOnlySpan<double> coefficients, double x)
    {
        var result = coefficients[^1];
        for (var i = coefficients.Length - 2; i >= 0; i--) result = result * x + coefficients[i];
        return result;
    }
}
