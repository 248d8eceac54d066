using Xunit;

namespace AutogradService.Engine.Tests.Ops;

public sealed class ComparisonTests : PointwiseCase
{
    [Fact]
    public void Comparisons_give_truth_values_without_history()
    {
        var x = Leaf(1, NaN, 3);
        var y = x.Ge(2);
        Assert.Equal(DType.Bool, y.DType);
        Assert.False(y.RequiresGrad);
        Assert.Equal([false, false, true], y.ToArray<bool>());
        Assert.Equal([true, false], Integers(3, 2).Gt(2.5).ToArray<bool>());
        Assert.Equal([true, true], Truths(true, false).Eq(Integers(1, 0)).ToArray<bool>());
    }

    [Fact]
    public void Ties_of_maximum_share_and_of_fmax_go_to_self()
    {
        var (a, b) = Gradients((x, y) => x.Maximum(y), [1, 2, 3], [1, 3, 2]);
        Assert.Equal([0.5, 0, 1], a);
        Assert.Equal([0.5, 1, 0], b);
        (a, b) = Gradients((x, y) => x.Minimum(y), [1, 2, 3], [1, 3, 2]);
        Assert.Equal([0.5, 1, 0], a);
        Assert.Equal([0.5, 0, 1], b);
        (a, b) = Gradients((x, y) => x.Fmax(y), [1, NaN, 2, 3], [1, 3, NaN, 4]);
        Assert.Equal([1, 0, 1, 0], a);
        Assert.Equal([0, 1, 0, 1], b);
        (a, b) = Gradients((x, y) => x.Fmin(y), [1, NaN, 2, 3], [1, 3, NaN, 4]);
        Assert.Equal([1, 0, 1, 1], a);
        Assert.Equal([0, 1, 0, 0], b);
    }

    [Fact]
    public void Not_a_number_wins_maximum_and_loses_fmax()
    {
        Assert.Equal([NaN, NaN], Vector(NaN, 1).Maximum(Vector(1, NaN)).ToDoubles());
        Assert.Equal([NaN, NaN], Vector(NaN, 1).Minimum(Vector(1, NaN)).ToDoubles());
        Assert.Equal([1, 1, NaN], Vector(NaN, 1, NaN).Fmax(Vector(1, NaN, NaN)).ToDoubles());
        Assert.Equal([1, 1, NaN], Vector(NaN, 1, NaN).Fmin(Vector(1, NaN, NaN)).ToDoubles());
    }

    [Fact]
    public void Clamp_passes_the_gradient_at_its_bounds_but_not_at_nan()
    {
        Assert.Equal([1, 1, 0, 0], Gradient(x => x.Clamp(0, 1), 0, 1, -1, 2));
        Assert.Equal([0], Gradient(x => x.Clamp(0, 1), NaN));
        Assert.Equal([NaN], Vector(NaN).Clamp(0, 1).ToDoubles());
        Assert.Equal([1], Gradient(x => x.ClampMin(0), 0));
        Assert.Equal([1], Gradient(x => x.ClampMax(0), 0));
        Assert.Equal([3, 3], Vector(1, 9).Clamp(5, 3).ToDoubles());
        Assert.Equal("ClampBackward1", Recorded(x => x.Clamp(0)));
        Assert.Equal("ClampBackward0", Recorded(x => x.Clamp(x)));
        Assert.Equal("ClampMinBackward0", Recorded(x => x.ClampMin(0)));
        Assert.Equal("ClampMinBackward1", Recorded(x => x.ClampMin(x)));
        Assert.Equal("torch.clamp: At least one of 'min' or 'max' must not be None", Assert.Throws<AutogradException>(() => Vector(1).Clamp()).Message);
    }

    [Fact]
    public void Clamp_promotes_as_its_bounds_do()
    {
        Assert.Equal(DType.Int64, Integers(1).Clamp(0, 2).DType);
        Assert.Equal(DType.Float32, Integers(1).Clamp(0.5).DType);
        Assert.Equal(DType.Float32, Floats(1).Clamp(0.5).DType);
        Assert.Equal(DType.Float64, Floats(1).Clamp(Vector(0.5)).DType);
    }

