namespace AutogradService.Engine.Kernels;

/// <summary>The incomplete gamma functions of one double.</summary>
internal static class GammaMath
{
    /// <summary>The regularised lower incomplete gamma function P(a, x).</summary>
    public static double Lower(double a, double x)
    {
        if (x < 0 || a < 0 || double.IsNaN(a) || double.IsNaN(x)) return double.NaN;
        if (a == 0) return x > 0 ? 1 : double.NaN;
        if (x == 0) return 0;
        if (double.IsInfinity(a)) return double.IsInfinity(x) ? double.NaN : 0;
        if (double.IsInfinity(x)) return 1;
        return x < a + 1 ? Series(a, x) : 1 - Fraction(a, x);
    }

    /// <summary>The regularised upper incomplete gamma function Q(a, x) = 1 - P(a, x).</summary>
    public static double Upper(double a, double x)
    {
        if (x < 0 || a < 0 || double.IsNaN(a) || double.IsNaN(x)) return double.NaN;
        if (a == 0) return x > 0 ? 0 : double.NaN;
        if (x == 0) return 1;
        if (double.IsInfinity(a)) return double.IsInfinity(x) ? double.NaN : 1;
        if (double.IsInfinity(x)) return 0;
        return x < a + 1 ? 1 - Series(a, x) : Fraction(a, x);
    }

    private static double Front(double a, double x) => Math.Exp(a * Math.Log(x) - x - ScalarMath.Lgamma(a));

    // x^a e^-x / Gamma(a+1) times the sum of x^k / ((a+1)...(a+k)).
    private static double Series(double a, double x)
    {
        double term = 1 / a, sum = term;
        for (int k = 1; k < 10000 && term > sum * 1e-17; k++)
        {
            term *= x / (a + k);
            sum += term;
        }
        return sum * Front(a, x);
    }

    // Legendre's continued fraction, by Lentz' method.
    private static double Fraction(double a, double x)
    {
        const double Tiny = 1e-300;
        double b = x + 1 - a, c = 1 / Tiny, d = 1 / b, h = d;
        for (int i = 1; i < 10000; i++)
        {
            double factor = -i * (i - a);
            b += 2;
            d = factor * d + b;
            if (Math.Abs(d) < Tiny) d = Tiny;
            c = b + factor / c;
            if (Math.Abs(c) < Tiny) c = Tiny;
            d = 1 / d;
            h *= d * c;
            if (Math.Abs(d * c - 1) < 1e-16) break;
        }
        return h * Front(a, x);
    }
}
