namespace AutogradService.Engine.Ops;

/// <summary>Whether each element is among the test elements (is not, if invert).</summary>
[Op("isin(self~, test_elements~, assume_unique, invert)")]
public sealed partial record Isin(bool AssumeUnique = false, bool Invert = false) : CompositeOp, IOp<Isin>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Isin>((op, x) => NdArray.Build(x[0].Shape, i => x[1].Values.Contains(x[0][i]) != op.Invert ? 1 : 0));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Isin(), s.Values(Shape.Of(2, 3), 1, 2, 3, 4, 5, 6), s.Values(Shape.Of(2, 1), 5, 2)),
        Sample.Of(new Isin(false, true), s.Values(Shape.Of(3), 1, 2, 1), s.Number(2L)),
        Sample.Of(new Isin(), s.Any(3), s.Any(0)),
    ];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        using var mode = workspace.NoGrad();
        if (x[0].IsWrappedNumber && x[1].IsWrappedNumber) throw AutogradException.NumbersOnly("isin", x[0], x[1]);
        if (x[1].Numel == 0) return workspace.RawFull(x[0].Shape, Invert, DType.Bool);
        var dtype = DTypes.ResultType([x[0], x[1]]);
        Tensor elements = x[0].To(dtype), sorted = x[1].To(dtype).Flatten().Sort().Values;
        var nearest = sorted.Searchsorted(elements).Clamp(null, (Scalar)(sorted.Numel - 1));
        var found = sorted.Gather(0, nearest.Flatten()).Reshape(Dims.Of(elements.Shape)).Eq(elements);
        return Invert ? found.LogicalNot() : found;
    }
}
