using AutogradService.Conformance.Recordings;

namespace AutogradService.Conformance.Replay;

/// <summary>What this project leaves out: complex dtypes, memory formats, devices other than the host, and results that PyTorch's own random numbers made.</summary>
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

        // The mask that PyTorch drew is not recorded; dropout is tested by its statistics, and by its backward using its forward's mask.
        if (@case.Kwargs.Any(k => k.Key == "dropout_p" && k.Value is PyValue.Float { Value: > 0 and < 1 })) return "random numbers of PyTorch's generator";

        return @case.Expected is Expectation.Result result && result.Out.Tensors().Any(tensor => tensor.IsComplex) ? "complex" : null;
    }
}
