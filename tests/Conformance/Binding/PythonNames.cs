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

        // Other names of the same function.
        ["absolute"] = new("abs"),
        ["arccos"] = new("acos"),
        ["arccosh"] = new("acosh"),
        ["arcsin"] = new("asin"),
        ["arcsinh"] = new("asinh"),
        ["arctan"] = new("atan"),
        ["arctanh"] = new("atanh"),
        ["arctan2"] = new("atan2"),
        ["clip"] = new("clamp"),
        ["divide"] = new("div"),
        ["multiply"] = new("mul"),
        ["subtract"] = new("sub"),
        ["negative"] = new("neg"),
        ["fix"] = new("trunc"),
        ["greater"] = new("gt"),
        ["greater_equal"] = new("ge"),
        ["less"] = new("lt"),
        ["less_equal"] = new("le"),
        ["not_equal"] = new("ne"),
        ["concat"] = new("cat"),
        ["concatenate"] = new("cat"),
        ["moveaxis"] = new("movedim"),
        ["swapdims"] = new("swapaxes"),
        ["row_stack"] = new("vstack"),
        ["ger"] = new("outer"),
        ["inverse"] = new("linalg_inv"),
        ["det"] = new("linalg_det"),
        ["slogdet"] = new("linalg_slogdet"),
        ["adjoint"] = new("mT"),
        ["mH"] = new("mT"),
        ["matrix_power"] = new("linalg_matrix_power"),
        ["chain_matmul"] = new("linalg_multi_dot"),
        ["special.expit"] = new("sigmoid"),
        ["special.psi"] = new("digamma"),
        ["special.gammaln"] = new("lgamma"),
        ["special.multigammaln"] = new("mvlgamma"),
        ["special.gammainc"] = new("igamma"),
        ["special.gammaincc"] = new("igammac"),
        ["linalg.matmul"] = new("matmul"),
        ["linalg.vander"] = new("vander"),
        ["__add__"] = new("add"),
        ["__sub__"] = new("sub"),
        ["__mul__"] = new("mul"),
        ["__truediv__"] = new("div"),
        ["__floordiv__"] = new("floor_divide"),
        ["__mod__"] = new("remainder"),
        ["__pow__"] = new("pow"),
        ["__matmul__"] = new("matmul"),
        ["__neg__"] = new("neg"),
        ["__pos__"] = new("positive"),
        ["__abs__"] = new("abs"),
        ["__eq__"] = new("eq"),
        ["__ne__"] = new("ne"),
        ["__lt__"] = new("lt"),
        ["__le__"] = new("le"),
        ["__gt__"] = new("gt"),
        ["__ge__"] = new("ge"),
        ["__and__"] = new("bitwise_and"),
        ["__or__"] = new("bitwise_or"),
        ["__xor__"] = new("bitwise_xor"),
        ["__invert__"] = new("bitwise_not"),
        ["__lshift__"] = new("bitwise_left_shift"),
        ["__rshift__"] = new("bitwise_right_shift"),
        ["__rand__"] = new("bitwise_and"),
        ["__ror__"] = new("bitwise_or"),
        ["__rxor__"] = new("bitwise_xor"),
        ["__rlshift__"] = new("bitwise_left_shift", SwapsFirstTwo: true),
        ["__rrshift__"] = new("bitwise_right_shift", SwapsFirstTwo: true),
        ["__rfloordiv__"] = new("floor_divide", SwapsFirstTwo: true),
        ["__rtruediv__"] = new("div", SwapsFirstTwo: true),

        ["T"] = new("numpy_T"),
        ["H"] = new("matrix_H"),

        // OpInfo passes these with the tensor first, where the function has it second.
        ["where"] = new("where", SwapsFirstTwo: true),
        ["einsum"] = new("einsum", SwapsFirstTwo: true),
        ["polygamma"] = new("polygamma", SwapsFirstTwo: true),
        ["special.polygamma"] = new("polygamma", SwapsFirstTwo: true),

        // The method of this name, which comes without the prefix, is another op.
        ["nn.functional.unfold"] = new("im2col"),
        ["nn.functional.fold"] = new("col2im"),
    };

    private static readonly Dictionary<string, string> s_conversions = new(StringComparer.Ordinal)
    {
        ["float"] = "float32", ["double"] = "float64", ["half"] = "float16", ["bfloat16"] = "bfloat16",
        ["long"] = "int64", ["int"] = "int32", ["short"] = "int16", ["char"] = "int8", ["byte"] = "uint8", ["bool"] = "bool",
    };

    /// <summary>The dtype of a method that is named after it (<c>x.double()</c>), or null.</summary>
    public static string? Conversion(string function) => s_conversions.GetValueOrDefault(function);

    /// <summary>The catalogue's spellings of a Python function, the likeliest first.</summary>
    public static IEnumerable<Spelling> Of(string function)
    {
        if (s_exceptions.TryGetValue(function, out var exception))
            yield return exception;
        yield return new Spelling(function.Replace('.', '_'));
        var dot = function.LastIndexOf('.');
        if (dot >= 0 && !function.StartsWith("linalg.", StringComparison.Ordinal))
            yield return new Spelling(function[(dot + 1)..]);
    }
}
