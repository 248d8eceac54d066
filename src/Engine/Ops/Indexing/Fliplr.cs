namespace AutogradService.Engine.Ops;

/// <summary>A copy turned left to right, along dim 1.</summary>
[Op("fliplr(self)")]
public sealed partial record Fliplr : CompositeOp, IOp<Fliplr>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Fliplr>((_, x) => Flip.Reference.Compute(new Flip([1]), x)[0]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Fliplr(), s.Any(3, 4))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].Dim >= 2 ? x[0].Flip([1]) : throw AutogradException.Shape("Input must be >= 2-d.");
}
