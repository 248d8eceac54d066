namespace AutogradService.Engine.Tests.Behaviours;

public sealed class NondifferentiableBehaviours : BehaviourGroup
{
    [Behaviour("nd.comparison")]
    public object What_requires_grad_and_what_does_not()
    {
        var x = Leaf(1.5, 2.5);
        return (object?[])[x.Gt(0).RequiresGrad, x.Eq(x).RequiresGrad, x.Sign().RequiresGrad, x.Round().RequiresGrad, x.Argmax().RequiresGrad, x.Isnan().RequiresGrad,
            x.Floor().RequiresGrad, Name(x.Floor()), x.To(DType.Int64).RequiresGrad, x.Sort().Indices.RequiresGrad, x.ZerosLike().RequiresGrad, x.Topk(1).Indices.RequiresGrad,
            x.Argsort().RequiresGrad, Name(x.ZerosLike())];
    }

    [Behaviour("nd.int_path_breaks")]
    public object Through_integers_and_back() => Leaf(1).To(DType.Int64).To(DType.Float64).RequiresGrad;

    [Behaviour("nd.floor_div")]
    public object? Floor_division_is_recorded() => Name(Leaf(5).FloorDivide(2));

    [Behaviour("nd.index_int_grad")]
    public object? Indexing_with_repeats()
    {
        var x = Leaf(1, 2);
        Backward(x.Index(Ints(0, 0, 1)).Sum());
        return x.Grad;
    }

    [Behaviour("nd.not_implemented")]
    public void A_derivative_that_nobody_wrote() => Backward(Leaf(1).Nextafter(Plain(2)));

    [Behaviour("nd.bucketize")]
    public object Bucketize() => Leaf(1.5).Bucketize(Plain(1, 2)).RequiresGrad;
}
