using System.Globalization;
using System.Text.Json.Nodes;
using AutogradService.Client;

namespace AutogradService.Conformance.Cases;

/// <summary>Values of the language-neutral cases as JSON, and back; tests/conformance-cases/README.md describes the format.</summary>
internal static class CaseValues
{
    /// <summary>Integers beyond this are strings: a double does not hold them.</summary>
    private const long ExactMax = 1L << 53;

    /// <summary>A tensor by value.</summary>
    public static JsonObject Tensor(string dtype, ReadOnlySpan<long> shape, ReadOnlySpan<byte> data, bool requiresGrad = false)
    {
        var json = new JsonObject { ["dtype"] = dtype, ["shape"] = new JsonArray([.. shape.ToArray().Select(size => (JsonNode)size)]), ["data"] = Convert.ToBase64String(data) };
        if (requiresGrad) json["requires_grad"] = true;
        return json;
    }

    /// <summary>What a tensor holds.</summary>
    public static async Task<JsonObject> ReadAsync(Tensor tensor)
    {
        var (dtype, shape, bytes) = await tensor.ToBytesAsync();
        return Tensor(dtype.Name, shape.AsSpan(), bytes.Span);
    }

    /// <summary>Sends a tensor.</summary>
    public static Tensor Send(AutogradSession session, JsonObject json) => session.FromBytes(
        Convert.FromBase64String((string)json["data"]!), Dims.Create([.. json["shape"]!.AsArray().Select(size => (long)size!)]),
        DTypeOf((string)json["dtype"]!), json["requires_grad"] is { } requiresGrad && (bool)requiresGrad);

    /// <summary>The dtype of a name.</summary>
    public static DType DTypeOf(string name) => Enum.GetValues<DType>().Single(dtype => dtype.Name == name);

    /// <summary>A number whose kind matters.</summary>
    public static JsonObject Number(double value) => new() { ["float"] = Real(value) };

    /// <summary>A number whose kind matters.</summary>
    public static JsonObject Number(long value) => new() { ["int"] = Integer(value) };

    /// <summary>A number whose kind matters.</summary>
    public static JsonObject Number(bool value) => new() { ["bool"] = value };

    /// <summary>A number whose kind matters.</summary>
    public static Number NumberOf(JsonObject json) =>
        json["float"] is { } real ? RealOf(real) : json["int"] is { } integer ? IntegerOf(integer) : (Number)(bool)json["bool"]!;

    /// <summary>Whether a JSON object is a number rather than a tensor.</summary>
    public static bool IsNumber(JsonObject json) => json.ContainsKey("float") || json.ContainsKey("int") || json.ContainsKey("bool");

    /// <summary>A float; JSON has no NaN and no infinities.</summary>
    public static JsonNode Real(double value) => double.IsNaN(value) ? "NaN" : double.IsInfinity(value) ? value > 0 ? "Infinity" : "-Infinity" : value;

    /// <summary>A float.</summary>
    public static double RealOf(JsonNode json) => json.GetValueKind() == System.Text.Json.JsonValueKind.String ? double.Parse((string)json!, CultureInfo.InvariantCulture) : json.GetValue<double>();

    /// <summary>An integer.</summary>
    public static JsonNode Integer(long value) => value is > ExactMax or < -ExactMax ? value.ToString(CultureInfo.InvariantCulture) : value;

    /// <summary>An integer.</summary>
    public static long IntegerOf(JsonNode json) => json.GetValueKind() == System.Text.Json.JsonValueKind.String ? long.Parse((string)json!, CultureInfo.InvariantCulture) : json.GetValue<long>();

    /// <summary>The contract's spelling of a name: SHAPE_MISMATCH for ShapeMismatch.</summary>
    public static string ScreamingOf(Enum value) => string.Concat(value.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? "_" + c : char.ToUpperInvariant(c).ToString()));

    /// <summary>How a refusal is written down.</summary>
    public static JsonObject Error(AutogradException refusal, bool withMessage = true)
    {
        var json = new JsonObject { ["code"] = ScreamingOf(refusal.Code), ["reason"] = ScreamingOf(refusal.Reason) };
        if (withMessage) json["message"] = refusal.ServerMessage;
        return json;
    }
}
