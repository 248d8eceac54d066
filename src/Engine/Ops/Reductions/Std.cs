namespace AutogradService.Engine.Ops;

/// <summary>Standard deviation of all elements, corrected by 1 if unbiased, else by 0.</summary>
[Op("std(self, unbiased)")]
public sealed partial record Std(bool Unbiased = true) : CompositeOp, IOp<Std>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Std>((op, x) => NdArray.Build(Shape.Scalar, i => Math.Sqrt(Deviation.Define(x[0], null, Deviation.Correction(op.Unbiased), false)[i])));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Std(), s.Any(3, 4)), Sample.Of(new Std(false), s.Any(5))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => workspace.Apply(new StdCorrection(null, Deviation.Correction(Unbiased)), x[0]);
}
