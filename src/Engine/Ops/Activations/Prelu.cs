namespace AutogradService.Engine.Ops;

/// <summary>Parametric rectified linear unit: x where positive, else weight * x, with one weight or one for each channel (dim 1).</summary>
[Op("prelu(self, weight)")]
public sealed partial record Prelu : CompositeOp, IOp<Prelu>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Prelu>((_, x) => NdArray.Build(x[0].Shape, i =>
        x[0][i] > 0 ? x[0][i] : x[0][i] * x[1].Values[x[1].Values.Length == 1 ? 0 : i[1]]));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Prelu(), s.Any(3, 4), s.Any(4)), Sample.Of(new Prelu(), s.Any(2, 3, 4), s.Any(3)), Sample.Of(new Prelu(), s.Strided(3, 5), s.Any(1)), Sample.Of(new Prelu(), s.Any(), s.Any()), Sample.Of(new Prelu(), s.Any(0, 3), s.Any(3))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        Tensor self = x[0], weight = x[1];
        if (self.DType != weight.DType)
            throw new AutogradException(ErrorReason.DtypeUnsupported, $"prelu: Type promoting not supported. Got {self.DType.CName} and {weight.DType.CName}");
        if (weight.Numel != 1)
        {
            if (self.Dim == 0) throw AutogradException.Shape("Not allow zero-dim input tensor.");
            long channels = self.Dim > 1 ? self.Shape[1] : 1;
            if (channels != weight.Numel)
                throw AutogradException.Shape($"Mismatch of parameter numbers and input channel size. Found parameter numbers = {weight.Numel} and channel size = {channels}.");
        }
        if (weight.Dim > 1) throw AutogradException.Shape($"prelu: Expected `weight` to be a scalar or 1D tensor, but got: ndim = {weight.Dim}");
        if (self.Dim != weight.Dim)
        {
            var sizes = new long[self.Dim];
            Array.Fill(sizes, 1);
            if (self.Dim > 1) sizes[1] = weight.Numel;
            weight = weight.Reshape(Dims.Create(sizes));
        }
        return workspace.Apply(new PreluKernel(), self, weight);
    }
}
