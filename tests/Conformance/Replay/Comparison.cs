using System.Globalization;
using AutogradService.Conformance.Recordings;

namespace AutogradService.Conformance.Replay;

/// <summary>Compares tensors as the recordings ask: dtype and shape exactly, floats within |a - b| &lt;= tol + tol |b|, NaN equal to NaN.</summary>
internal static class Comparison
{
    /// <summary>The first difference in words, or null where there is none.</summary>
    public static string? Difference(TensorData expected, TensorData actual)
    {
        if (expected.DType != actual.DType)
            return $"dtype {actual.DType} instead of {expected.DType}";
        if (!expected.Shape.AsSpan().SequenceEqual(actual.Shape.AsSpan()))
            return $"shape {Show(actual.Shape)} instead of {Show(expected.Shape)}";
        if (expected.Bytes.SequenceEqual(actual.Bytes))
            return null;
        var tolerance = Tolerance(expected.DType);
        for (long i = 0; i < expected.Count; i++)
            if (expected.DType == "int64" ? !expected.ElementEquals(actual, i) : !Close(expected[i], actual[i], tolerance))
                return $"element {i} is {Show(actual[i])} instead of {Show(expected[i])}";
        return null;
    }

    /// <summary>The first difference of float64 values under an explicit tolerance, or null.</summary>
    public static string? Difference(ReadOnlySpan<double> expected, TensorData actual, double tolerance)
    {
        if (expected.Length != actual.Count)
            return $"{actual.Count} elements instead of {expected.Length}";
        for (var i = 0; i < expected.Length; i++)
            if (!Close(expected[i], actual[i], tolerance))
                return $"element {i} is {Show(actual[i])} instead of {Show(expected[i])}";
        return null;
    }

    /// <summary>Whether a value is within so many tolerances of float32 of another.</summary>
    public static bool CloseAsFloat32(double expected, double actual, double tolerances = 1) => Close(expected, actual, tolerances * Tolerance("float32"));

    /// <summary>A shape as PyTorch prints it.</summary>
    public static string Show(IEnumerable<long> shape) => $"[{string.Join(", ", shape)}]";

    private static double Tolerance(string dtype) => dtype switch
    {
        "float64" => 1e-7,
        "float32" => 1e-4,
        "float16" or "bfloat16" => 1e-2,
        _ => 0,
    };

    /// <summary>An infinity is close to itself only: the bound would be infinite too.</summary>
    private static bool Close(double expected, double actual, double tolerance) =>
        expected.Equals(actual) || expected == actual
        || (double.IsFinite(expected) && Math.Abs(expected - actual) <= tolerance + (tolerance * Math.Abs(expected)));

    private static string Show(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
