namespace AutogradService.Engine.Ops;

/// <summary>Randomised leaky ReLU: self where positive, else self times a slope, in training drawn from [lower, upper) for each element, otherwise the middle of the two.</summary>
/// <remarks>Xu et al., "Empirical Evaluation of Rectified Activations in Convolutional Network", 2015.</remarks>
[Op("rrelu(self, lower, upper, training)", InPlace = true)]
public sealed partial record Rrelu(double Lower = 1.0 / 8, double Upper = 1.0 / 3, bool Training = false) : CompositeOp, IOp<Rrelu>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Map<Rrelu>((op, x) => x > 0 ? x : x * (op.Lower + op.Upper) / 2);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat ? [Sample.Of(new Rrelu(), s.Any(3, 4)), Sample.Of(new Rrelu(0.1, 0.5), s.Strided(3, 5)), Sample.Of(new Rrelu(), s.Any(0))] : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        Check();
        return Training ? x[0].Mul(Slopes(x[0])) : x[0].LeakyRelu((Lower + Upper) / 2);
    }

    internal override Tensor ComposeInPlace(Workspace workspace, Inputs x)
    {
        Check();
        return x[0].MulInPlace(Training ? Slopes(x[0]) : x[0].Detach().Gt(0L).Where(x[0].Detach().OnesLike(), (Lower + Upper) / 2));
    }

    private void Check()
    {
        if (!(Lower <= Upper)) throw AutogradException.Attribute("Lower bound should be less than or equal to the upper bound");
    }

    private Tensor Slopes(Tensor x) => x.Detach().Gt(0L).Where(x.Detach().OnesLike(), x.Detach().Uniform(Lower, Upper));
}
