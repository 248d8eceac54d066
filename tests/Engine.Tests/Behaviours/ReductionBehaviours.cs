namespace AutogradService.Engine.Tests.Behaviours;

/// <summary>[gradient, value] of reductions, scans and orderings at ties, zeros and infinities.</summary>
public sealed class ReductionBehaviours : BehaviourGroup
{
    [Behaviour("sub.max_full_tie")]
    public object Max_of_all_shares() => Derivative(x => x.Max(), 1, 3, 3, 3);

    [Behaviour("sub.amax_tie")]
    public object Amax_shares() => Derivative(x => x.Amax([0]), 1, 3, 3);

    [Behaviour("sub.max_dim_tie")]
    public object Max_along_a_dim_takes_the_first() => Derivative(x => x.Max(0).Values, 1, 3, 3);

    [Behaviour("sub.min_full_tie")]
    public object Min_of_all_shares() => Derivative(x => x.Min(), 1, 1, 3);

    [Behaviour("sub.min_dim_tie")]
    public object Min_along_a_dim_takes_the_first() => Derivative(x => x.Min(0).Values, 1, 1, 3);

    [Behaviour("sub.amin_tie")]
    public object Amin_shares() => Derivative(x => x.Amin([0]), 1, 1, 3);

    [Behaviour("sub.median_full_tie")]
    public object Median_of_all_shares() => Derivative(x => x.Median(), 2, 2, 2);

    [Behaviour("sub.median_dim_tie")]
    public object Median_along_a_dim_takes_one() => Derivative(x => x.Median(0).Values, 2, 2, 2);

    [Behaviour("sub.median_even")]
    public object Median_of_an_even_number_is_the_lower() => Derivative(x => x.Median(), 4, 3, 1, 2);

    [Behaviour("sub.kthvalue_tie")]
    public object Kthvalue_takes_one() => Derivative(x => x.Kthvalue(2).Values, 2, 2, 2);

    [Behaviour("sub.sort_tie_w")]
    public object Sort_is_stable() => Derivative(x => x.Sort().Values * Plain(1, 10, 100), 1, 1, 0);

    [Behaviour("sub.sort_desc_tie_w")]
    public object Sort_descending_is_stable() => Derivative(x => x.Sort(descending: true).Values * Plain(1, 10, 100), 1, 1, 0);

    [Behaviour("sub.topk_tie")]
    public object Topk_takes_the_first() => Derivative(x => x.Topk(1).Values, 1, 1, 1);

    [Behaviour("sub.cummax_tie")]
    public object Cummax_gives_each_position_its_own() => Derivative(x => x.Cummax(0).Values, 1, 1, 1);

    [Behaviour("sub.cummin_tie")]
    public object Cummin_gives_each_position_its_own() => Derivative(x => x.Cummin(0).Values, 1, 1, 1);

    [Behaviour("sub.norm@0")]
    public object Norm_at_zero() => Derivative(x => x.Norm(), 0, 0);

    [Behaviour("sub.norm1@0")]
    public object Norm_1_with_a_zero() => Derivative(x => x.Norm(1), 0, 2);

    [Behaviour("sub.norminf_tie")]
    public object Norm_inf_shares() => Derivative(x => x.Norm(Inf), 2, -2);

    [Behaviour("sub.norm.5@0")]
    public object Norm_half_with_a_zero() => Derivative(x => x.Norm(0.5), 0, 1);

    [Behaviour("sub.prod_one_zero")]
    public object Product_with_a_zero() => Derivative(x => x.Prod(), 0, 2, 3);

    [Behaviour("sub.prod_two_zero")]
    public object Product_with_two_zeros() => Derivative(x => x.Prod(), 0, 0, 3);

    [Behaviour("sub.cumprod_zero")]
    public object Running_product_through_a_zero() => Derivative(x => x.Cumprod(0), 2, 0, 3);

    [Behaviour("sub.var_one")]
    public object Variance_of_one_element() => Derivative(x => x.Var(unbiased: true), 1);

    [Behaviour("sub.std_const")]
    public object Deviation_of_equal_elements() => Derivative(x => x.Std(unbiased: true), 1, 1);

    [Behaviour("sub.var_unb")]
    public object Variance() => Derivative(x => x.Var(unbiased: true), 1, 2, 4);

    [Behaviour("sub.logsumexp_-inf")]
    public object Logsumexp_of_minus_infinities() => Derivative(x => x.Logsumexp([0]), -Inf, -Inf);

    [Behaviour("sub.logsumexp_inf")]
    public object Logsumexp_with_an_infinity() => Derivative(x => x.Logsumexp([0]), Inf, 0);

    [Behaviour("sub.softmax_-inf")]
    public object Softmax_with_a_minus_infinity() => Derivative(x => x.Softmax(0).Select(0, 0), -Inf, 0);

    [Behaviour("sub.softmax_all_-inf")]
    public object Softmax_of_minus_infinities() => Derivative(x => x.Softmax(0).Select(0, 0), -Inf, -Inf);

    [Behaviour("sub.nansum")]
    public object Nansum() => Derivative(x => x.Nansum(), NaN, 1);

    [Behaviour("sub.nanmean")]
    public object Nanmean() => Derivative(x => x.Nanmean(), NaN, 1, 2);

    [Behaviour("sub.amax_nan")]
    public object Amax_with_a_nan() => Derivative(x => x.Amax([0]), NaN, 1);

    [Behaviour("sub.max_pool_tie")]
    public object Max_pooling_takes_the_first() => Derivative(x => x.View([1, 1, 2]).MaxPool1d([2]), 1, 1);

    [Behaviour("sub.max_pool_nan")]
    public object Max_pooling_with_a_nan() => Derivative(x => x.View([1, 1, 2]).MaxPool1d([2]), NaN, 1);

    [Behaviour("sub.nanmedian")]
    public object Nanmedian() => Derivative(x => x.Nanmedian(), NaN, 4, 3);

    [Behaviour("sub.mode_tie")]
    public object Mode_takes_the_last() => Derivative(x => x.Mode().Values, 2, 2, 1);

    [Behaviour("sub.quantile")]
    public object Quantile_between_two() => Derivative(x => x.Quantile(0.5), 1, 2, 4, 8);

    [Behaviour("sub.renorm")]
    public object Renorm() => Derivative(x => x.Unsqueeze(0).Renorm(2, 0, 1).Squeeze(0), 3, 4);

    [Behaviour("sub.unique")]
    public object Unique() => Derivative(x => x.Unique().Output, 1, 2, 1);
}
