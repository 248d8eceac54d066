namespace AutogradService.Engine.Kernels;

/// <summary>Bessel functions of one double, of orders 0 and 1.</summary>
internal static class BesselMath
{
    /// <summary>From here on the asymptotic series of I is exact to the last bit.</summary>
    private const double ModifiedFar = 30;

    private const double EulerGamma = 0.57721566490153286;

    /// <summary>From here on Hankel's asymptotic series of J and Y are.</summary>
    private const double FirstKindFar = 50;

    /// <summary>I_n(x), the modified Bessel function of the first kind.</summary>
    public static double Modified(int n, double x)
    {
        double t = Math.Abs(x);
        double value = t <= ModifiedFar ? Series(n, t) : Scaled(n, t) * Math.Exp(t / 2) * Math.Exp(t / 2);
        return n == 1 && x < 0 ? -value : value;
    }

    /// <summary>e^-|x| I_n(x).</summary>
    public static double ModifiedScaled(int n, double x)
    {
        double t = Math.Abs(x);
        double value = t <= ModifiedFar ? Series(n, t) * Math.Exp(-t) : Scaled(n, t);
        return n == 1 && x < 0 ? -value : value;
    }

    /// <summary>J_n(x), the Bessel function of the first kind.</summary>
    public static double FirstKind(int n, double x)
    {
        if (double.IsInfinity(x)) return 0;
        double t = Math.Abs(x);
        double value = t > FirstKindFar ? Hankel(n, t).First : Integral(n, t);
        return n == 1 && x < 0 ? -value : value;
    }

    /// <summary>Y_n(x), the Bessel function of the second kind; NaN below 0.</summary>
    public static double SecondKind(int n, double x)
    {
        if (!(x > 0)) return x == 0 ? double.NegativeInfinity : double.NaN;
        if (double.IsInfinity(x)) return 0;
        return x > FirstKindFar ? Hankel(n, x).Second : Neumann(n, x);
    }

    /// <summary>K_n(x), the modified Bessel function of the second kind; NaN below 0.</summary>
    public static double ModifiedSecondKind(int n, double x) => ScaledModifiedSecondKind(n, x) * Math.Exp(-x);

    /// <summary>e^x K_n(x): the integral of e^(x - x cosh u) cosh(n u) over u &gt; 0. It falls doubly exponentially, so equal steps converge like a power of their number.</summary>
    public static double ScaledModifiedSecondKind(int n, double x)
    {
        if (!(x > 0)) return x == 0 ? double.PositiveInfinity : double.NaN;
        if (double.IsInfinity(x)) return 0;
        double step = Math.Min(0.2, 0.7 / Math.Sqrt(x)), sum = 0.5;
        for (int i = 1; ; i++)
        {
            double half = Math.Sinh(i * step / 2), exponent = 2 * x * half * half;
            sum += Math.Exp(-exponent) * (n == 0 ? 1 : Math.Cosh(i * step));
            if (exponent > 60) return sum * step;
        }
    }

    // Y_0 = 2/pi (ln(t/2) + gamma) J_0 - 4/pi sum of (-1)^k J_2k / k, and Y_1 = -Y_0'; the J by Miller's backward recurrence.
    private static double Neumann(int n, double t)
    {
        double logarithm = Math.Log(t / 2) + EulerGamma;
        if (t < 1e-8) return n == 0 ? 2 / Math.PI * logarithm : -2 / (Math.PI * t);
        int top = ((int)t + 60) / 2 * 2;
        Span<double> j = stackalloc double[top + 2];
        j.Clear();
        j[top] = 1e-280;
        for (int k = top; k > 0; k--)
        {
            j[k - 1] = 2 * k / t * j[k] - j[k + 1];
            if (Math.Abs(j[k - 1]) > 1e200)
                foreach (ref double earlier in j[(k - 1)..]) earlier *= 1e-200;
        }
        double norm = j[0], sum = 0;
        for (int k = 1; 2 * k <= top; k++)
        {
            norm += 2 * j[2 * k];
            sum += (k % 2 == 0 ? 1 : -1) * (n == 0 ? -2 * j[2 * k] : j[2 * k - 1] - j[2 * k + 1]) / k;
        }
        double rest = n == 0 ? logarithm * j[0] : logarithm * j[1] - j[0] / t;
        return 2 / Math.PI * (rest + sum) / norm;
    }

    // The sum of (t/2)^(2k+n) / (k! (k+n)!): all terms are positive.
    private static double Series(int n, double t)
    {
        double term = n == 0 ? 1 : t / 2, sum = term, square = t * t / 4;
        for (int k = 1; term > sum * 1e-18; k++)
        {
            term *= square / (k * (double)(k + n));
            sum += term;
        }
        return sum;
    }

    // e^-t I_n(t) = 1/sqrt(2 pi t) times the sum of (-1)^k (4n^2 - 1^2)(4n^2 - 3^2).../(k! (8t)^k).
    private static double Scaled(int n, double t)
    {
        if (double.IsInfinity(t)) return 0;
        double term = 1, sum = 1;
        for (int k = 1; k < 40; k++)
        {
            double odd = 2 * k - 1;
            term *= -(4 * n * n - odd * odd) / (k * 8 * t);
            sum += term;
            if (Math.Abs(term) < 1e-18 * Math.Abs(sum)) break;
        }
        return sum / Math.Sqrt(2 * Math.PI * t);
    }

    // J_n(t) is the mean of cos(n a - t sin a) over a circle; of a periodic analytic function a mean of enough points is exact.
    private static double Integral(int n, double t)
    {
        int points = (int)t + 48;
        double sum = 0;
        for (int i = 0; i < points; i++)
        {
            double angle = Math.PI * (i + 0.5) / points;
            sum += Math.Cos(n * angle - t * Math.Sin(angle));
        }
        return sum / points;
    }

    private static (double First, double Second) Hankel(int n, double t)
    {
        double p = 1, q = 0, term = 1;
        for (int k = 1; k < 30; k++)
        {
            double odd = 2 * k - 1;
            term *= (4 * n * n - odd * odd) / (k * 8 * t);
            switch (k % 4)
            {
                case 1: q += term; break;
                case 2: p -= term; break;
                case 3: q -= term; break;
                default: p += term; break;
            }
            if (Math.Abs(term) < 1e-18) break;
        }
        double phase = t - (0.5 * n + 0.25) * Math.PI;
        double size = Math.Sqrt(2 / (Math.PI * t));
        return (size * (p * Math.Cos(phase) - q * Math.Sin(phase)), size * (p * Math.Sin(phase) + q * Math.Cos(phase)));
    }
}
