namespace AutogradService.Engine.Ops;

/// <summary>
/// One step of AdamW for one parameter in one pass over memory: p becomes p (1 - lr weight_decay) - lr m' / (sqrt(v') + eps) with bias-corrected running means m' of the gradient (exp_avg) and v' of its square
/// (exp_avg_sq). Counts state_step, of one element; given max_exp_avg_sq, it divides by the largest v so far (amsgrad). Parameter, gradient and state are of one shape and floating dtype.
/// </summary>
/// <remarks>AdamW (Loshchilov and Hutter, "Decoupled Weight Decay Regularization", 2019): weight decay shrinks the parameter itself. In place it rewrites self and its state and gives self; the plain form gives the new values.</remarks>
[Op("_fused_adamw(self&!, grad!, exp_avg&!, exp_avg_sq&!, max_exp_avg_sq&?!, state_step&!, lr~!) -> outputs*", InPlace = true, Page = "torch.optim.AdamW")]
public sealed partial record FusedAdamw(double Beta1 = 0.9, double Beta2 = 0.999, double WeightDecay = 1e-2, double Eps = 1e-8, bool Maximize = false) : AdamStep, IOp<FusedAdamw>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<FusedAdamw>(Define);

    private protected override (double Beta1, double Beta2, double WeightDecay, double Eps, bool Maximize) Settings => (Beta1, Beta2, WeightDecay, Eps, Maximize);

    private protected override bool Decoupled => true;

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => SamplesOf(s, new FusedAdamw(), new FusedAdamw(0.4, 0.5, 0.1, 1e-3, true));
}
