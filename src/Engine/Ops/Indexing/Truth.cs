using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Tensors as truth values: "not zero", NaN included.</summary>
internal static unsafe class Truth
{
    /// <summary>A contiguous tensor of bool.</summary>
    public static Tensor Of(Tensor x) => x.Workspace.RawContiguous(x.Workspace.RawCast(x, DType.Bool));

    /// <summary>Where sums that end in y are added up: in y itself, but for a bool in int64, because a byte would hold the sum, or what is left of it after 255.</summary>
    public static Tensor Wide(Tensor y) => y.DType == DType.Bool ? y.Workspace.RawEmpty(y.Shape, DType.Int64) : y;

    /// <summary>x as it is added up into such a sum: as y's dtype sees it.</summary>
    public static Tensor Wide(Tensor x, Tensor y)
    {
        var seen = x.Workspace.RawCast(x, y.DType);
        return y.DType == DType.Bool ? x.Workspace.RawCast(seen, DType.Int64) : seen;
    }

    /// <summary>The sum as y.</summary>
    public static void Narrow(Tensor wide, Tensor y)
    {
        if (!ReferenceEquals(wide, y)) Transfer.Into(wide, y);
    }

    /// <summary>How many elements are not zero.</summary>
    public static long Count(Tensor x)
    {
        using var scope = x.Workspace.Scope();
        var truth = Of(x);
        long count = 0;
        for (long i = 0; i < truth.Numel; i++) count += truth.Data[i] != 0 ? 1 : 0;
        return count;
    }
}
