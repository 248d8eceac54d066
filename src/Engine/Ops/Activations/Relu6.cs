namespace AutogradService.Engine.Ops;

/// <summary>Rectified linear unit up to 6: min(max(x, 0), 6).</summary>
[Op("relu6(self)", InPlace = true)]
public sealed partial record Relu6 : CompositeOp, IOp<Relu6>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => Math.Min(Math.Max(x, 0), 6));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Relu6(), s.Any(3, 4)), Sample.Of(new Relu6(), s.Any()), Sample.Of(new Relu6(), s.Strided(3, 5)), Sample.Of(new Relu6(), s.Any(0))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => workspace.Apply(new Hardtanh(0L, 6L), x[0]);

    internal override Tensor ComposeInPlace(Workspace workspace, Inputs x) => workspace.ApplyInPlace(new Hardtanh(0L, 6L), x[0]);
}
