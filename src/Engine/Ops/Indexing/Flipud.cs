namespace AutogradService.Engine.Ops;

/// <summary>A copy turned upside down, along dim 0.</summary>
[Op("flipud(self)")]
public sealed partial record Flipud : CompositeOp, IOp<Flipud>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Flipud>((_, x) => Flip.Reference.Compute(new Flip([0]), x)[0]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Flipud(), s.Any(3, 4))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].Dim >= 1 ? x[0].Flip([0]) : throw AutogradException.Shape("Input must be >= 1-d.");
}
