namespace AutogradService.Engine.Tests.Behaviours;

/// <summary>[gradient, value] of functions of one tensor where they have no derivative, or an infinite one.</summary>
public sealed class SubgradientBehaviours : BehaviourGroup
{
    [Behaviour("sub.abs@0")]
    public object Abs_at_zeros_of_both_signs() => Derivative(x => x.Abs(), 0, -0.0);

    [Behaviour("sub.relu@0")]
    public object Relu_at_zero() => Derivative(x => x.Relu(), 0);

    [Behaviour("sub.relu6@0,6")]
    public object Relu6_at_its_bounds() => Derivative(x => x.Relu6(), 0, 6);

    [Behaviour("sub.leaky@0")]
    public object Leaky_relu_at_zero() => Derivative(x => x.LeakyRelu(), 0);

    [Behaviour("sub.elu@0")]
    public object Elu_at_zero() => Derivative(x => x.Elu(), 0);

    [Behaviour("sub.selu@0")]
    public object Selu_at_zero() => Derivative(x => x.Selu(), 0);

    [Behaviour("sub.celu@0")]
    public object Celu_at_zero() => Derivative(x => x.Celu(), 0);

    [Behaviour("sub.hardtanh@-1,1")]
    public object Hardtanh_at_its_bounds() => Derivative(x => x.Hardtanh(), -1, 1);

    [Behaviour("sub.hardsigmoid@-3,3")]
    public object Hardsigmoid_at_its_bounds() => Derivative(x => x.Hardsigmoid(), -3, 3);

    [Behaviour("sub.hardswish@-3,3")]
    public object Hardswish_at_its_bounds() => Derivative(x => x.Hardswish(), -3, 3);

    [Behaviour("sub.hardshrink@.5")]
    public object Hardshrink_at_its_edges() => Derivative(x => x.Hardshrink(), 0.5, -0.5);

    [Behaviour("sub.softshrink@.5")]
    public object Softshrink_at_its_edges() => Derivative(x => x.Softshrink(), 0.5, -0.5);

    [Behaviour("sub.threshold@0")]
    public object Threshold_at_its_edge() => Derivative(x => x.Threshold(0.0, 0.0), 0);

    [Behaviour("sub.clamp@bounds")]
    public object Clamp_at_and_beyond_its_bounds() => Derivative(x => x.Clamp(0.0, 1.0), 0, 1, -1, 2);

    [Behaviour("sub.clamp_min@")]
    public object Clamp_min_at_its_bound() => Derivative(x => x.ClampMin(0.0), 0);

    [Behaviour("sub.clamp_max@")]
    public object Clamp_max_at_its_bound() => Derivative(x => x.ClampMax(0.0), 0);

    [Behaviour("sub.clamp_nan")]
    public object Clamp_of_nan() => Derivative(x => x.Clamp(0.0, 1.0), NaN);

    [Behaviour("sub.sqrt@0")]
    public object Sqrt_at_zero() => Derivative(x => x.Sqrt(), 0);

    [Behaviour("sub.rsqrt@0")]
    public object Rsqrt_at_zero() => Derivative(x => x.Rsqrt(), 0);

    [Behaviour("sub.log@0")]
    public object Log_at_zero() => Derivative(x => x.Log(), 0);

    [Behaviour("sub.log@-1")]
    public object Log_of_a_negative_number() => Derivative(x => x.Log(), -1);

    [Behaviour("sub.log1p@-1")]
    public object Log1p_at_minus_one() => Derivative(x => x.Log1p(), -1);

    [Behaviour("sub.recip@0")]
    public object Reciprocal_at_zero() => Derivative(x => x.Reciprocal(), 0);

    [Behaviour("sub.pow2@0")]
    public object Square_at_zero() => Derivative(x => x.Pow(2), 0);

    [Behaviour("sub.pow0@0")]
    public object Zeroth_power() => Derivative(x => x.Pow(0), 0, 2);

    [Behaviour("sub.pow.5@0")]
    public object Half_power_at_zero() => Derivative(x => x.Pow(0.5), 0);

    [Behaviour("sub.pow1@0")]
    public object First_power_at_zero() => Derivative(x => x.Pow(1), 0);

