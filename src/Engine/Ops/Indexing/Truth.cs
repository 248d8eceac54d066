using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Tensors as truth values: "not zero", NaN included.</summary>
internal static unsafe class Truth
{
    /// <summary>A contiguous tensor of bool.</summary>
    public static Tensor Of(Tensor x) => x.Workspace.RawContiguous(x.Workspace.RawCast(x, DType.Bool));

    /// <summary>How many elements are not zero.</summary>
    public static long Count(Tensor x)
    {
        using var scope = x.Workspace.Scope();
        var truth = Of(x);
        long count = 0;
        for (long i = 0; i < truth.Numel; i++) count += truth.Data[i];
        return count;
    }
}
