namespace AutogradService.Engine.Ops;

/// <summary>The same memory and version counter without history: no gradient flows through. Not a view in autograd's sense.</summary>
[Op("detach(self!)", Page = "torch.Tensor.detach")]
public sealed partial record Detach : CompositeOp, IOp<Detach>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => x);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Detach(), s.Any(3, 4)), Sample.Of(new Detach(), s.Strided(3, 4)), Sample.Of(new Detach(), s.Any())];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].Alias();
}
