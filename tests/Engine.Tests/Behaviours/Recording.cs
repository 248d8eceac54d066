using System.Collections;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AutogradService.Engine.Tests.Behaviours;

/// <summary>What PyTorch 2.6.0 gave, by name, and how to compare with it.</summary>
internal static partial class Recording
{
    private const double Tolerance = 1e-7;

    private static readonly JsonDocument s_file = JsonDocument.Parse(Numbers().Replace(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "golden", "behaviours.json")), "\"$1\""));

    private static readonly JsonElement s_lines = s_file.RootElement.GetProperty("r");

    public static IEnumerable<string> Names => s_lines.EnumerateObject().Select(line => line.Name);

    /// <summary>The first difference between what was recorded and what was observed, in words; null if there is none.</summary>
    public static string? Difference(string name, object? observed)
    {
        var recorded = s_lines.GetProperty(name);
        // Beside its warning a line holds its value.
        if (recorded.ValueKind == JsonValueKind.Array && recorded.GetArrayLength() == 2 && IsWarning(recorded[1])) recorded = recorded[0];
        return Difference(recorded, observed, "");
    }

    /// <summary>A refusal as the recordings write it.</summary>
    public static string Written(AutogradException refusal) => $"{refusal.TorchType}: {refusal.Message}";

    private static bool IsWarning(JsonElement e) => e.ValueKind == JsonValueKind.String && e.GetString()!.StartsWith("WARN ", StringComparison.Ordinal);

    private static string? Difference(JsonElement recorded, object? observed, string where)
    {
        observed = observed switch
        {
            Tensor t => Nested(t.ToDoubles(), t.Shape.Sizes),
            DType d => "torch." + d.Name,
            Shape s => s.Sizes.ToArray(),
            _ => observed,
        };
        switch (recorded.ValueKind)
        {
            case JsonValueKind.Null:
                return observed is null ? null : Differs("None");
            case JsonValueKind.True or JsonValueKind.False:
                return observed is bool b && b == recorded.GetBoolean() ? null : Differs(recorded.ToString());
            case JsonValueKind.Number:
                return Close(recorded.GetDouble(), observed) ? null : Differs(recorded.ToString());
            case JsonValueKind.String:
                // torch's own LinAlgError is a RuntimeError, and told as one.
                string text = Addresses().Replace(recorded.GetString()!, " object").Replace("_LinAlgError: ", "RuntimeError: ", StringComparison.Ordinal);
                if (observed is string s)
                    return s == text || IsError(text) && s.StartsWith(text, StringComparison.Ordinal) ? null : Differs(text);
                return double.TryParse(text.Replace("Infinity", "∞", StringComparison.Ordinal), NumberStyles.Float, s_infinities, out double value) && Close(value, observed) ? null : Differs(text);
            case JsonValueKind.Object:
                if (observed is not IDictionary map) return Differs("a dictionary");
                var missing = recorded.EnumerateObject().Where(e => !map.Contains(e.Name)).Select(e => e.Name).ToArray();
                return recorded.EnumerateObject().Where(e => map.Contains(e.Name)).Select(e => Difference(e.Value, map[e.Name], $"{where}.{e.Name}")).FirstOrDefault(d => d is not null)
                    ?? (missing.Length > 0 ? $"{where} lacks {string.Join(", ", missing)}" : null);
            default:
                if (observed is not IEnumerable list || observed is string) return Differs(recorded.ToString());
                var items = list.Cast<object?>().ToArray();
                if (items.Length != recorded.GetArrayLength()) return Differs(recorded.ToString());
                return items.Select((item, i) => Difference(recorded[i], item, $"{where}[{i}]")).FirstOrDefault(d => d is not null);
        }

        string Differs(string expected) => $"{where} is {Show(observed)}, recorded {expected}".TrimStart();
    }

    private static readonly NumberFormatInfo s_infinities = new() { PositiveInfinitySymbol = "∞", NegativeInfinitySymbol = "-∞", NaNSymbol = "NaN" };

    private static bool IsError(string text) => ErrorStart().IsMatch(text);

    private static bool Close(double expected, object? observed)
    {
        if (observed is bool or null or string or not IConvertible) return false;
        double actual = Convert.ToDouble(observed, CultureInfo.InvariantCulture);
        return expected.Equals(actual) || expected == actual || double.IsFinite(expected) && Math.Abs(expected - actual) <= Tolerance * (1 + Math.Abs(expected));
    }

    private static object Nested(ReadOnlySpan<double> values, ReadOnlySpan<long> sizes)
    {
        if (sizes.Length == 0) return values[0];
        var result = new object[sizes[0]];
        for (int i = 0; i < result.Length; i++) result[i] = Nested(values.Slice(values.Length / result.Length * i, values.Length / result.Length), sizes[1..]);
        return result;
    }

    private static string Show(object? value) => value switch
    {
        null => "None",
        string s => s,
        IEnumerable list => "[" + string.Join(", ", list.Cast<object?>().Select(Show)) + "]",
        double d => d.ToString("R", CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    // Python writes numbers that JSON does not know.
    [GeneratedRegex(@"(?<=[\[,:]\s*)(-?Infinity|NaN)(?=\s*[,\]}])")]
    private static partial Regex Numbers();

    [GeneratedRegex(@" object at 0x[0-9a-f]+")]
    private static partial Regex Addresses();

    [GeneratedRegex(@"^_?[A-Z]\w*Error: ")]
    private static partial Regex ErrorStart();
}