    [Behaviour("sub.pow-1@0")]
    public object Inverse_power_at_zero() => Derivative(x => x.Pow(-1), 0);

    [Behaviour("sub.pow_neg_base")]
    public object Cube_of_a_negative_number() => Derivative(x => x.Pow(3), -2);

    [Behaviour("sub.0**x")]
    public object Powers_of_zero() => Derivative(x => x.PowScalar(0), 0, 1, -1);

    [Behaviour("sub.sign")]
    public object Sign() => Derivative(x => x.Sign(), 0, 2);

    [Behaviour("sub.floor")]
    public object Floor() => Derivative(x => x.Floor(), 0.5);

    [Behaviour("sub.round")]
    public object Round() => Derivative(x => x.Round(), 0.5);

    [Behaviour("sub.trunc")]
    public object Trunc() => Derivative(x => x.Trunc(), 0.5);

    [Behaviour("sub.frac")]
    public object Frac() => Derivative(x => x.Frac(), 0.5);

    [Behaviour("sub.where_nan_trap")]
    public object Where_the_branch_not_taken_has_an_infinite_derivative() => Derivative(x => x.Gt(0).Where(x.Sqrt(), Zeros(1)), 0);

    [Behaviour("sub.mul_0_inf")]
    public object Zero_times_an_infinite_derivative() => Derivative(x => x.Sqrt() * 0, 0);

    [Behaviour("sub.masked_fill")]
    public object Masked_fill() => Derivative(x => x.MaskedFill(Bools(false, true), 0.0), 1, 2);

    [Behaviour("sub.asin@1")]
    public object Asin_at_one() => Derivative(x => x.Asin(), 1);

    [Behaviour("sub.acosh@1")]
    public object Acosh_at_one() => Derivative(x => x.Acosh(), 1);

    [Behaviour("sub.atanh@1")]
    public object Atanh_at_one() => Derivative(x => x.Atanh(), 1);

    [Behaviour("sub.tan")]
    public object Tan_at_zero() => Derivative(x => x.Tan(), 0);

    [Behaviour("sub.sinc@0")]
    public object Sinc_at_zero() => Derivative(x => x.Sinc(), 0);

    [Behaviour("sub.nan_to_num")]
    public object Nan_to_num() => Derivative(x => x.NanToNum(), NaN, Inf, 1);

    [Behaviour("sub.logit_eps")]
    public object Logit_clamped() => Derivative(x => x.Logit(1e-6), 0, 0.5);

    [Behaviour("sub.softplus_thresh")]
    public object Softplus_at_and_above_its_threshold() => Derivative(x => x.Softplus(), 20, 21);

    [Behaviour("sub.logsigmoid@0")]
    public object Logsigmoid_at_zero() => Derivative(x => x.Logsigmoid(), 0);

    [Behaviour("sub.lgamma")]
    public object Lgamma_at_one() => Derivative(x => x.Lgamma(), 1);

    [Behaviour("sub.xlogy0")]
    public object Xlogy_at_zero() => Derivative(x => x.Xlogy(0.0), 0);

    [Behaviour("sub.bce01")]
    public object Binary_cross_entropy_at_certainty() => Derivative(x => x.BinaryCrossEntropy(Plain(0, 1)), 0, 1);

    [Behaviour("sub.l1loss@0")]
    public object L1_loss_at_its_kink() => Derivative(x => x.L1Loss(Plain(0, 0)), 0, 1);

    [Behaviour("sub.smoothl1@beta")]
    public object Smooth_l1_loss_at_beta() => Derivative(x => x.SmoothL1Loss(Plain(0, 0)), 0, 1);

    [Behaviour("sub.huber@")]
    public object Huber_loss_at_delta() => Derivative(x => x.HuberLoss(Plain(0, 0)), 0, 1);

    [Behaviour("sub.fmod")]
    public object Fmod_at_and_between_multiples() => Derivative(x => x.Fmod(2), 2, -1);

    [Behaviour("sub.remainder")]
    public object Remainder_at_and_between_multiples() => Derivative(x => x.Remainder(2), 2, -1);

    [Behaviour("sub.heaviside")]
    public object Heaviside() => Derivative(x => x.Heaviside(Plain(0.5)), 0);
}
