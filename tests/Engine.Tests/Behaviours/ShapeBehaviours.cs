namespace AutogradService.Engine.Tests.Behaviours;

/// <summary>Broadcasting, empty tensors, and what does not fit.</summary>
public sealed class ShapeBehaviours : BehaviourGroup
{
    [Behaviour("bc.sum_to")]
    public object Gradients_of_broadcast_operands()
    {
        Tensor a = Ones(3, 1).SetRequiresGrad(), b = Ones(1, 4).SetRequiresGrad(), c = Number(1).SetRequiresGrad();
        Backward((a + b + c).Sum());
        return (object?[])[a.Grad, b.Grad, c.Grad];
    }

    [Behaviour("bc.zero_size")]
    public object Broadcast_to_nothing()
    {
        var a = Ones(4, 1).SetRequiresGrad();
        var y = a + Zeros(1, 0);
        Backward(y.Sum());
        return (object?[])[y.Shape, a.Grad];
    }

    [Behaviour("bc.mismatch")]
    public object Shapes_that_do_not_broadcast() => Ones(2, 3) + Ones(2, 4);

    [Behaviour("bc.mm_mismatch")]
    public object Matrices_that_do_not_fit() => Ones(2, 3).Mm(Ones(4, 5));

    [Behaviour("bc.sum_empty")]
    public object Sum_product_and_mean_of_nothing() => (Tensor[])[Zeros(0).Sum(), Zeros(0).Prod(), Zeros(0).Mean()];

    [Behaviour("bc.max_empty")]
    public object Max_of_nothing() => Zeros(0).Max();

    [Behaviour("bc.index_oob")]
    public object An_index_out_of_range() => Zeros(2).Index(Ints(3));

    [Behaviour("bc.dim_oob")]
    public object A_dim_out_of_range() => Zeros(2).Sum([3]);

    [Behaviour("bc.reshape_bad")]
    public object Another_number_of_elements() => Zeros(2, 3).Reshape([4, 2]);

    [Behaviour("bc.cat_bad")]
    public object Joining_what_does_not_fit() => Ws.Cat([Ones(2, 3), Ones(2, 4)]);

    [Behaviour("bc.gather_dtype")]
    public object A_gather_index_that_is_not_int64() => Zeros(2).Gather(0, Ints(0).To(DType.Int32));

    [Behaviour("bc.squeeze_non1")]
    public object Squeezing_a_larger_dim() => Zeros(2, 3).Squeeze(0).Shape;

    [Behaviour("bc.expand_bad")]
    public object Expanding_a_larger_dim() => Zeros(2).Expand([3]);

    [Behaviour("bc.nll_target")]
    public object A_class_out_of_range() => Zeros(1, 3).NllLoss(Ints(5));

    [Behaviour("bc.embedding_oob")]
    public object A_row_out_of_range() => Zeros(2, 3).Embedding(Ints(5));

    [Behaviour("bc.inv_singular")]
    public object Inverting_a_singular_matrix() => Zeros(2, 2).LinalgInv();

    [Behaviour("bc.cholesky_bad")]
    public object Factorizing_what_is_not_positive_definite() => (Ws.Eye(2, dtype: DType.Float64) * -1).LinalgCholesky();
}
