using Xunit;

namespace AutogradService.Engine.Tests.Ops;

public sealed class ArithmeticTests : PointwiseCase
{
    [Fact]
    public void Powers_at_zero_have_pytorchs_derivatives()
    {
        Assert.Equal([0], Gradient(x => x.Pow(2), 0));
        Assert.Equal([0], Gradient(x => x.Pow(0), 0));
        Assert.Equal([1], Gradient(x => x.Pow(1), 0));
        Assert.Equal([Inf], Gradient(x => x.Pow(0.5), 0));
        Assert.Equal([-Inf], Gradient(x => x.Pow(-1), 0));
        Assert.Equal([12], Gradient(x => x.Pow(3), -2));
        var (self, exponent) = Gradients((x, n) => x.Pow(n), [0, 0, 2], [0, 2, 0]);
        Assert.Equal([0, 0, 0], self);
        Assert.Equal([0, 0, Math.Log(2)], exponent);
        Assert.Equal([NaN], Gradients((x, n) => x.Pow(n), [-2], [2]).B);
        var zero = Ws.WrappedNumber(0L);
        Assert.Equal([0, 0, -Inf], Gradient(x => zero.Pow(x), 0, 1, -1));
    }

    [Fact]
    public void Powers_are_named_by_what_is_a_number()
    {
        Assert.Equal("PowBackward0", Recorded(x => x.Pow(2)));
        Assert.Equal("PowBackward0", Recorded(x => x.Square()));
        Assert.Equal("PowBackward1", Recorded(x => x.Pow(x)));
        Assert.Equal("PowBackward2", Recorded(x => Ws.WrappedNumber(2L).Pow(x)));
    }

    [Fact]
    public void Powers_of_integers_wrap_and_refuse_negative_exponents()
    {
        Assert.Equal([1, 8, -27, 0], Integers(1, 2, -3, 0).Pow(3).ToArray<long>());
        Assert.Equal([1L << 40], Integers(2).Pow(40).ToArray<long>());
        Assert.Equal([0, 1, -1, 1], Integers(2, 1, -1, -1).Pow(Integers(-1, -5, -3, -2)).ToArray<long>());
        Assert.Equal("Integers to negative integer powers are not allowed.", Assert.Throws<AutogradException>(() => Integers(2).Pow(-1)).Message);
        Assert.Equal(DType.Float32, Integers(2).Pow(0.5).DType);
        Assert.Equal(DType.Int64, Truths(true).Pow(2).DType);
    }

    [Fact]
    public void Power_in_place_takes_either_exponent()
    {
        var x = Leaf(2, 3);
        var y = x * 1;
        y.PowInPlace(2);
        y.PowInPlace(Vector(1, 2));
        Assert.Equal([4, 81], y.ToDoubles());
        Ws.Backward([y.Sum()]);
        Assert.Equal([4, 108], x.Grad!.ToDoubles());
    }

    [Fact]
    public void Quotients_promote_and_round()
    {
        Assert.Equal(DType.Float32, Integers(7).Div(2).DType);
        Assert.Equal(DType.Int64, Integers(7).Div(2, "floor").DType);
        Assert.Equal([-4, 3, 3, -4], Integers(-7, 7, -7, 7).Div(Integers(2, 2, -2, -2), "floor").ToArray<long>());
        Assert.Equal([-3, 3, 3, -3], Integers(-7, 7, -7, 7).Div(Integers(2, 2, -2, -2), "trunc").ToArray<long>());
        Assert.Equal([long.MinValue], Integers(long.MinValue).Div(-1, "floor").ToArray<long>());
        Assert.Equal([-4, Inf, NaN, 9], Vector(-7, 1, 0, 1).Div(Vector(2, 0, 0, 0.1), "floor").ToDoubles());
        Assert.Equal("DivBackward0", Recorded(x => x / 2));
        Assert.Equal("DivBackward2", Recorded(x => x.Div(2, "floor")));
        Assert.Equal([0], Gradient(x => x.Div(2, "trunc"), 5));
        Assert.Equal("div expected rounding_mode to be one of None, 'trunc', or 'floor' but found 'up'", Assert.Throws<AutogradException>(() => Vector(1).Div(2, "up")).Message);
        Assert.Equal("result type Float can't be cast to the desired output type Long", Assert.Throws<AutogradException>(() => Integers(1).DivInPlace(2)).Message);
    }

    [Fact]
    public void Integers_are_not_divided_by_zero()
    {
        Assert.Equal("ZeroDivisionError", Assert.Throws<AutogradException>(() => Integers(1, 2).FloorDivide(Integers(1, 0))).Message);
        Assert.Equal("ZeroDivisionError", Assert.Throws<AutogradException>(() => Integers(1).Remainder(0)).Message);
        Assert.Equal("ZeroDivisionError", Assert.Throws<AutogradException>(() => Integers(1).Fmod(0)).Message);
        Assert.Equal([float.PositiveInfinity], Integers(1).Div(0).ToArray<float>());
    }

