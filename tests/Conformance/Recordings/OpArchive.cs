using System.Collections.Immutable;
using System.IO.Compression;
using System.Text.Json;

namespace AutogradService.Conformance.Recordings;

/// <summary>A zip of recorded ops: per op, variant and dtype a <c>.jsonl</c> of cases and a <c>.bin</c> with their tensors.</summary>
internal static class OpArchive
{
    private const string Cases = ".jsonl";

    /// <summary>Streams the cases of every file, sorted by file name; <paramref name="accept"/> filters files by OpInfo name.</summary>
    public static IEnumerable<OpCase> Read(string path, Func<string, bool>? accept = null)
    {
        using var zip = ZipFile.OpenRead(path);
        var entries = zip.Entries
            .Where(entry => entry.Name.EndsWith(Cases, StringComparison.Ordinal))
            .OrderBy(entry => entry.FullName, StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            using var lines = new StreamReader(entry.Open());
            using var header = JsonDocument.Parse(lines.ReadLine() ?? throw new FormatException($"{entry.FullName} is empty."));
            var file = new OpFile(Text(header, "op"), Text(header, "variant"), Text(header, "dtype"));
            if (accept is not null && !accept(file.Name))
                continue;
            var values = new PyValueReader(ReadBytes(zip, entry.FullName[..^Cases.Length] + ".bin"));
            for (var index = 0; lines.ReadLine() is { } line; index++)
                yield return ReadLine(file, index, line, values);
        }
    }

    private static string Text(JsonDocument json, string name) => json.RootElement.GetProperty(name).GetString()!;

    private static byte[] ReadBytes(ZipArchive zip, string name)
    {
        if (zip.GetEntry(name) is not { } entry)
            return [];
        using var stream = entry.Open();
        var bytes = new byte[entry.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>A line that cannot be read is a case of its own, which fails.</summary>
    private static OpCase ReadLine(OpFile file, int index, string line, PyValueReader values)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            return ReadCase(file, index, json.RootElement, values);
        }
        catch (Exception e) when (e is FormatException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return new OpCase(file, index, PyValue.None.Value, [], [], new Expectation.Unreadable(e.Message));
        }
    }

    private static OpCase ReadCase(OpFile file, int index, JsonElement json, PyValueReader values)
    {
        var refused = json.TryGetProperty("error_case", out var call);
        if (!refused)
            call = json;
        return new OpCase(
            file,
            index,
            values.Read(call.GetProperty("input")),
            [.. call.GetProperty("args").EnumerateArray().Select(values.Read)],
            [.. call.GetProperty("kwargs").EnumerateObject().Select(entry => KeyValuePair.Create(entry.Name, values.Read(entry.Value)))],
            refused ? ReadRefusal(call.GetProperty("error")) : ReadResult(json, values));
    }

    private static Expectation.Refusal ReadRefusal(JsonElement error) => new(error[0].GetString()!, error[1].GetString()!);

    private static Expectation.Result ReadResult(JsonElement json, PyValueReader values) => new(
        values.Read(json.GetProperty("out")),
        [.. json.GetProperty("grad_fn").EnumerateArray().Select(name => name.GetString())],
        [.. json.GetProperty("is_view").EnumerateArray().Select(view => view.GetBoolean())],
        json.TryGetProperty("grad_out", out var cotangents)
            ? new Gradients(Required(cotangents, values), Tensors(json.GetProperty("grad_in"), values))
            : null,
        json.TryGetProperty("gg_which", out var which)
            ? new DoubleGradients(
                [.. which.EnumerateArray().Select(position => position.GetInt32())],
                Required(json.GetProperty("gg_out"), values),
                Tensors(json.GetProperty("gg_in"), values))
            : null);

    private static ImmutableArray<TensorData?> Tensors(JsonElement array, PyValueReader values) =>
        [.. array.EnumerateArray().Select(values.ReadTensor)];

    private static ImmutableArray<TensorData> Required(JsonElement array, PyValueReader values) =>
        [.. array.EnumerateArray().Select(item => values.ReadTensor(item) ?? throw new FormatException("A cotangent is missing."))];
}
