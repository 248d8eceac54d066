using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace AutogradService.Conformance.Recordings;

/// <summary>Reads the JSON form of Python values; tensors point into the <c>.bin</c> file beside the record.</summary>
internal sealed class PyValueReader(ReadOnlyMemory<byte> file)
{
    /// <summary>Reads one value.</summary>
    /// <exception cref="FormatException">The JSON is none of the recorded forms.</exception>
    public PyValue Read(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Null => PyValue.None.Value,
        JsonValueKind.True => new PyValue.Bool(true),
        JsonValueKind.False => new PyValue.Bool(false),
        JsonValueKind.Number => json.TryGetInt64(out var integer) ? new PyValue.Int(integer) : new PyValue.Float(json.GetDouble()),
        JsonValueKind.String => new PyValue.Str(json.GetString()!),
        JsonValueKind.Array => new PyValue.Sequence(ReadItems(json), IsTuple: false),
        JsonValueKind.Object => ReadTagged(json),
        _ => throw new FormatException($"Unexpected JSON {json.ValueKind}."),
    };

    /// <summary>Reads <c>{"t": [dtype, shape, offset, flags]}</c>, or null for JSON null.</summary>
    public TensorData? ReadTensor(JsonElement json) => Read(json) switch
    {
        PyValue.Tensor tensor => tensor.Data,
        PyValue.None => null,
        var other => throw new FormatException($"Expected a tensor, found {other}."),
    };

    /// <summary>Python's <c>repr</c> of a float, <c>inf</c> and <c>nan</c> included.</summary>
    public static double ParseFloat(string text) => text switch
    {
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        "nan" => double.NaN,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    private ImmutableArray<PyValue> ReadItems(JsonElement array) => [.. array.EnumerateArray().Select(Read)];

    private PyValue ReadTagged(JsonElement json)
    {
        var property = json.EnumerateObject().First();
        var value = property.Value;
        return property.Name switch
        {
            "t" => new PyValue.Tensor(ReadTensorFields(value)),
            "f" => new PyValue.Float(ParseFloat(value.GetString()!)),
            "c" => new PyValue.Complex(ParseFloat(value[0].GetString()!), ParseFloat(value[1].GetString()!)),
            "tuple" => new PyValue.Sequence(ReadItems(value), IsTuple: true),
            "slice" => new PyValue.Slice(Bound(value[0]), Bound(value[1]), Bound(value[2])),
            "ellipsis" => new PyValue.Ellipsis(),
            "dtype" => new PyValue.DType(WithoutPrefix(value.GetString()!)),
            "device" => new PyValue.Device(value.GetString()!),
            "memory_format" or "layout" => new PyValue.MemoryFormat(WithoutPrefix(value.GetString()!)),
            "d" => new PyValue.Dict([.. value.EnumerateObject().Select(entry => KeyValuePair.Create(entry.Name, Read(entry.Value)))]),
            _ => throw new FormatException($"Unknown value tag '{property.Name}'."),
        };
    }

    private TensorData ReadTensorFields(JsonElement fields) => TensorData.FromRecording(
        fields[0].GetString()!,
        [.. fields[1].EnumerateArray().Select(size => size.GetInt64())],
        fields[2].GetInt32(),
        fields[3].GetString()!,
        file);

    private static long? Bound(JsonElement json) => json.ValueKind == JsonValueKind.Null ? null : json.GetInt64();

    private static string WithoutPrefix(string name) => name.StartsWith("torch.", StringComparison.Ordinal) ? name[6..] : name;
}
