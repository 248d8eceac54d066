namespace AutogradService.Engine.Ops;

/// <summary>A view without the dims of size 1.</summary>
[Op("squeeze(self)", InPlace = true)]
public sealed partial record Squeeze : ViewOp, IOp<Squeeze>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Squeeze>((_, x) => new NdArray(Shape.Of(x[0].Shape.Sizes.ToArray().Where(s => s != 1).ToArray()), x[0].Values));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Squeeze(), s.Any(1, 3, 1, 2)), Sample.Of(new Squeeze(), s.Any(2, 3)), Sample.Of(new Squeeze(), s.Any()), Sample.Of(new Squeeze(), s.Any(1, 0))];

    private protected override string InPlaceGradFnName => "SqueezeBackward3";

    /// <inheritdoc/>
    public override ViewSpec Geometry(Tensor x)
    {
        var all = new bool[x.Dim];
        Array.Fill(all, true);
        return Without(x, all);
    }

    // g with the dims put back
    /// <inheritdoc/>
    public override Tensor Vjp(Tensor grad, Saved saved) => grad.Reshape(Dims.Of(saved.Shape(0)));

    /// <summary>The geometry without those of the named dims that have size 1.</summary>
    internal static ViewSpec Without(Tensor x, ReadOnlySpan<bool> named)
    {
        var sizes = new List<long>();
        var strides = new List<long>();
        for (int d = 0; d < x.Dim; d++)
        {
            if (named[d] && x.Shape[d] == 1) continue;
            sizes.Add(x.Shape[d]);
            strides.Add(x.Strides[d]);
        }
        return new(Shape.Of([.. sizes]), [.. strides], x.Offset);
    }
}
