namespace AutogradService.Engine.Ops;

/// <summary>Self times a power of two: self * 2^other.</summary>
[Op("ldexp(self, other)", InPlace = true)]
public sealed partial record Ldexp : CompositeOp, IOp<Ldexp>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Map((a, b) => a * Math.Pow(2, b));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Ldexp(), s.Any(3, 4), s.Any(3, 4)), Sample.Of(new Ldexp(), s.Strided(3, 5), s.Index(4, 5)), Sample.Of(new Ldexp(), s.Any(0, 3), s.Any(3))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].Mul(Power(x[1]));

    internal override Tensor ComposeInPlace(Workspace workspace, Inputs x) => x[0].MulInPlace(Power(x[1]));

    private static Tensor Power(Tensor exponent) => (exponent.DType.IsFloatingPoint ? exponent : exponent.To(DTypes.DefaultFloat)).Exp2();
}
