namespace AutogradService.Engine.Kernels;

/// <summary>Bessel functions of one double, of orders 0 and 1.</summary>
internal static class BesselMath
{
    /// <summary>From here on the asymptotic series of I is exact to the last bit.</summary>
    private const double ModifiedFar = 30;

    /// <summary>From here on Hankel's asymptotic series of J is.</summary>
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
        double value = t > FirstKindFar ? Hankel(n, t) : Integral(n, t);
        return n == 1 && x < 0 ? -value : value;
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

    private static double Hankel(int n, double t)
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
        return Math.Sqrt(2 / (Math.PI * t)) * (p * Math.Cos(phase) - q * Math.Sin(phase));
    }
}
