namespace AutogradService.Engine.Ops;

/// <summary>Elements of self where an index leads along a dim, other dims broadcasting; without a dim, among all elements.</summary>
[Op("take_along_dim(self, indices!, dim)")]
public sealed partial record TakeAlongDim(long? Dim = null) : CompositeOp, IOp<TakeAlongDim>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<TakeAlongDim>((op, x) =>
    {
        if (op.Dim is not { } d) return NdArray.Build(Shape.Of(x[1].Values.Length), i => x[0].Values[(int)x[1].Values[i[0]]]);
        int dim = Shape.WrapDim(d, x[0].Shape.Rank);
        var shape = Shape.Broadcast(x[0].Shape.With(dim, 1), x[1].Shape.With(dim, 1)).With(dim, x[1].Shape[dim]);
        return NdArray.Build(shape, i =>
        {
            var own = (long[])i.Clone();
            for (int k = 0; k < own.Length; k++)
                if (k != dim && x[0].Shape[k] == 1) own[k] = 0;
            var place = (long[])i.Clone();
            for (int k = 0; k < place.Length; k++)
                if (x[1].Shape[k] == 1) place[k] = 0;
            own[dim] = (long)x[1][place];
            return x[0][own];
        });
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new TakeAlongDim(0), s.Any(3, 4), s.Index(3, 2, 4)), Sample.Of(new TakeAlongDim(1), s.Any(3, 4), s.Index(4, 1, 2)), Sample.Of(new TakeAlongDim(), s.Any(3, 4), s.Index(12, 5))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        var (self, indices) = (x[0], x[1]);
        if (indices.DType != DType.Int64)
            throw AutogradException.Attribute($"torch.take_along_dim(): dtype of indices should be Long but got {indices.DType.TorchName}");
        if (Dim is not { } d) return self.Reshape([-1]).Gather(0, indices.Reshape([-1]));
        if (self.Dim != indices.Dim)
            throw AutogradException.Shape($"torch.take_along_dim(): input and indices should have the same number of dimensions, but got {self.Dim} dimensions for input, and {indices.Dim} dimensions for indices");
        int dim = Part.WrapDimOfNonScalar(d, self.Dim);
        var shape = Shape.Broadcast(self.Shape.With(dim, 1), indices.Shape.With(dim, 1));
        return self.Expand(Dims.Of(shape.With(dim, self.Shape[dim]))).Gather(dim, indices.Expand(Dims.Of(shape.With(dim, indices.Shape[dim]))));
    }
}