    [Fact]
    public void Remainders_take_the_sign_of_divisor_or_dividend()
    {
        Assert.Equal([1, -1, 2, -2], Vector(-5, 5, 5, -5).Remainder(Vector(3, -3, 3, -3)).ToDoubles());
        Assert.Equal([-2, 2, 2, -2], Vector(-5, 5, 5, -5).Fmod(Vector(3, -3, 3, -3)).ToDoubles());
        Assert.Equal([1, -1], Integers(-5, 5).Remainder(Integers(3, -3)).ToArray<long>());
        Assert.Equal([-2, 2], Integers(-5, 5).Fmod(Integers(3, -3)).ToArray<long>());
        Assert.Equal([0], Integers(long.MinValue).Remainder(-1).ToArray<long>());
        Assert.Equal([1, 1], Gradient(x => x.Remainder(2), 4, -3));
        Assert.Equal([-1], Gradients((x, y) => x.Remainder(y), [5], [3]).B);
        Assert.Equal([2], Gradients((x, y) => x.Remainder(y), [-5], [3]).B);
        Assert.Equal([1], Gradients((x, y) => x.Fmod(y), [-5], [3]).B);
    }

    [Fact]
    public void Floor_divide_is_recorded_and_has_no_derivative()
    {
        var x = Leaf(5);
        var y = x.FloorDivide(2);
        Assert.Equal("torch::autograd::NotImplemented", y.GradFn!.Name);
        Assert.Equal(ErrorReason.NotDifferentiable, Assert.Throws<AutogradException>(() => Ws.Backward([y])).Reason);
    }

    [Fact]
    public void Roots_and_reciprocals_at_zero()
    {
        Assert.Equal([Inf], Gradient(x => x.Sqrt(), 0));
        Assert.Equal([-Inf], Gradient(x => x.Rsqrt(), 0));
        Assert.Equal([-Inf], Gradient(x => x.Reciprocal(), 0));
        Assert.Equal([NaN], Vector(-1).Sqrt().ToDoubles());
        Assert.Equal([0, -1, 1], Gradient(x => x.Abs(), 0, -2, 3));
        Assert.Equal([0, 0], Gradient(x => x.Sign(), 0, 2));
        Assert.Equal([0, 1, -1, 0], Vector(NaN, 3, -Inf, 0).Sign().ToDoubles());
    }

    [Fact]
    public void Rounding_is_to_even_and_has_zero_derivative()
    {
        Assert.Equal([0, 2, -0.0, -2, 2], Vector(0.5, 1.5, -0.5, -2.5, 2.4).Round().ToDoubles());
        Assert.Equal([1.23, -120], [Vector(1.234).Round(2).Item(), Vector(-123).Round(-1).Item()]);
        Assert.Equal([double.NaN, double.NaN], [Vector(5).Round(long.MinValue).Item(), Vector(0).Round(long.MaxValue).Item()]);
        Assert.Equal([0], Gradient(x => x.Round(), 0.7));
        Assert.Equal([0], Gradient(x => x.Floor(), 0.7));
        Assert.Equal([0], Gradient(x => x.Ceil(), 0.7));
        Assert.Equal([0], Gradient(x => x.Trunc(), 0.7));
        Assert.Equal([1], Gradient(x => x.Frac(), 0.5));
        Assert.Equal([1, 2], Integers(1, 2).Floor().ToArray<long>());
    }

    [Fact]
    public void Numbers_stand_on_the_left_of_operators()
    {
        var x = Leaf(2, 4);
        Assert.Equal([-1, -3], (1 - x).ToDoubles());
        Assert.Equal([0.5, 0.25], (1 / x).ToDoubles());
        Assert.Equal([3, 5], (1 + x).ToDoubles());
        Assert.Equal([4, 8], (2 * x).ToDoubles());
        Assert.Equal([2, 1], (x % 3).ToDoubles());
        Assert.Equal(DType.Int64, (1 - Integers(3)).DType);
        Assert.Equal("RsubBackward1", (1 - x).GradFn!.Name);
        Assert.Equal("RsubBackward0", x.Rsub(x).GradFn!.Name);
        Assert.Equal("MulBackward0", (1 / x).GradFn!.Name);
    }

    [Fact]
    public void Interpolation_keeps_its_ends_and_its_dtype()
    {
        Assert.Equal([1e30, 3], Vector(1e30, 1).Lerp(Vector(7, 3), Vector(0, 1)).ToDoubles());
        Assert.Equal("LerpBackward0", Recorded(x => x.Lerp(x, 0.5)));
        Assert.Equal("LerpBackward1", Recorded(x => x.Lerp(x, x)));
        Assert.Equal("expected dtype float for `end` but got dtype double", Assert.Throws<AutogradException>(() => Floats(1).Lerp(Vector(1), 0.5)).Message);
        Assert.Equal("expected dtype float for `weight` but got dtype double", Assert.Throws<AutogradException>(() => Floats(1).Lerp(Floats(1), Vector(1))).Message);
    }

    [Fact]
    public void Nan_to_num_replaces_by_the_dtypes_bounds()
    {
        Assert.Equal([0, double.MaxValue, double.MinValue, 1], Vector(NaN, Inf, -Inf, 1).NanToNum().ToDoubles());
        Assert.Equal([65504, -65504], Vector(Inf, -Inf).To(DType.Float16).NanToNum().ToDoubles());
        Assert.Equal([5, 6, 7], Vector(NaN, Inf, -Inf).NanToNum(5, 6, 7).ToDoubles());
        Assert.Equal([0, 0, 1], Gradient(x => x.NanToNum(), NaN, Inf, 1));
        Assert.Equal("NanToNumBackward0", Recorded(x => x.NanToNum()));
    }

    [Fact]
    public void Integer_addcdiv_is_refused() =>
        Assert.StartsWith("Integer division with addcdiv is no longer supported", Assert.Throws<AutogradException>(() => Integers(1).Addcdiv(Integers(1), Integers(1))).Message, StringComparison.Ordinal);
}
