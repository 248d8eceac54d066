namespace AutogradService.Engine.Ops;

/// <summary>The matrix that has all elements as a diagonal.</summary>
[Op("diagflat(self, offset)")]
public sealed partial record Diagflat(long Offset = 0) : CompositeOp, IOp<Diagflat>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Diagflat>((op, x) => DiagEmbed.Reference.Compute(new DiagEmbed(op.Offset), [new NdArray(Shape.Of(x[0].Shape.Numel), x[0].Values)])[0]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Diagflat(), s.Any(2, 2)), Sample.Of(new Diagflat(-1), s.Any())];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].Contiguous().View([x[0].Numel]).Diag(Offset);
}
