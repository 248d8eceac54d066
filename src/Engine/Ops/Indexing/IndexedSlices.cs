using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>What index_add, index_copy and index_fill share: slices of a dim that a vector of indices names.</summary>
internal static class IndexedSlices
{
    /// <summary>Self's shape and dtype, once index and source are known to fit.</summary>
    /// <exception cref="AutogradException">With PyTorch's wording.</exception>
    public static TensorSpec Infer(string op, Inputs x, long dim)
    {
        var (self, index, source) = (x[0], x[1], x[2]);
        int d = Shape.WrapDim(dim, self.Dim);
        IndexSelect.CheckVector(op, index);
        if (source.DType != self.DType)
            throw AutogradException.Attribute($"{op}: self and source expected to have the same dtype, but got (self) {self.DType.TorchName} and (source) {source.DType.TorchName}");
        if (Math.Max(source.Dim, 1) != Math.Max(self.Dim, 1) && source.Dim != 0)
            throw AutogradException.Shape($"{op}: Source and destination have different dimensionality. Source has {source.Dim}, destination {self.Dim}");
        if (index.Numel != (source.Dim == 0 ? 1 : source.Shape[d]))
            throw AutogradException.Shape($"{op}: Number of indices ({index.Numel}) should be equal to source.size(dim): ({(source.Dim == 0 ? 1 : source.Shape[d])}), for dim: {d}");
        for (int i = 0; i < self.Dim && source.Dim > 0; i++)
            if (i != d && self.Shape[i] != source.Shape[i])
                throw AutogradException.Shape($"{op}: The size of tensor self {self.Shape} must match the size of tensor source {source.Shape} at non-indexed dimension {i}");
        return new(self.Shape, self.DType);
    }

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
            visit([], 0, []);
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
