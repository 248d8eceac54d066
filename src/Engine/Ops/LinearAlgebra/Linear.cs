namespace AutogradService.Engine.Ops;

/// <summary>A linear layer: input weight^T + bias, over the last dim of the input.</summary>
[Op("linear(input, weight, bias?)", Page = "torch.nn.functional.linear")]
public sealed partial record Linear : CompositeOp, IOp<Linear>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Linear>((_, x) =>
    {
        var w = x[1];
        if (w.Shape.Rank == 2) w = NdArray.Build(Shape.Of(w.Shape[1], w.Shape[0]), i => x[1][i[1], i[0]]);
        var product = MatrixProduct.Define(x[0], w);
        return x.Length < 3 || x[2] is null ? product : NdArray.Build(product.Shape, i => product[i] + x[2].Broadcast(i));
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Linear(), s.Any(3, 4), s.Any(5, 4), s.Any(5)),
        Sample.Of(new Linear(), s.Any(2, 3, 4), s.Any(5, 4), s.Any(5)),
        Sample.Of(new Linear(), s.Any(2, 3, 4), s.Any(5, 4), null),
        Sample.Of(new Linear(), s.Any(4), s.Any(5, 4), s.Any(5)),
        Sample.Of(new Linear(), s.Any(4), s.Any(4), null),
        Sample.Of(new Linear(), s.Any(3, 2, 4).Transpose(0, 1), s.Any(5, 4), s.Any(5)),
        Sample.Of(new Linear(), s.Any(0, 4), s.Any(5, 4), s.Any(5)),
    ];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        Tensor input = x[0], weight = x[1];
        var bias = x.Optional(2);
        if (input.Dim == 0 || weight.Dim == 0)
            throw AutogradException.Shape($"both arguments to linear need to be at least 1D, but they are {input.Dim}D and {weight.Dim}D");
        if (bias is not null && input.Dim == 2) return bias.Addmm(input, weight.T());
        if (bias is not null && input.IsContiguous)
        {
            var outer = input.Shape.Sizes[..^1];
            return bias.Addmm(input.Reshape([Shape.Of(outer).Numel, input.Shape[-1]]), weight.T()).View(Dims.Create([.. outer, weight.Shape[0]]));
        }
        var output = input.Matmul(weight.T());
        return bias is null ? output : output.AddInPlace(bias);
    }
}
