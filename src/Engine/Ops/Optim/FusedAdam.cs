namespace AutogradService.Engine.Ops;

/// <summary>
/// One step of Adam for one parameter in one pass over memory: p becomes p - lr m' / (sqrt(v') + eps) with bias-corrected running means m' of the gradient (exp_avg) and v' of its square
/// (exp_avg_sq). Counts state_step, of one element; given max_exp_avg_sq, it divides by the largest v so far (amsgrad). Parameter, gradient and state are of one shape and floating dtype.
/// </summary>
/// <remarks>Adam (Kingma and Ba, "Adam: A Method for Stochastic Optimization", 2015): weight decay is added to the gradient. In place it rewrites self and its state and gives self; the plain form gives the new values.</remarks>
[Op("_fused_adam(self&!, grad!, exp_avg&!, exp_avg_sq&!, max_exp_avg_sq&?!, state_step&!, lr~!) -> outputs*", InPlace = true, Page = "torch.optim.Adam")]
public sealed partial record FusedAdam(double Beta1 = 0.9, double Beta2 = 0.999, double WeightDecay = 0, double Eps = 1e-8, bool Maximize = false) : AdamStep, IOp<FusedAdam>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<FusedAdam>(Define);

    private protected override (double Beta1, double Beta2, double WeightDecay, double Eps, bool Maximize) Settings => (Beta1, Beta2, WeightDecay, Eps, Maximize);

    private protected override bool Decoupled => false;

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => SamplesOf(s, new FusedAdam(), new FusedAdam(0.4, 0.5, 0.1, 1e-3, true));
}