    [Fact]
    public void Where_masks_with_zeros_and_does_not_stop_nan_of_the_other_branch()
    {
        var x = Leaf(0, 4);
        var y = x.Gt(0).Where(x.Sqrt(), 0);
        Assert.Equal([NaN, 0.25], Ws.Gradients([y.Sum()], [x])[0]!.ToDoubles());
        Assert.Equal([0, 1], Gradient(t => t.Gt(0).Where(t, Inf), 0, 4));
        Assert.Equal("WhereBackward0", y.GradFn!.Name);
        Assert.Equal(DType.Float32, Truths(true).Where(Integers(1), 0.5).DType);
        Assert.Equal("where expected condition to be a boolean tensor, but got a tensor with dtype Double", Assert.Throws<AutogradException>(() => Vector(1).Where(1, 2)).Message);
    }

    [Fact]
    public void Masked_fill_takes_a_number_or_a_0d_tensor()
    {
        var mask = Truths(false, true);
        Assert.Equal([1, 0], Gradient(x => x.MaskedFill(mask, Inf), 1, 0));
        var value = Ws.FromArray<double>([7], Shape.Scalar).SetRequiresGrad();
        var filled = Vector(1, 2).MaskedFill(mask, value);
        Assert.Equal([1, 7], filled.ToDoubles());
        Assert.Equal([1], Ws.Gradients([filled.Sum()], [value])[0]!.ToDoubles());
        Assert.Equal("MaskedFillBackward0", Recorded(x => x.MaskedFill(mask, 1)));
        Assert.Equal("MaskedFillBackward1", filled.GradFn!.Name);
        Assert.Equal("masked_fill_ only supports a 0-dimensional value tensor, but got tensor with 1 dimension(s).", Assert.Throws<AutogradException>(() => Vector(1, 2).MaskedFill(mask, Vector(1))).Message);
        Assert.Equal(ErrorReason.DtypeUnsupported, Assert.Throws<AutogradException>(() => Vector(1).MaskedFill(Vector(1), 1)).Reason);
    }

    [Fact]
    public void Truth_and_bits()
    {
        Assert.Equal([true, false, false], Vector(NaN, 0, 1).LogicalAnd(Vector(1, 1, 0)).ToArray<bool>());
        Assert.Equal([false, true], Vector(NaN, 0).LogicalNot().ToArray<bool>());
        Assert.Equal([false, true, false], Vector(1, Inf, NaN).Isinf().ToArray<bool>());
        Assert.Equal([true, true], Integers(0, 1).Isfinite().ToArray<bool>());
        Assert.Equal([-2, 4], Integers(1, -5).BitwiseNot().ToArray<long>());
        Assert.Equal([false, true], Truths(true, false).BitwiseNot().ToArray<bool>());
        Assert.Equal("\"bitwise_and_cpu\" not implemented for 'Float'", Assert.Throws<AutogradException>(() => Floats(1).BitwiseAnd(Floats(1))).Message);
    }

    [Fact]
    public void Closeness_is_relative_to_other()
    {
        Assert.Equal([true, false, true, false], Vector(1, 1, Inf, NaN).Isclose(Vector(1 + 1e-6, 1.1, Inf, NaN)).ToArray<bool>());
        Assert.Equal([true], Vector(NaN).Isclose(Vector(NaN), equalNan: true).ToArray<bool>());
        Assert.Equal("Float did not match Double", Assert.Throws<AutogradException>(() => Floats(1).Isclose(Vector(1))).Message);
        Assert.False(Leaf(1).Isclose(Leaf(1)).RequiresGrad);
    }

    [Fact]
    public void Heaviside_is_recorded_and_has_no_derivative()
    {
        var y = Leaf(1).Heaviside(Vector(0.5));
        Assert.Equal("derivative for aten::heaviside is not implemented", Assert.Throws<AutogradException>(() => Ws.Backward([y])).Message);
    }
}
