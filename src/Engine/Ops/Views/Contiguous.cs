namespace AutogradService.Engine.Ops;

/// <summary>The tensor itself if its elements lie row-major without gaps, else a copy that does.</summary>
[Op("contiguous(self)", Page = "torch.Tensor.contiguous")]
public sealed partial record Contiguous : CompositeOp, IOp<Contiguous>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => x);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Contiguous(), s.Any(3, 4)), Sample.Of(new Contiguous(), s.Strided(3, 4)), Sample.Of(new Contiguous(), s.Any())];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].IsContiguous ? x[0] : x[0].Clone(Clone.RowMajor);
}
