using AutogradService.Conformance.Recordings;

namespace AutogradService.Conformance.Replay;

/// <summary>What this project leaves out: complex dtypes, memory formats, devices other than the host.</summary>
internal static class Scope
{
    /// <summary>Why a case is out of scope, or null.</summary>
    public static string? Excludes(OpCase @case)
    {
        foreach (var value in @case.Arguments)
        {
            if (value.Any(part => part is PyValue.Complex or PyValue.Tensor { Data.IsComplex: true } or PyValue.DType { Name: "complex64" or "complex128" }))
                return "complex";
            if (value.Any(part => part is PyValue.MemoryFormat))
                return "memory format";
            if (value.Any(part => part is PyValue.Device { Name: not "cpu" }))
                return "device";
        }

        return @case.Expected is Expectation.Result result && result.Out.Tensors().Any(tensor => tensor.IsComplex) ? "complex" : null;
    }
}
