namespace AutogradService.Engine.Tests.Behaviours;

/// <summary>The gradients of functions of two tensors where they have no derivative, or an infinite one.</summary>
public sealed class BinaryBehaviours : BehaviourGroup
{
    [Behaviour("bin.maximum_tie")]
    public object Maximum_at_a_tie() => Derivatives((a, b) => a.Maximum(b), [1, 2], [1, 1]);

    [Behaviour("bin.minimum_tie")]
    public object Minimum_at_a_tie() => Derivatives((a, b) => a.Minimum(b), 1, 1);

    [Behaviour("bin.fmax_tie")]
    public object Fmax_at_a_tie() => Derivatives((a, b) => a.Fmax(b), 1, 1);

    [Behaviour("bin.fmax_nan")]
    public object Fmax_with_a_nan() => Derivatives((a, b) => a.Fmax(b), NaN, 1);

    [Behaviour("bin.maximum_nan")]
    public object Maximum_with_a_nan() => Derivatives((a, b) => a.Maximum(b), NaN, 1);

    [Behaviour("bin.clamp_tensor_tie")]
    public object Clamp_at_a_bound_that_is_a_tensor() => Derivatives((a, b) => a.Clamp(min: b), 1, 1);

    [Behaviour("bin.clamp_tensor_both")]
    public object Clamp_between_tensors() => Derivatives((a, b) => a.Clamp(b, b + 1), 1, 1);

    [Behaviour("bin.clamp_min>max")]
    public object Clamp_between_crossed_bounds() => Derivatives((a, b) => a.Clamp(b + 1, b), 1, 1);

    [Behaviour("bin.pow00")]
    public object Zero_to_the_zeroth() => Derivatives((a, b) => a.Pow(b), 0, 0);

    [Behaviour("bin.pow0_2")]
    public object Zero_squared() => Derivatives((a, b) => a.Pow(b), 0, 2);

    [Behaviour("bin.pow_neg_frac")]
    public object A_broken_power_of_a_negative_number() => Derivatives((a, b) => a.Pow(b), -2, 0.5);

    [Behaviour("bin.pow_neg_int")]
    public object A_whole_power_of_a_negative_number() => Derivatives((a, b) => a.Pow(b), -2, 3);

    [Behaviour("bin.atan2_00")]
    public object Atan2_at_the_origin() => Derivatives((a, b) => a.Atan2(b), 0, 0);

    [Behaviour("bin.hypot00")]
    public object Hypot_at_the_origin() => Derivatives((a, b) => a.Hypot(b), 0, 0);

    [Behaviour("bin.div0")]
    public object Division_by_zero() => Derivatives((a, b) => a / b, 1, 0);

    [Behaviour("bin.div00")]
    public object Zero_divided_by_zero() => Derivatives((a, b) => a / b, 0, 0);

    [Behaviour("bin.div_floor")]
    public object Division_rounded_down() => Derivatives((a, b) => a.Div(b, "floor"), 5, 2);

    [Behaviour("bin.fmod2")]
    public object Fmod() => Derivatives((a, b) => a.Fmod(b), 5, 2);

    [Behaviour("bin.remainder2")]
    public object Remainder() => Derivatives((a, b) => a.Remainder(b), -5, 2);

    [Behaviour("bin.xlogy00")]
    public object Xlogy_at_the_origin() => Derivatives((a, b) => a.Xlogy(b), 0, 0);

    [Behaviour("bin.logaddexp_tie")]
    public object Logaddexp_at_a_tie() => Derivatives((a, b) => a.Logaddexp(b), 1, 1);

    [Behaviour("bin.logaddexp_inf")]
    public object Logaddexp_of_minus_infinities() => Derivatives((a, b) => a.Logaddexp(b), -Inf, -Inf);

    [Behaviour("bin.copysign0")]
    public object Copysign_at_zero() => Derivatives((a, b) => a.Copysign(b), 0, 1);

    [Behaviour("bin.lerp")]
    public object Lerp() => Derivatives((a, b) => a.Lerp(b, 0.25), 1, 2);

    [Behaviour("bin.where")]
    public object Where() => Derivatives((a, b) => Bools(false).Where(a, b), 1, 2);

    [Behaviour("bin.bcast")]
    public object Operands_that_broadcast() => Derivatives((a, b) => a * b, LeafOf(Shape.Of(2, 1), 1, 2), Leaf(3, 4, 5));

    [Behaviour("bin.cossim0")]
    public object Cosine_similarity_at_zero() => Derivatives((a, b) => a.CosineSimilarity(b, 0), [0, 0], [1, 1]);

    [Behaviour("bin.dist0")]
    public object Dist_of_equal_points() => Derivatives((a, b) => a.Dist(b), [1, 2], [1, 2]);

    [Behaviour("bin.cdist0")]
    public object Cdist_of_equal_points() => Derivatives((a, b) => a.Unsqueeze(0).Cdist(b.Unsqueeze(0)), [1, 2], [1, 2]);
}
