using System.Security.Cryptography;
using AutogradService.Engine;
using AutogradService.Server.Commands;
using AutogradService.Server.Errors;
using AutogradService.Server.Hosting;
using Google.Protobuf;

namespace AutogradService.Server.Functions;

/// <summary>A function as it is kept: what it does, written down in one way, and the name that follows from that.</summary>
internal sealed class FunctionDefinition
{
    /// <summary>Characters of an id.</summary>
    public const int IdLength = 64;

    private readonly Wire.Segment _segment;
    private readonly LimitOptions _limits;

    private FunctionDefinition(Wire.Function normal, LimitOptions limits)
    {
        Wire = normal;
        _limits = limits;
        byte[] bytes = normal.ToByteArray();
        ByteCount = bytes.Length;
        Id = Convert.ToHexStringLower(SHA256.HashData([.. "autograd.v1.Function\0"u8, .. bytes]));
        _segment = new Wire.Segment { Steps = { normal.Steps } };
        var symbols = new List<string>();
        Parameters = new FunctionParameter[normal.Parameters.Count];
        for (int i = 0; i < Parameters.Length; i++)
        {
            var parameter = normal.Parameters[i];
            _segment.Parameters.Add(parameter.Handle);
            var sizes = new long[parameter.Shape.Count];
            for (int d = 0; d < sizes.Length; d++)
            {
                if (parameter.Shape[d].SizeCase == Autograd.V1.Dimension.SizeOneofCase.Fixed)
                {
                    sizes[d] = parameter.Shape[d].Fixed;
                    continue;
                }
                int symbol = symbols.IndexOf(parameter.Shape[d].Symbol);
                if (symbol < 0)
                {
                    symbol = symbols.Count;
                    symbols.Add(parameter.Shape[d].Symbol);
                }
                sizes[d] = -1 - symbol;
            }
            Parameters[i] = new FunctionParameter(parameter.Name, TensorDescription.FromWire(parameter.Dtype, "dtype"), sizes);
        }
        foreach (var result in normal.Results) _segment.Results.Add(result.Handle);
        Symbols = [.. symbols];
    }

    /// <summary>The function as the wire has it, without a display name.</summary>
    public Wire.Function Wire { get; }

    /// <summary>The SHA-256 of what it does, in hexadecimal digits.</summary>
    public string Id { get; }

    /// <summary>Bytes that it takes written down: what quotas count.</summary>
    public int ByteCount { get; }

    /// <summary>The parameters.</summary>
    public FunctionParameter[] Parameters { get; }

    /// <summary>Names of the sizes that calls tell.</summary>
    public string[] Symbols { get; }

    /// <summary>How many results there are.</summary>
    public int ResultCount => _segment.Results.Count;

    /// <summary>Looks a function through.</summary>
    /// <exception cref="Refusal">INVALID_FIELD, LIMIT_EXCEEDED.</exception>
    /// <exception cref="AutogradException">OP_UNSUPPORTED, INVALID_ATTRIBUTE, INVALID_SHAPE.</exception>
    public static FunctionDefinition Of(Wire.Function? given, string field, LimitOptions limits)
    {
        if (given is null) throw Refusal.Missing(field);
        return new FunctionDefinition(FunctionNormalizer.Normalize(given, field, limits), limits);
    }

    /// <summary>Shape and dtype of a parameter, given the sizes of the symbols.</summary>
    /// <exception cref="AutogradException">INVALID_SHAPE.</exception>
    public TensorSpec SpecOf(int parameter, ReadOnlySpan<long> sizes)
    {
        var (_, dtype, own) = Parameters[parameter];
        Span<long> shape = stackalloc long[own.Length];
        for (int d = 0; d < own.Length; d++) shape[d] = own[d] >= 0 ? own[d] : sizes[(int)(-1 - own[d])];
        return new TensorSpec(Shape.Of(shape), dtype);
    }

    /// <summary>The place of a parameter.</summary>
    /// <exception cref="Refusal">INVALID_FIELD.</exception>
    public int IndexOf(string name, string field)
    {
        int i = Array.FindIndex(Parameters, p => p.Name == name);
        return i >= 0 ? i : throw Refusal.InvalidField(field, $"the function has no parameter '{name}'");
    }

    /// <summary>Runs it once.</summary>
    /// <param name="workspace">Where.</param>
    /// <param name="given">A tensor for each parameter.</param>
    /// <returns>The results, unowned.</returns>
    public Tensor[] Run(Workspace workspace, Tensor[] given) =>
        Segment.Of(_segment, "function", workspace, static number => throw Refusal.InvalidField("function.steps", $"nothing is numbered {number}"), _limits).Run(given);

    /// <summary>About it.</summary>
    public Wire.FunctionDescription Describe(string displayName) => new()
    {
        FunctionId = Id,
        DisplayName = displayName,
        Parameters = { Wire.Parameters },
        Results = { Wire.Results },
        Steps = (uint)Wire.Steps.Count,
    };
}

/// <summary>A parameter of a function.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DType">Its element type.</param>
/// <param name="Sizes">The size of each dimension, or -1 less the place of the symbol that stands for it.</param>
internal readonly record struct FunctionParameter(string Name, DType DType, long[] Sizes);
