namespace AutogradService.Engine.Ops;

/// <summary>Self-normalizing exponential linear unit: elu with alpha = 1.6733 and scale = 1.0507.</summary>
/// <remarks>Klambauer et al., "Self-Normalizing Neural Networks", 2017.</remarks>
[Op("selu(self)", InPlace = true)]
public sealed partial record Selu : CompositeOp, IOp<Selu>
{
    private const double Alpha = 1.6732632423543772848170429916717, Scale = 1.0507009873554804934193349852946;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => Scale * (x > 0 ? x : Alpha * (Math.Exp(x) - 1)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Selu(), s.Any(3, 4)), Sample.Of(new Selu(), s.Any()), Sample.Of(new Selu(), s.Strided(3, 5)), Sample.Of(new Selu(), s.Any(0))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => workspace.Apply(new Elu(Alpha, Scale), x[0]);

    internal override Tensor ComposeInPlace(Workspace workspace, Inputs x) => workspace.ApplyInPlace(new Elu(Alpha, Scale), x[0]);
}
