using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>What the scatter ops ask of their operands, and their loop around <see cref="AlongDim"/>.</summary>
internal static class ScatterRules
{
    /// <summary>The output's shape and dtype: self's.</summary>
    /// <exception cref="AutogradException">With PyTorch's wording.</exception>
    public static TensorSpec Infer(Tensor self, long dim, Tensor index, Tensor? source)
    {
        int d = Shape.WrapDim(dim, self.Dim);
        if (index.Numel != 0 && index.DType != DType.Int64) throw AutogradException.Attribute("scatter(): Expected dtype int64 for index");
        if (source is not null && source.DType != self.DType) throw AutogradException.Attribute("scatter(): Expected self.dtype to be equal to src.dtype");
        if (index.Numel == 0) return new(self.Shape, self.DType);
        if (Math.Max(index.Dim, 1) != Math.Max(self.Dim, 1)) throw AutogradException.Shape("Index tensor must have the same number of dimensions as self tensor");
        if (source is not null && Math.Max(index.Dim, 1) != Math.Max(source.Dim, 1)) throw AutogradException.Shape("Index tensor must have the same number of dimensions as src tensor");
        for (int i = 0; i < index.Dim; i++)
            if (i != d && index.Shape[i] > AlongDim.SizeOf(self, i) || source is not null && index.Shape[i] > AlongDim.SizeOf(source, i))
                throw AutogradException.Shape(source is null
                    ? $"Expected index {index.Shape} to be no larger than self {self.Shape} apart from dimension {d}"
                    : $"Expected index {index.Shape} to be no larger than self {self.Shape} apart from dimension {d} and to be no larger size than src {source.Shape}");
        return new(self.Shape, self.DType);
    }

    /// <summary>Makes y a copy of self, unless it is self, and checks the index before anything is written.</summary>
    public static Tensor Begin(Tensor self, long dim, Tensor index, Tensor y)
    {
        int d = Shape.WrapDim(dim, self.Dim);
        long size = AlongDim.SizeOf(self, d);
        var places = AlongDim.Checked(index, size, AlongDim.OutOfBounds(d, size));
        if (!ReferenceEquals(self, y)) Transfer.Into(self, y);
        return places;
    }

    /// <summary>For definitions: calls back with every index into self and the same index into the index tensor.</summary>
    public static void Each(NdArray self, long dim, NdArray index, Action<long[], long[]> visit)
    {
        int d = Shape.WrapDim(dim, self.Shape.Rank);
        foreach (var i in NdArray.Indices(index.Shape))
        {
            var own = (long[])i.Clone();
            if (self.Shape.Rank == 0) own = [];
            else if (i.Length == 0) own = [(long)index.Values[0]];
            else own[d] = (long)index[i];
            visit(own, i);
        }
    }
}
