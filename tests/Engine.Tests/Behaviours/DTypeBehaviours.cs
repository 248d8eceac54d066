namespace AutogradService.Engine.Tests.Behaviours;

public sealed class DTypeBehaviours : BehaviourGroup
{
    [Behaviour("dtype.int+float_scalar")]
    public object Promotion_of_operands()
    {
        Tensor ints = Ints(1), single = Plain32(1), bools = Bools(true);
        return (DType[])[(ints + 1.5).DType, (single + Plain(1)).DType, (single + Number(1)).DType, (ints / 2).DType, (ints.To(DType.UInt8) + ints.To(DType.Int8)).DType,
            (single.To(DType.Float16) + single.To(DType.BFloat16)).DType, bools.Add(bools).DType, bools.Sum().DType, (ints + bools).DType];
    }

    [Behaviour("dtype.mean_int")]
    public object The_mean_of_integers() => Ints(1, 2).Mean();

    [Behaviour("dtype.grad_dtype_mixed")]
    public object Gradients_of_operands_of_two_dtypes()
    {
        Tensor a = Leaf32(1), b = Leaf(2);
        Backward(a * b);
        return (DType[])[a.Grad!.DType, b.Grad!.DType];
    }

    [Behaviour("dtype.scalar_tensor_grad")]
    public object A_number_that_is_a_tensor()
    {
        var s = Number(2).SetRequiresGrad();
        var y = Plain32(1, 1, 1) * s;
        Backward(y.Sum());
        return (object[])[y.DType, s.Grad!.DType, s.Grad];
    }

    [Behaviour("dtype.matmul_mismatch")]
    public object A_product_of_matrices_of_two_dtypes() => Ws.Ones([2, 2], DType.Float32).Mm(Ones(2, 2));

    [Behaviour("dtype.bool_sub")]
    public object The_difference_of_truth_values() => Bools(true) - Bools(false);

    [Behaviour("dtype.bool_neg")]
    public object The_negative_of_a_truth_value() => -Bools(true);

    [Behaviour("dtype.int_div_zero")]
    public object Integer_division_by_zero() => Ints(1).FloorDivide(Ints(0));

    [Behaviour("dtype.int_pow_neg")]
    public object A_negative_power_of_an_integer() => Ints(2).Pow(-1);

    [Behaviour("dtype.cast_grad")]
    public object The_gradient_through_a_cast()
    {
        var x = Leaf(1);
        Backward(x.To(DType.Float32).Sum());
        return x.Grad!.DType;
    }
}
