namespace AutogradService.Conformance.Binding;

/// <summary>How a Python function relates to the op that computes it.</summary>
/// <param name="Op">The op's name in the catalogue, overloads aside.</param>
/// <param name="SwapsFirstTwo">Whether the first two arguments change places.</param>
internal sealed record Spelling(string Op, bool SwapsFirstTwo = false);

/// <summary>From PyTorch's function names to the catalogue's: by rule, and one table of real exceptions.</summary>
internal static class PythonNames
{
    private static readonly Dictionary<string, Spelling> s_exceptions = new(StringComparer.Ordinal)
    {
        ["__radd__"] = new("add"),
        ["__rmul__"] = new("mul"),
        ["__rsub__"] = new("rsub"),
        ["__rpow__"] = new("pow", SwapsFirstTwo: true),
        ["__rmod__"] = new("remainder", SwapsFirstTwo: true),
        ["__rmatmul__"] = new("matmul", SwapsFirstTwo: true),
        ["true_divide"] = new("div"),
        ["T"] = new("numpy_T"),
        ["H"] = new("matrix_H"),

        // OpInfo passes these with the tensor first, where the function has it second.
        ["where"] = new("where", SwapsFirstTwo: true),
        ["einsum"] = new("einsum", SwapsFirstTwo: true),

        // The method of this name, which comes without the prefix, is another op.
        ["nn.functional.unfold"] = new("im2col"),
        ["nn.functional.fold"] = new("col2im"),
    };

    /// <summary>The catalogue's spellings of a Python function, the likeliest first.</summary>
    public static IEnumerable<Spelling> Of(string function)
    {
        if (s_exceptions.TryGetValue(function, out var exception))
        {
            yield return exception;
            yield break;
        }

        yield return new Spelling(function.Replace('.', '_'));
        var dot = function.LastIndexOf('.');
        if (dot >= 0 && !function.StartsWith("linalg.", StringComparison.Ordinal))
            yield return new Spelling(function[(dot + 1)..]);
    }
}
