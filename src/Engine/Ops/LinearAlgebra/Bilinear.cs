namespace AutogradService.Engine.Ops;

/// <summary>A bilinear form of two inputs for each output feature: y_o = sum of input1_i weight_oij input2_j, plus bias_o. weight is [out, in1, in2].</summary>
[Op("bilinear(input1, input2, weight, bias?)", Page = "torch.nn.functional.bilinear")]
public sealed partial record Bilinear : CompositeOp, IOp<Bilinear>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Bilinear>((_, x) =>
    {
        var weight = x[2].Shape;
        return NdArray.Build(Shape.Of([.. x[0].Shape.Sizes[..^1], weight[0]]), index =>
        {
            long o = index[^1];
            double sum = x[3] is null ? 0 : x[3][o];
            for (long i = 0; i < weight[1]; i++)
                for (long j = 0; j < weight[2]; j++) sum += x[0][[.. index[..^1], i]] * x[2][o, i, j] * x[1][[.. index[..^1], j]];
            return sum;
        });
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ? [Sample.Of(new Bilinear(), s.Any(2, 3), s.Any(2, 4), s.Any(5, 3, 4), s.Any(5)), Sample.Of(new Bilinear(), s.Any(2, 2, 3), s.Any(2, 2, 2), s.Any(1, 3, 2), null), Sample.Of(new Bilinear(), s.Strided(3, 2), s.Strided(3, 2), s.Any(2, 2, 2), null)]
        : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        Tensor first = x[0], second = x[1], weight = x[2];
        if (first.Dim == 0 || second.Dim == 0) throw AutogradException.Shape("bilinear(): inputs must have at least one dimension");
        if (first.Dim != second.Dim) throw AutogradException.Shape($"bilinear(): input dimensions do not match: got {first.Dim} and {second.Dim}");
        for (int d = 0; d < first.Dim - 1; d++)
            if (first.Shape[d] != second.Shape[d]) throw AutogradException.Shape($"bilinear(): input batch dimensions do not match at dim {d}: got {first.Shape[d]} and {second.Shape[d]}");
        if (weight.Dim != 3) throw AutogradException.Shape($"bilinear(): weight must be 3-dimensional, but got {weight.Dim}");
        if (first.Shape[-1] != weight.Shape[1]) throw AutogradException.Shape($"bilinear(): input1 size does not match weight size: got {first.Shape[-1]} but expected {weight.Shape[1]}");
        if (second.Shape[-1] != weight.Shape[2]) throw AutogradException.Shape($"bilinear(): input2 size does not match weight size: got {second.Shape[-1]} but expected {weight.Shape[2]}");
        if (x.Optional(3) is { } b && (b.Dim != 1 || b.Shape[0] != weight.Shape[0])) throw AutogradException.Shape($"bilinear(): bias size does not match weight size: got {b.Shape} but expected {weight.Shape[0]}");
        // input1 weight, [..., out, in2]; then with input2 over in2.
        var rows = first.Reshape([-1, weight.Shape[1]]).Matmul(weight.Permute([1, 0, 2]).Reshape([weight.Shape[1], -1])).Reshape([-1, weight.Shape[0], weight.Shape[2]]);
        var result = rows.Matmul(second.Reshape([-1, weight.Shape[2], 1])).Reshape(Dims.Create([.. first.Shape.Sizes[..^1], weight.Shape[0]]));
        return x.Optional(3) is { } bias ? result.Add(bias) : result;
    }
}
