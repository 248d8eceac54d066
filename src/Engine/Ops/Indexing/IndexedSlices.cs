using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>What index_add, index_copy and index_fill share: slices of a dim that a vector of indices names.</summary>
internal static class IndexedSlices
{
    /// <summary>The shape rule of index_add and index_reduce: each index takes a slice of source.</summary>
    public static TensorSpec Infer(string op, Inputs x, long dim)
    {
        var (self, index, source) = (x[0], x[1], x[2]);
        int d = Shape.WrapDim(dim, self.Dim);
        IndexSelect.CheckVector(op, index);
        if (source.DType != self.DType)
            throw AutogradException.Attribute($"{op}: self ({self.DType.TorchName}) and source ({source.DType.TorchName}) must have the same scalar type");
        if (d != 0 && d >= source.Dim)
            throw AutogradException.Shape($"{op}: Indexing dim {d} is out of bounds of the source tensor with dim {source.Dim}");
        long slices = source.Dim == 0 ? 1 : source.Shape[d];
        if (index.Numel != slices)
            throw AutogradException.Shape($"{op}: Number of indices ({index.Numel}) should be equal to source.size(dim): ({slices}), for dim: {d}");
        bool scalar = self.Dim == 0 || source.Dim == 0;
        if (!(scalar ? self.Shape.Equals(source.Shape) : Slice(self.Shape, d).AsSpan().SequenceEqual(Slice(source.Shape, d))))
            throw AutogradException.Shape($"source tensor shape must match self tensor shape, excluding the specified dimension. Got self.shape = {self.Shape} source.shape = {source.Shape}");
        return new(self.Shape, self.DType);
    }

    /// <summary>The shape rule of index_copy, which takes 0-d and one element for each other.</summary>
    public static TensorSpec InferCopy(Inputs x, long dim)
    {
        var (self, index, source) = (x[0], x[1], x[2]);
        int d = Shape.WrapDim(dim, self.Dim);
        if (index.Dim > 1) throw AutogradException.Index($"index_copy_(): Index should have dimension 1 or 0 (got {index.Dim})");
        if (source.Dim == 0 && index.Numel != 1)
            throw AutogradException.Index($"index_copy_(): When source is scalar, index should have one element (got {index.Numel})");
        if (source.Dim != self.Dim && source.Dim != 0 && self.Dim != 0)
            throw AutogradException.Index($"index_copy_(): When source and destination are not scalars, their dimensionality must match. Source dimensionality ({source.Dim}), destination dimensionality ({self.Dim})");
        if (index.DType != DType.Int64) throw AutogradException.Attribute($"index_copy_(): Expected a long tensor for index, but got {index.DType.TorchName}");
        if (source.DType != self.DType)
            throw AutogradException.Attribute($"index_copy_(): self and source expected to have the same dtype, but got (self) {self.DType.TorchName} and (source) {source.DType.TorchName}");
        long[] own = Slice(self.Shape, d), given = Slice(source.Shape, d);
        if (!own.AsSpan().SequenceEqual(given))
            throw AutogradException.Shape($"index_copy_(): Source/destination tensor must have same slice shapes. Destination slice shape: {Shape.Format(own)} at dimension {d} and source slice shape: {Shape.Format(given)} at dimension 0.");
        if (source.Dim != 0 && index.Numel != source.Shape[d])
            throw AutogradException.Index($"index_copy_(): Number of indices ({index.Numel}) should be equal to source.size(dim) ({source.Shape[d]})");
        return new(self.Shape, self.DType);
    }

    // The sizes without those of a dim.
    private static long[] Slice(Shape shape, int dim) => [.. shape.Sizes.ToArray().Where((_, i) => i != dim)];

    /// <summary>Makes y a copy of self, unless it is self, and shows the checked index in a shape.</summary>
    public static Tensor Begin(Inputs x, long dim, Shape shape, Tensor y)
    {
        int d = Shape.WrapDim(dim, y.Dim);
        var index = AlongDim.Checked(x[1], AlongDim.SizeOf(y, d), AlongDim.OutOfRangeInSelf);
        if (!ReferenceEquals(x[0], y)) Transfer.Into(x[0], y);
        return AlongDim.Spread(index, shape, d);
    }

    /// <summary>For definitions: calls back with every index into self, the place in the vector, and the index into source.</summary>
    public static void Each(NdArray self, long dim, NdArray index, Action<long[], int, long[]> visit)
    {
        if (self.Shape.Rank == 0)
        {
            for (int n = 0; n < index.Values.Length; n++) visit([], n, []);
            return;
        }
        int d = Shape.WrapDim(dim, self.Shape.Rank);
        for (int n = 0; n < index.Values.Length; n++)
            foreach (var i in NdArray.Indices(self.Shape.With(d, 1)))
            {
                var to = (long[])i.Clone();
                to[d] = (long)index.Values[n];
                i[d] = n;
                visit(to, n, i);
            }
    }

    /// <summary>For definitions: an element of source, which may be a scalar.</summary>
    public static double At(NdArray source, long[] index) => source.Shape.Rank == 0 ? source.Values[0] : source[index];
}
