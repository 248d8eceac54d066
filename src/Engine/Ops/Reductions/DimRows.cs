using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>One dim of a tensor as the rows of a contiguous matrix, and back: for ops that work along a dim.</summary>
internal static class DimRows
{
    /// <summary>The elements with the dim moved last, as rows; copies if they do not lie so.</summary>
    public static Tensor Rows(Tensor x, int dim)
    {
        var last = DimLast(x, dim);
        return Matrix(x.Workspace.RawContiguous(last), Length(x, dim));
    }

    /// <summary>Where rows are to be written: y itself if its memory allows, else a new matrix that <see cref="Finish"/> brings home.</summary>
    public static Tensor Target(Tensor y, int dim)
    {
        var last = DimLast(y, dim);
        return Matrix(last.IsContiguous ? last : y.Workspace.RawEmpty(last.Shape, y.DType), Length(y, dim));
    }

    /// <summary>Brings rows home that were not written in place.</summary>
    public static void Finish(Tensor rows, Tensor y, int dim)
    {
        if (ReferenceEquals(rows.Storage, y.Storage)) return;
        var last = DimLast(y, dim);
        Transfer.Into(rows.Alias(last.Shape, last.Shape.ContiguousStrides, rows.Offset), last);
    }

    /// <summary>The size of the dim; 1 for a 0-d tensor.</summary>
    public static long Length(Tensor x, int dim) => x.Dim == 0 ? 1 : x.Shape[dim];

    private static Tensor DimLast(Tensor x, int dim)
    {
        if (x.Dim == 0) return x;
        long[] sizes = x.Shape.Sizes.ToArray(), strides = x.Strides.ToArray();
        (long size, long stride) = (sizes[dim], strides[dim]);
        for (int d = dim; d < sizes.Length - 1; d++) (sizes[d], strides[d]) = (sizes[d + 1], strides[d + 1]);
        (sizes[^1], strides[^1]) = (size, stride);
        return x.Alias(Shape.Of(sizes), strides, x.Offset);
    }

    private static Tensor Matrix(Tensor contiguous, long length)
    {
        var shape = Shape.Of(length == 0 ? 0 : contiguous.Numel / length, length);
        return contiguous.Alias(shape, shape.ContiguousStrides, contiguous.Offset);
    }
}
