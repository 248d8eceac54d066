using System.Collections.Immutable;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AutogradService.Conformance.Recordings;

/// <summary>A recorded random program over the graph's semantics, and what every tensor held at its end.</summary>
internal sealed record GraphProgram
{
    private static readonly JsonSerializerOptions Options = new() { NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    /// <summary>The program's number in its file.</summary>
    [JsonPropertyName("id")]
    public required int Id { get; init; }

    /// <summary>What the program does, in order.</summary>
    [JsonPropertyName("steps")]
    public required ImmutableArray<ProgramStep> Steps { get; init; }

    /// <summary>The final <c>.grad</c> of each leaf; null for none.</summary>
    [JsonPropertyName("grads")]
    public required ImmutableSortedDictionary<string, double[]?> Grads { get; init; }

    /// <summary>The final version counter of each tensor.</summary>
    [JsonPropertyName("versions")]
    public required ImmutableSortedDictionary<string, long> Versions { get; init; }

    /// <summary>Streams the lines of a gzipped file of programs, for <see cref="Parse"/>.</summary>
    public static IEnumerable<string> ReadLines(string path)
    {
        using var lines = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (lines.ReadLine() is { } line)
            yield return line;
    }

    /// <summary>Reads a program from its JSON.</summary>
    /// <exception cref="JsonException">It is not a program.</exception>
    public static GraphProgram Parse(string line) =>
        JsonSerializer.Deserialize<GraphProgram>(line, Options) ?? throw new JsonException("The program is null.");
}

/// <summary>
/// One step: its kind (<c>leaf</c>, <c>un</c>, <c>bi</c>, <c>backward</c>, ...), its operands by name, and PyTorch's outcome, which is
/// either <see cref="Error"/> or <see cref="Result"/>.
/// </summary>
internal sealed record ProgramStep
{
    /// <summary>The step's kind.</summary>
    [JsonPropertyName("k")]
    public required string Kind { get; init; }

    /// <summary>The tensor that the step acts on.</summary>
    [JsonPropertyName("a")]
    public string? A { get; init; }

    /// <summary>The second operand.</summary>
    [JsonPropertyName("b")]
    public string? B { get; init; }

    /// <summary>The name that the result gets.</summary>
    [JsonPropertyName("out")]
    public string? Out { get; init; }

    /// <summary>The op of <c>un</c>, <c>bi</c>, <c>inu</c>, <c>inb</c>.</summary>
    [JsonPropertyName("op")]
    public string? Op { get; init; }

    /// <summary>Whether the step runs under no_grad.</summary>
    [JsonPropertyName("no_grad")]
    public bool NoGrad { get; init; }

    /// <summary>The factor of <c>scal</c> and <c>hook</c>.</summary>
    [JsonPropertyName("c")]
    public double C { get; init; }

    /// <summary>The dim of <c>narrow</c> and <c>select</c>.</summary>
    [JsonPropertyName("d")]
    public long Dim { get; init; }

    /// <summary>The start of <c>narrow</c>, the index of <c>select</c>.</summary>
    [JsonPropertyName("s")]
    public long Start { get; init; }

    /// <summary>The length of <c>narrow</c>.</summary>
    [JsonPropertyName("n")]
    public long Length { get; init; }

    /// <summary>The shape of a <c>leaf</c>.</summary>
    [JsonPropertyName("shape")]
    public ImmutableArray<long> Shape { get; init; }

    /// <summary>The elements of a <c>leaf</c>.</summary>
    [JsonPropertyName("data")]
    public double[]? Data { get; init; }

    /// <summary>Whether a <c>leaf</c> requires grad.</summary>
    [JsonPropertyName("rg")]
    public bool RequiresGrad { get; init; }

    /// <summary>What <c>rg</c> sets requires_grad to.</summary>
    [JsonPropertyName("v")]
    public bool Value { get; init; }

    /// <summary>retain_graph; null leaves it to create_graph.</summary>
    [JsonPropertyName("retain")]
    public bool? Retain { get; init; }

    /// <summary>create_graph.</summary>
    [JsonPropertyName("create")]
    public bool Create { get; init; }

    /// <summary>allow_unused.</summary>
    [JsonPropertyName("unused")]
    public bool Unused { get; init; }

    /// <summary>The inputs of <c>grad</c> and of a partial <c>backward</c>; null for none given.</summary>
    [JsonPropertyName("inputs")]
    public string[]? Inputs { get; init; }

    /// <summary>The explicit gradient of <c>backward</c>.</summary>
    [JsonPropertyName("g")]
    public double[]? Gradient { get; init; }

    /// <summary>The shape of <see cref="Gradient"/>.</summary>
    [JsonPropertyName("gshape")]
    public ImmutableArray<long> GradientShape { get; init; }

    /// <summary>All results of <c>grad</c>; null for an unused input.</summary>
    [JsonPropertyName("all")]
    public double[]?[]? All { get; init; }

    /// <summary>PyTorch's refusal: category, exception type, message.</summary>
    [JsonPropertyName("err")]
    public string[]? Error { get; init; }

    /// <summary>PyTorch's result: a <see cref="TensorState"/>, <c>"ok"</c>, or null.</summary>
    [JsonPropertyName("r")]
    public JsonElement Result { get; init; }

    /// <summary>The state after the step, where the outcome is a tensor.</summary>
    public TensorState? State => Result.ValueKind == JsonValueKind.Object ? Result.Deserialize<TensorState>() : null;
}

/// <summary>What PyTorch said about a tensor after a step.</summary>
internal sealed record TensorState
{
    /// <summary>The sizes.</summary>
    [JsonPropertyName("shape")]
    public required ImmutableArray<long> Shape { get; init; }

    /// <summary>requires_grad.</summary>
    [JsonPropertyName("rg")]
    public required bool RequiresGrad { get; init; }

    /// <summary>is_leaf.</summary>
    [JsonPropertyName("leaf")]
    public required bool IsLeaf { get; init; }

    /// <summary>The name of grad_fn, null for none.</summary>
    [JsonPropertyName("fn")]
    public required string? GradFn { get; init; }

    /// <summary>The version counter.</summary>
    [JsonPropertyName("ver")]
    public required long Version { get; init; }

    /// <summary>The elements, row-major.</summary>
    [JsonPropertyName("v")]
    public required double[] Values { get; init; }
}
