namespace AutogradService.Engine.Ops;

/// <summary>Logarithm of the multivariate gamma function of dimension p: p (p - 1) / 4 log pi + the sum of lgamma(self - j / 2) over j below p.</summary>
[Op("mvlgamma(self, p)", InPlace = true)]
public sealed partial record Mvlgamma(long P) : ComputeOp, IOp<Mvlgamma>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map<Mvlgamma>((op, x) =>
        op.P * (op.P - 1) / 4.0 * Math.Log(Math.PI) + Enumerable.Range(0, (int)op.P).Sum(j => Kernels.ScalarMath.Lgamma(x - j / 2.0)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Mvlgamma(3), s.Between(1.5, 4, 3, 4)), Sample.Of(new Mvlgamma(1), s.Between(1, 4)), Sample.Of(new Mvlgamma(2), s.Between(1, 4, 0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => P >= 1 ? new(x[0].Shape, x.CommonDType) : throw AutogradException.Attribute("p has to be greater than or equal to 1");

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        using var mode = y.Workspace.NoGrad();
        Kernels.Transfer.Into(Spread(x[0].Alias()).Lgamma().Sum([-1]).Add(P * (P - 1) / 4.0 * Math.Log(Math.PI)), y);
    }

    // The derivative of lgamma is digamma, term by term.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Mul(Spread(saved.Input(0)).Digamma().Sum([-1]));

    private Tensor Spread(Tensor x)
    {
        // The quota is asked before there is anything of that length.
        return x.Unsqueeze(-1).Add(x.Workspace.Arange(P, x.DType).Mul(-0.5));
    }
}
