using System.Numerics;
using AutogradService.Engine.Kernels;
using Xunit;

namespace AutogradService.Engine.Tests.Kernels;

public class VectorMathTests
{
    private const double UlpMax = 2;

    // Math.Exp(x) - 1 and Math.Log(1 + x) keep too little near 0, also for float; there the series take over.
    private static readonly (string Name, Func<Vector<float>, Vector<float>> Single, Func<Vector<double>, Vector<double>> Double, Func<double, double> Reference)[] Functions =
    [
        ("Exp", VectorMath.Exp, VectorMath.Exp, Math.Exp),
        ("Exp2", VectorMath.Exp2, VectorMath.Exp2, x => Math.Pow(2, x)),
        ("Expm1", VectorMath.Expm1, VectorMath.Expm1, x => Math.Abs(x) < 1e-5 ? x + x * x / 2 + x * x * x / 6 : Math.Exp(x) - 1),
        ("Log", VectorMath.Log, VectorMath.Log, Math.Log),
        ("Log1p", VectorMath.Log1p, VectorMath.Log1p, x => Math.Abs(x) < 1e-5 ? x - x * x / 2 + x * x * x / 3 : Math.Log(1 + x)),
        ("Log2", VectorMath.Log2, VectorMath.Log2, Math.Log2),
        ("Log10", VectorMath.Log10, VectorMath.Log10, Math.Log10),
        ("Tanh", VectorMath.Tanh, VectorMath.Tanh, Math.Tanh),
        ("Sigmoid", VectorMath.Sigmoid, VectorMath.Sigmoid, x => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x))),
        ("Sin", VectorMath.Sin, VectorMath.Sin, Math.Sin),
        ("Cos", VectorMath.Cos, VectorMath.Cos, Math.Cos),
        ("Tan", VectorMath.Tan, VectorMath.Tan, Math.Tan),
        ("Erf", VectorMath.Erf, VectorMath.Erf, ScalarMath.Erf),
        ("Erfc", VectorMath.Erfc, VectorMath.Erfc, ScalarMath.Erfc),
        ("Atan", VectorMath.Atan, VectorMath.Atan, Math.Atan),
        ("Asin", VectorMath.Asin, VectorMath.Asin, Math.Asin),
        ("Acos", VectorMath.Acos, VectorMath.Acos, Math.Acos),
        ("Sinh", VectorMath.Sinh, VectorMath.Sinh, Math.Sinh),
        ("Cosh", VectorMath.Cosh, VectorMath.Cosh, Math.Cosh),
        ("Sqrt", VectorMath.Sqrt, VectorMath.Sqrt, Math.Sqrt),
        ("Rsqrt", VectorMath.Rsqrt, VectorMath.Rsqrt, x => 1 / Math.Sqrt(x)),
    ];

    private static readonly Dictionary<string, double[]> References = new()
    {
        ["Exp"] = ReferenceValues.Exp,
        ["Exp2"] = ReferenceValues.Exp2,
        ["Expm1"] = ReferenceValues.Expm1,
        ["Log"] = ReferenceValues.Log,
        ["Log1p"] = ReferenceValues.Log1p,
        ["Log2"] = ReferenceValues.Log2,
        ["Log10"] = ReferenceValues.Log10,
        ["Tanh"] = ReferenceValues.Tanh,
        ["Sigmoid"] = ReferenceValues.Sigmoid,
        ["Sin"] = ReferenceValues.Sin,
        ["Cos"] = ReferenceValues.Cos,
        ["Tan"] = ReferenceValues.Tan,
        ["Erf"] = ReferenceValues.Erf,
        ["Erfc"] = ReferenceValues.Erfc,
        ["Atan"] = ReferenceValues.Atan,
        ["Asin"] = ReferenceValues.Asin,
        ["Acos"] = ReferenceValues.Acos,
        ["Sinh"] = ReferenceValues.Sinh,
        ["Cosh"] = ReferenceValues.Cosh,
    };

    public static TheoryData<string> Names => [.. Functions.Select(f => f.Name)];

    public static TheoryData<string> ReferencedNames => [.. References.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Float_is_within_two_ulp_over_all_bit_patterns(string name)
    {
        var (_, single, _, reference) = Functions.First(f => f.Name == name);
        var (worst, where) = SweepFloats(single, reference, stride: 997);
        TestContext.Current.SendDiagnosticMessage($"{name} float: {worst:F3} ulp at {where:R}");
        Assert.True(worst <= UlpMax, $"{name}({where:R}): {worst} ulp");
    }

    [Theory]
    [MemberData(nameof(ReferencedNames))]
    public void Double_is_within_two_ulp_of_the_reference(string name)
    {
        var (_, _, function, _) = Functions.First(f => f.Name == name);
        var (worst, where) = AgainstReference(x => function(Vector.Create(x))[0], References[name]);
        TestContext.Current.SendDiagnosticMessage($"{name} double: {worst:F3} ulp at {where:R}");
        Assert.True(worst <= UlpMax, $"{name}({where:R}): {worst} ulp");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Double_agrees_with_the_scalar_function_on_random_and_special_arguments(string name)
    {
        // The plain formulas for these two lose digits; the reference table covers them.
        if (name is "Expm1" or "Log1p") return;
        var (_, _, function, reference) = Functions.First(f => f.Name == name);
        var random = new Random(11);
        for (var i = 0; i < 200_000; i++)
        {
            var x = (i % 3) switch
            {
                0 => random.NextDouble() * 4 - 2,
                1 => random.NextDouble() * 1400 - 700,
                _ => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)),
            };
            AssertWithin(3, function(Vector.Create(x))[0], reference(x), name, x);
        }

        double[] special = [0, -0.0, 1, -1, double.PositiveInfinity, double.NegativeInfinity, double.NaN, double.Epsilon, -double.Epsilon, double.MaxValue, double.MinValue];
        foreach (var x in special) AssertWithin(3, function(Vector.Create(x))[0], reference(x), name, x);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void NaN_stays_NaN_and_spares_its_neighbours(string name)
    {
        var (_, single, function, reference) = Functions.First(f => f.Name == name);
        var floats = new float[Vector<float>.Count];
        Array.Fill(floats, 0.5f);
        floats[1] = float.NaN;
        var result = single(new Vector<float>(floats));
        Assert.True(float.IsNaN(result[1]));
        AssertWithin(UlpMax, result[0], (float)reference(0.5), name, 0.5);
        Assert.True(double.IsNaN(function(Vector.Create(double.NaN))[0]));
    }

    // x Phi(x): a negative x leaves so little of it that the error is measured in what it was subtracted from. Far left the result is 0 at the latest where Phi is no float any more.
    [Fact]
    public void Gelu_of_float_is_within_two_ulp_over_all_bit_patterns()
    {
        static double Exact(double x) => x == 0 ? x : 0.5 * x * ScalarMath.Erfc(-x / Math.Sqrt(2));

        var (right, rightWhere, left, leftWhere) = (0.0, 0f, 0.0, 0f);
        for (var pattern = 0L; pattern <= uint.MaxValue; pattern += 997)
        {
            var x = BitConverter.UInt32BitsToSingle((uint)pattern);
            if (float.IsNaN(x) || float.IsNegativeInfinity(x)) continue;
            var actual = VectorMath.Gelu(Vector.Create(x))[0];
            if (x >= 0)
            {
                var error = Ulps(actual, Exact(x));
                if (error > right) (right, rightWhere) = (error, x);
            }
            else
            {
                var half = Math.Abs(x) / 2;
                var error = Math.Abs(actual - Exact(x)) / ((double)MathF.BitIncrement(half) - half);
                if (error > left) (left, leftWhere) = (error, x);
            }
        }

        TestContext.Current.SendDiagnosticMessage($"gelu float: {right:F3} ulp at {rightWhere:R}, {left:F3} at {leftWhere:R}");
        Assert.True(right <= UlpMax, $"gelu({rightWhere:R}): {right} ulp");
        Assert.True(left <= UlpMax, $"gelu({leftWhere:R}): {left} ulp of half the argument");
        Assert.Equal([float.PositiveInfinity, float.NaN, float.NaN], Array.ConvertAll([float.PositiveInfinity, float.NegativeInfinity, float.NaN], x => VectorMath.Gelu(Vector.Create(x))[0]));
        // Two digits beyond what 1 + erf(x) would leave.
        Assert.Equal(Exact(-3), VectorMath.Gelu(Vector.Create(-3f))[0], 1e-5 * -Exact(-3));
    }

    [Fact]
    public void Normal_distribution_of_float_is_within_two_ulp_of_one()
    {
        const double Ulp = 1.0 / (1 << 24);
        for (var x = -14f; x < 14; x += 1f / 4096)
        {
            var exact = 0.5 * ScalarMath.Erfc(-x / Math.Sqrt(2));
            Assert.Equal(exact, VectorMath.NormalCdf(Vector.Create(x))[0], 2 * Ulp);
            Assert.Equal(Math.Exp(-(double)x * x / 2) / Math.Sqrt(2 * Math.PI), VectorMath.NormalDensity(Vector.Create(x))[0], Ulp);
        }

        foreach (var (x, cdf) in new[] { (float.PositiveInfinity, 1f), (float.NegativeInfinity, 0f), (float.NaN, float.NaN), (1e30f, 1f), (-1e30f, 0f) })
        {
            Assert.Equal(cdf, VectorMath.NormalCdf(Vector.Create(x))[0]);
            Assert.Equal(float.IsNaN(x) ? x : 0, VectorMath.NormalDensity(Vector.Create(x))[0]);
        }
    }

    [Fact]
    public void Special_values_of_float_are_those_of_IEEE_754()
    {
        static float At(Func<Vector<float>, Vector<float>> f, float x) => f(Vector.Create(x))[0];

        Assert.Equal(float.PositiveInfinity, At(VectorMath.Exp, 89f));
        Assert.Equal(0f, At(VectorMath.Exp, -104f));
        Assert.Equal(float.Epsilon, At(VectorMath.Exp, -103.2f));
        Assert.Equal(float.PositiveInfinity, At(VectorMath.Exp, float.PositiveInfinity));
        Assert.Equal(0f, At(VectorMath.Exp, float.NegativeInfinity));
        Assert.Equal(1f, At(VectorMath.Exp, 0f));
        Assert.Equal(float.NegativeInfinity, At(VectorMath.Log, 0f));
        Assert.Equal(float.NegativeInfinity, At(VectorMath.Log, -0f));
        Assert.True(float.IsNaN(At(VectorMath.Log, -1f)));
        Assert.Equal(float.NegativeInfinity, At(VectorMath.Log1p, -1f));
        Assert.Equal(1f, At(VectorMath.Tanh, float.PositiveInfinity));
        Assert.Equal(-1f, At(VectorMath.Tanh, float.NegativeInfinity));
        foreach (var odd in new Func<Vector<float>, Vector<float>>[]
        {
            VectorMath.Tanh, VectorMath.Expm1, VectorMath.Log1p, VectorMath.Sin, VectorMath.Tan, VectorMath.Erf, VectorMath.Atan, VectorMath.Asin, VectorMath.Sinh,
        })
        {
            Assert.Equal(BitConverter.SingleToInt32Bits(-0f), BitConverter.SingleToInt32Bits(At(odd, -0f)));
            Assert.Equal(0, BitConverter.SingleToInt32Bits(At(odd, 0f)));
            Assert.Equal(float.Epsilon, At(odd, float.Epsilon));
        }
    }

    [Fact]
    public void Pow_of_float_is_within_two_ulp_and_keeps_the_special_cases()
    {
        var random = new Random(5);
        float[] special = [0f, -0f, 1f, -1f, 2f, -2f, 3f, -3f, 0.5f, -0.5f, float.PositiveInfinity, float.NegativeInfinity, float.NaN, float.Epsilon, float.MaxValue, 1e30f, 16777217f];
        foreach (var x in special)
        {
            foreach (var y in special) AssertWithin(UlpMax, VectorMath.Pow(Vector.Create(x), Vector.Create(y))[0], (float)Math.Pow(x, y), "pow", x);
        }

        for (var i = 0; i < 200_000; i++)
        {
            var x = (float)(random.NextDouble() * 10 - 1);
            var y = i % 2 == 0 ? (float)(random.NextDouble() * 40 - 20) : random.Next(-9, 9);
            AssertWithin(UlpMax, VectorMath.Pow(Vector.Create(x), Vector.Create(y))[0], (float)Math.Pow(x, y), $"pow(., {y})", x);
        }

        Assert.Equal(Math.Pow(1.7, -3.3), VectorMath.Pow(Vector.Create(1.7), Vector.Create(-3.3))[0]);
    }

    [Fact]
    public void Lgamma_and_digamma_match_the_reference()
    {
        // Near the zeros left of the origin both are differences of large terms, so their error is absolute.
        foreach (var (function, table) in new (Func<double, double>, double[])[] { (ScalarMath.Lgamma, ReferenceValues.Lgamma), (ScalarMath.Digamma, ReferenceValues.Digamma) })
        {
            for (var i = 0; i < table.Length; i += 2)
            {
                var (x, expected) = (table[i], table[i + 1]);
                Assert.InRange(function(x), expected - 4e-15 * Math.Max(1, Math.Abs(expected)) - 1e-14 * (x < 0 ? Math.Abs(x * expected) + 1 : 0), expected + 4e-15 * Math.Max(1, Math.Abs(expected)) + 1e-14 * (x < 0 ? Math.Abs(x * expected) + 1 : 0));
            }
        }

        Assert.Equal(double.PositiveInfinity, ScalarMath.Lgamma(0));
        Assert.Equal(double.PositiveInfinity, ScalarMath.Lgamma(-3));
        Assert.Equal(0, ScalarMath.Lgamma(1), 1e-16);
        Assert.Equal(0, ScalarMath.Lgamma(2), 1e-16);
        Assert.Equal(double.NegativeInfinity, ScalarMath.Digamma(0));
        Assert.Equal(double.PositiveInfinity, ScalarMath.Digamma(-0.0));
        Assert.True(double.IsNaN(ScalarMath.Digamma(-2)));
    }

    private static (double Worst, double Where) AgainstReference(Func<double, double> function, double[] table)
    {
        var (worst, where) = (0.0, 0.0);
        for (var i = 0; i < table.Length; i += 2)
        {
            var error = Ulps(function(table[i]), table[i + 1]);
            if (error > worst) (worst, where) = (error, table[i]);
        }

        return (worst, where);
    }

    private static (double Worst, float Where) SweepFloats(Func<Vector<float>, Vector<float>> function, Func<double, double> reference, int stride)
    {
        var lanes = new float[Vector<float>.Count];
        var (worst, where) = (0.0, 0f);
        for (var pattern = 0L; pattern <= uint.MaxValue;)
        {
            for (var i = 0; i < lanes.Length; i++, pattern += stride) lanes[i] = BitConverter.UInt32BitsToSingle((uint)Math.Min(pattern, uint.MaxValue));
            var result = function(new Vector<float>(lanes));
            for (var i = 0; i < lanes.Length; i++)
            {
                var error = Ulps(result[i], reference(lanes[i]));
                if (error > worst) (worst, where) = (error, lanes[i]);
            }
        }

        return (worst, where);
    }

    /// <summary>Distance from the exact value in units of the float's last place; 0 when both are NaN or the same infinity.</summary>
    private static double Ulps(float actual, double exact)
    {
        var rounded = (float)exact;
        if (float.IsNaN(rounded) || float.IsInfinity(rounded) || float.IsNaN(actual) || float.IsInfinity(actual))
        {
            if (float.IsNaN(rounded) && float.IsNaN(actual)) return 0;
            if (rounded.Equals(actual)) return 0;
            // One step past the largest float is not wrong by more than an ulp.
            return float.IsInfinity(rounded) && Math.Abs(actual) == float.MaxValue || float.IsInfinity(actual) && Math.Abs(rounded) == float.MaxValue ? 1 : double.PositiveInfinity;
        }

        var ulp = (double)MathF.BitIncrement(Math.Abs(rounded)) - Math.Abs(rounded);
        if (double.IsInfinity(ulp)) ulp = Math.ScaleB(1, 104);
        return Math.Abs(actual - exact) / ulp;
    }

    private static double Ulps(double actual, double expected)
    {
        if (actual.Equals(expected)) return 0;
        if (double.IsNaN(actual) || double.IsNaN(expected) || double.IsInfinity(actual) || double.IsInfinity(expected)) return double.PositiveInfinity;
        return Math.Abs(actual - expected) / (Math.BitIncrement(Math.Abs(expected)) - Math.Abs(expected));
    }

    private static void AssertWithin(double ulpMax, double actual, double expected, string name, double x) =>
        Assert.True(Ulps(actual, expected) <= ulpMax, $"{name}({x:R}) = {actual:R}, expected {expected:R}");

    private static void AssertWithin(double ulpMax, float actual, float expected, string name, double x) =>
        Assert.True(Ulps(actual, (double)expected) <= ulpMax, $"{name}({x:R}) = {actual:R}, expected {expected:R}");
}
