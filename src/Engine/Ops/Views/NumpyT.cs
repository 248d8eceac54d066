namespace AutogradService.Engine.Ops;

/// <summary>A view with all dims in reverse order (Tensor.T).</summary>
[Op("numpy_T(self)", Page = "torch.Tensor.T")]
public sealed partial record NumpyT : CompositeOp, IOp<NumpyT>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<NumpyT>((_, x) =>
    {
        var sizes = x[0].Shape.Sizes.ToArray();
        Array.Reverse(sizes);
        return NdArray.Build(Shape.Of(sizes), i =>
        {
            Array.Reverse(i);
            return x[0][i];
        });
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new NumpyT(), s.Any(2, 3, 4)), Sample.Of(new NumpyT(), s.Any()), Sample.Of(new NumpyT(), s.Any(0, 3))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        var order = new long[x[0].Dim];
        for (int d = 0; d < order.Length; d++) order[d] = order.Length - 1 - d;
        return x[0].Permute(Dims.Create(order));
    }
}
