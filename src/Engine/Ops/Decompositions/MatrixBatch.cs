using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>A tensor as a batch of matrices in its last two dims: shapes, and memory of contiguous ones.</summary>
internal static unsafe class MatrixBatch
{
    /// <summary>The dims before the last two.</summary>
    public static Shape BatchOf(Tensor t) => Shape.Of(t.Shape.Sizes[..^2]);

    /// <summary>Number of matrices.</summary>
    public static long Count(Tensor t) => BatchOf(t).Numel;

    /// <summary>A batch's shape with other sizes after it.</summary>
    public static Shape With(Shape batch, params ReadOnlySpan<long> sizes) => Shape.Of([.. batch.Sizes, .. sizes]);

    /// <summary>One matrix of a contiguous batch.</summary>
    public static MatrixSpan<T> At<T>(Tensor t, long index) where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        new(t.Pointer<T>() + index * t.Shape[-2] * t.Shape[-1], t.Shape[-2], t.Shape[-1]);

    /// <summary>One vector of a contiguous batch of them.</summary>
    public static T* VectorAt<T>(Tensor t, long index) where T : unmanaged => t.Pointer<T>() + index * t.Shape[-1];

    /// <summary>One number of a contiguous batch of them.</summary>
    public static T* NumberAt<T>(Tensor t, long index) where T : unmanaged => t.Pointer<T>() + index;

    /// <summary>A tensor expanded to a batch, its last two dims kept.</summary>
    public static Tensor Expand(Tensor t, Shape batch) => BatchOf(t).Equals(batch) ? t : t.Expand(Dims.Of(With(batch, t.Shape[-2], t.Shape[-1])));

    /// <summary>The elements of the last two dims exchanged.</summary>
    public static Tensor Transposed(Tensor t) => t.Transpose(-2, -1);

    /// <summary>Whether a derivative of the op may be asked for, backwards or forwards.</summary>
    public static bool MayBeDifferentiated(Tensor t) => t.Tangent is not null || t.Workspace.GradEnabled && t.RequiresGrad;

    /// <summary>A contiguous copy, for kernels that work in place.</summary>
    public static void Copy(Tensor from, Tensor to) => Transfer.Into(from, to);
}
