using Xunit;

namespace AutogradService.Engine.Tests.Ops;

/// <summary>NaN and the infinities, in values and in gradients, as PyTorch has them.</summary>
public sealed class NonFiniteTests : IDisposable
{
    private const double Inf = double.PositiveInfinity;
    private const double NaN = double.NaN;

    private readonly Workspace _ws = new();

    public static TheoryData<DType> Singles => [DType.Float32, DType.Float64];

    public void Dispose() => _ws.Dispose();

    [Theory, MemberData(nameof(Singles))]
    public void A_nan_is_the_extreme_of_any_reduction(DType dtype)
    {
        Tensor x = Of(dtype, 1, NaN, 3, NaN), plain = Of(dtype, 1, Inf, -Inf, 2);
        foreach (var extreme in (Tensor[])[x.Max(), x.Min(), x.Amax(), x.Amin(), x.Max(0).Values, x.Min(0).Values, x.Median(), x.Median(0).Values, x.Aminmax().Min, x.Aminmax().Max])
            Assert.Equal(NaN, extreme.Item());
        foreach (var index in (Tensor[])[x.Max(0).Indices, x.Min(0).Indices, x.Argmax(), x.Argmin(), x.Median(0).Indices])
            Assert.Equal(1, index.Item());
        Assert.Equal((Inf, -Inf), (plain.Max().Item(), plain.Min().Item()));
        Assert.Equal((1, 2), (plain.Argmax().Item(), plain.Argmin().Item()));
        Assert.Equal(1, plain.Median().Item());
        // Wide rows take the vector path.
        var wide = new double[1001];
        wide[777] = NaN;
        Assert.Equal(NaN, Of(dtype, wide).Max().Item());
        Assert.Equal(NaN, Of(dtype, wide).Amin([0]).Item());
        Assert.Equal((NaN, 777), (Of(dtype, wide).Max(0).Values.Item(), Of(dtype, wide).Max(0).Indices.Item()));
    }

    [Theory, MemberData(nameof(Singles))]
    public void The_gradient_of_an_extreme_goes_to_the_nans(DType dtype)
    {
        Gives(dtype, x => x.Max(), [NaN, 1, NaN], [0.5, 0, 0.5]);
        Gives(dtype, x => x.Min(), [NaN, 1, NaN], [0.5, 0, 0.5]);
        Gives(dtype, x => x.Median(), [1, NaN, 3], [0, 1, 0]);
        Gives(dtype, x => x.Max(0).Values, [1, NaN, NaN], [0, 1, 0]);
        Gives(dtype, x => x.Min(0).Values, [1, NaN, NaN], [0, 1, 0]);
        Gives(dtype, x => x.Amax(), [1, NaN, 3], [NaN, NaN, NaN]);
        Gives(dtype, x => x.Amin([0]), [1, NaN, 3], [NaN, NaN, NaN]);
        Gives(dtype, x => x.Max(), [Inf, 1, Inf], [0.5, 0, 0.5]);
        Gives(dtype, x => x.Amin(), [-Inf, 1, -Inf], [0.5, 0, 0.5]);
    }

    [Theory, MemberData(nameof(Singles))]
    public void Of_two_operands_a_nan_wins_except_in_fmax_and_fmin(DType dtype)
    {
        Tensor a = Of(dtype, NaN, 1, NaN, Inf), b = Of(dtype, 1, NaN, NaN, -Inf);
        Assert.Equal([NaN, NaN, NaN, Inf], a.Maximum(b).ToDoubles());
        Assert.Equal([NaN, NaN, NaN, -Inf], a.Minimum(b).ToDoubles());
        Assert.Equal([1, 1, NaN, Inf], a.Fmax(b).ToDoubles());
        Assert.Equal([1, 1, NaN, -Inf], a.Fmin(b).ToDoubles());
        Gives(dtype, (x, y) => x.Fmin(y), [NaN, 1], [1, NaN], [0, 1], [1, 0]);
        Gives(dtype, (x, y) => x.Minimum(y), [NaN, 1], [1, NaN], [1, 1], [1, 1]);
        Gives(dtype, (x, y) => x.Maximum(y), [Inf, -Inf], [Inf, 0], [0.5, 0], [0.5, 1]);
    }

    [Theory, MemberData(nameof(Singles))]
    public void Clamps_and_rectifiers_let_a_nan_through(DType dtype)
    {
        var x = Of(dtype, NaN, Inf, -Inf);
        Assert.Equal([NaN, 1, 0], x.Clamp(0.0, 1.0).ToDoubles());
        Assert.Equal([NaN, Inf, 0], x.ClampMin(0.0).ToDoubles());
        Assert.Equal([NaN, 0, -Inf], x.ClampMax(0.0).ToDoubles());
        Assert.Equal([NaN, NaN, NaN], Of(dtype, 0, Inf, NaN).Clamp(min: Of(dtype, NaN, NaN, NaN)).ToDoubles());
        Assert.Equal([NaN, Inf, 0], x.Relu().ToDoubles());
        Assert.Equal([NaN, 6, 0], x.Relu6().ToDoubles());
        Assert.Equal([NaN, 1, -1], x.Hardtanh().ToDoubles());
        Assert.Equal([NaN, Inf, -Inf], x.LeakyRelu().ToDoubles());
        Assert.Equal([NaN, Inf, -1], x.Elu().ToDoubles());
        Assert.Equal([NaN, Inf, -1], x.Celu().ToDoubles());
        Assert.Equal([NaN, Inf, -5], x.Threshold(0.0, -5.0).ToDoubles());
        Assert.Equal([NaN, Inf, -Inf], x.Hardshrink().ToDoubles());
        Assert.Equal([NaN, Inf, -Inf], x.Softshrink().ToDoubles());
        Assert.Equal([NaN, 1, 0], x.Hardsigmoid().ToDoubles());
        Gives(dtype, t => t.Relu(), [NaN, Inf, -Inf], [1, 1, 0]);
        Gives(dtype, t => t.Threshold(0.0, 0.0), [NaN, Inf, -Inf], [1, 1, 0]);
        Gives(dtype, t => t.Clamp(0.0, 1.0), [NaN, Inf, -Inf], [0, 0, 0]);
        Gives(dtype, t => t.ClampMin(0.0), [NaN, Inf, -Inf], [0, 1, 0]);
        Gives(dtype, t => t.Hardtanh(), [Inf, -Inf], [0, 0]);
    }

    [Theory, MemberData(nameof(Singles))]
    public void Orders_take_a_nan_for_the_largest(DType dtype)
    {
        var x = Of(dtype, NaN, 1, -Inf, Inf, NaN);
        Assert.Equal([-Inf, 1, Inf, NaN, NaN], x.Sort().Values.ToDoubles());
        Assert.Equal([2, 1, 3, 0, 4], x.Sort().Indices.ToDoubles());
        Assert.Equal([NaN, NaN, Inf, 1, -Inf], x.Sort(descending: true).Values.ToDoubles());
        Assert.Equal([0, 4, 3, 1, 2], x.Argsort(descending: true).ToDoubles());
        Assert.Equal([NaN, NaN, Inf], x.Topk(3).Values.ToDoubles());
        Assert.Equal([-Inf, 1, Inf], x.Topk(3, largest: false).Values.ToDoubles());
        Assert.Equal(Inf, x.Kthvalue(3).Values.Item());
        Assert.Equal(NaN, x.Kthvalue(4).Values.Item());
        Gives(dtype, t => t.Sort().Values * Of(dtype, 1, 10, 100), [NaN, 2, -Inf], [100, 10, 1]);
        Gives(dtype, t => t.Topk(1).Values, [1, NaN, Inf], [0, 1, 0]);
    }

    [Theory, MemberData(nameof(Singles))]
    public void Scans_carry_a_nan_on(DType dtype)
    {
        var x = Of(dtype, 1, NaN, 3);
        Assert.Equal([1, NaN, NaN], x.Cummax(0).Values.ToDoubles());
        Assert.Equal([0, 1, 1], x.Cummax(0).Indices.ToDoubles());
        Assert.Equal([0, 1, 2], Of(dtype, 1, NaN, NaN).Cummin(0).Indices.ToDoubles());
        Assert.Equal([1, NaN, NaN], x.Cummin(0).Values.ToDoubles());
        Assert.Equal([1, NaN, NaN], x.Cumsum(0).ToDoubles());
        Assert.Equal([1, NaN, NaN], x.Cumprod(0).ToDoubles());
        Assert.Equal([Inf, NaN, NaN], Of(dtype, Inf, -Inf, 1).Cumsum(0).ToDoubles());
        Assert.Equal([-Inf, -Inf, 0], Of(dtype, -Inf, -Inf, 0).Logcumsumexp(0).ToDoubles());
        Assert.Equal([0, Inf, Inf], Of(dtype, 0, Inf, 0).Logcumsumexp(0).ToDoubles());
        Gives(dtype, t => t.Cummax(0).Values, [1, NaN, 3], [1, 2, 0]);
    }

    [Theory, MemberData(nameof(Singles))]
    public void Nothing_compares_with_a_nan(DType dtype)
    {
        Tensor x = Of(dtype, NaN, Inf, -Inf), y = Of(dtype, NaN, Inf, Inf);
        Assert.Equal([0, 1, 0], x.Eq(y).ToDoubles());
        Assert.Equal([1, 0, 1], x.Ne(y).ToDoubles());
        Assert.Equal([0, 0, 1], x.Lt(y).ToDoubles());
        Assert.Equal([0, 1, 1], x.Le(y).ToDoubles());
        Assert.Equal([0, 0, 0], x.Gt(y).ToDoubles());
        Assert.Equal([0, 1, 0], x.Ge(y).ToDoubles());
        Assert.Equal([1, 0, 0], x.Isnan().ToDoubles());
        Assert.Equal([0, 1, 1], x.Isinf().ToDoubles());
        Assert.Equal([0, 0, 0], x.Isfinite().ToDoubles());
        Assert.Equal([0, 1, 0], x.Isposinf().ToDoubles());
        Assert.Equal([0, 0, 1], x.Isneginf().ToDoubles());
        Assert.Equal([0, 1, 0], x.Isclose(y).ToDoubles());
        Assert.Equal([1, 1, 0], x.Isclose(y, equalNan: true).ToDoubles());
        Assert.Equal([1], Of(dtype, NaN).Any().ToDoubles());
        Assert.Equal([1], Of(dtype, NaN).All().ToDoubles());
        Assert.Equal([2], Of(dtype, NaN, 0, 1).CountNonzero().ToDoubles());
    }

    [Theory, MemberData(nameof(Singles))]
    public void Masks_stop_a_gradient_even_if_it_is_nan(DType dtype)
    {
        Tensor mask = _ws.FromArray<bool>([true, false], Shape.Of(2)), bad = Of(dtype, NaN, Inf), good = Of(dtype, 1, NaN);
        Tensor x = Of(dtype, 1, 2).SetRequiresGrad(), y = Of(dtype, 3, 4).SetRequiresGrad();
        Assert.Equal([0, Inf], Gradient(x.MaskedFill(mask, 0.0), x, bad));
        Assert.Equal([NaN, 0], Gradient(mask.Where(x, y), x, bad));
        Assert.Equal([0, NaN], Gradient(mask.Where(x, y), y, good));
        Assert.Equal([0, 0], Gradient(x.MaskedFill(_ws.FromArray<bool>([true, true], Shape.Of(2)), 0.0), x, bad));
        Assert.Equal([7, 2], Of(dtype, NaN, 2).MaskedFill(mask, 7.0).ToDoubles());
        Assert.Equal([NaN, 4], mask.Where(bad, y).ToDoubles());
    }

    [Theory, MemberData(nameof(Singles))]
    public void Norms(DType dtype)
    {
        foreach (double p in (double[])[0.5, 1, 2, 3, Inf, -Inf])
            Assert.Equal(NaN, Of(dtype, NaN, 1).Norm(p).Item());
        foreach (double p in (double[])[0.5, 1, 2, 3, Inf])
            Assert.Equal(Inf, Of(dtype, -Inf, 1).Norm(p).Item());
        Assert.Equal(1, Of(dtype, -Inf, 1).Norm(-Inf).Item());
        Assert.Equal(2, Of(dtype, NaN, 0, 1).Norm(0).Item());
        Gives(dtype, x => x.Norm(), [Inf, 1], [NaN, 0]);
        Gives(dtype, x => x.Norm(), [0, 0], [0, 0]);
        Gives(dtype, x => x.Norm(1), [Inf, 1], [1, 1]);
        Gives(dtype, x => x.Norm(Inf), [Inf, 1], [1, 0]);
    }

    [Theory, MemberData(nameof(Singles))]
    public void Softmax_and_logsumexp(DType dtype)
    {
        Assert.Equal([NaN, NaN], Of(dtype, NaN, 1).Softmax(0).ToDoubles());
        Assert.Equal([NaN, NaN], Of(dtype, Inf, 1).Softmax(0).ToDoubles());
        Assert.Equal([0, 1], Of(dtype, -Inf, 0).Softmax(0).ToDoubles());
        Assert.Equal([NaN, NaN], Of(dtype, -Inf, -Inf).Softmax(0).ToDoubles());
        Assert.Equal([-Inf, 0], Of(dtype, -Inf, 0).LogSoftmax(0).ToDoubles());
        Assert.Equal([NaN, NaN], Of(dtype, -Inf, -Inf).LogSoftmax(0).ToDoubles());
        Assert.Equal(NaN, Of(dtype, NaN, 1).Logsumexp([0]).Item());
        Assert.Equal(-Inf, Of(dtype, -Inf, -Inf).Logsumexp([0]).Item());
        Assert.Equal(Inf, Of(dtype, Inf, -Inf).Logsumexp([0]).Item());
        Gives(dtype, x => x.LogSoftmax(0), [-Inf, 0], [1, -1]);
        Gives(dtype, x => x.Logsumexp([0]), [-Inf, 0], [0, 1]);
        Gives(dtype, x => x.CrossEntropy(_ws.FromArray<long>([1], Shape.Of(1))), [-Inf, 0], [0, 0], Shape.Of(1, 2));
        Assert.Equal(Inf, Of(dtype, -Inf, 0).View([1, 2]).CrossEntropy(_ws.FromArray<long>([0], Shape.Of(1))).Item());
    }

    [Theory, MemberData(nameof(Singles))]
    public void Powers(DType dtype)
    {
        Tensor bases = Of(dtype, NaN, 1, Inf, -Inf, -Inf, 0, -0.0, -8, 0.5), exponents = Of(dtype, 0, NaN, -1, 3, 2, -1, -1, 0.5, Inf);
        Assert.Equal([1, 1, 0, -Inf, Inf, Inf, -Inf, NaN, 0], bases.Pow(exponents).ToDoubles());
        Assert.Equal([1, 1], Of(dtype, NaN, Inf).Pow(0).ToDoubles());
        Assert.Equal([NaN, Inf], Of(dtype, NaN, -Inf).Pow(2).ToDoubles());
        Assert.Equal([NaN, Inf, 0], Of(dtype, NaN, Inf, -Inf).PowScalar(2).ToDoubles());
        Gives(dtype, x => x.Pow(0), [NaN, Inf], [0, 0]);
        Gives(dtype, x => x.Pow(2), [NaN, -Inf], [NaN, -Inf]);
        Gives(dtype, (x, n) => x.Pow(n), [0, 0, -2], [0, 2, 2], [0, 0, -4], [0, 0, NaN]);
    }

    [Theory, MemberData(nameof(Singles))]
    public void Sums_and_moments(DType dtype)
    {
        Assert.Equal(NaN, Of(dtype, Inf, -Inf).Sum().Item());
        Assert.Equal(Inf, Of(dtype, Inf, 1).Mean().Item());
        Assert.Equal(NaN, Of(dtype, 0, Inf).Prod().Item());
        Assert.Equal(NaN, Of(dtype, Inf, 1).Std(unbiased: true).Item());
        Assert.Equal(Inf, Of(dtype, NaN, Inf).Nansum().Item());
        Assert.Equal(0, Of(dtype, NaN, NaN).Nansum().Item());
        Assert.Equal(NaN, Of(dtype, NaN, NaN).Nanmean().Item());
        Gives(dtype, x => x.Nansum(), [NaN, Inf, 1], [0, 1, 1]);
        Gives(dtype, x => x.Prod(), [0, Inf], [Inf, 0]);
        Gives(dtype, x => x.Prod(), [2, NaN], [NaN, 2]);
    }

    [Theory, MemberData(nameof(Singles))]
    public void Functions_saturate_at_the_infinities(DType dtype)
    {
        Saturates(dtype, x => x.Exp(), [Inf, 0], [Inf, 0]);
        Saturates(dtype, x => x.Expm1(), [Inf, -1], [Inf, 0]);
        Saturates(dtype, x => x.Tanh(), [1, -1], [0, 0]);
        Saturates(dtype, x => x.Sigmoid(), [1, 0], [0, 0]);
        Saturates(dtype, x => x.Softplus(), [Inf, 0], [1, 0]);
        Saturates(dtype, x => x.Logsigmoid(), [0, -Inf], [0, 1]);
        Saturates(dtype, x => x.Erf(), [1, -1], [0, 0]);
        Saturates(dtype, x => x.Erfc(), [0, 2], [0, 0]);
        Saturates(dtype, x => x.Atan(), [Math.Atan(Inf), Math.Atan(-Inf)], [0, 0]);
        Saturates(dtype, x => x.Sinh(), [Inf, -Inf], [Inf, Inf]);
        Saturates(dtype, x => x.Cosh(), [Inf, Inf], [Inf, -Inf]);
        Saturates(dtype, x => x.Log(), [Inf, NaN], [0, -0.0]);
        Saturates(dtype, x => x.Log1p(), [Inf, NaN], [0, -0.0]);
        Saturates(dtype, x => x.Sqrt(), [Inf, NaN], [0, NaN]);
        Saturates(dtype, x => x.Sin(), [NaN, NaN], [NaN, NaN]);
        Saturates(dtype, x => x.Reciprocal(), [0, -0.0], [-0.0, -0.0]);
        Saturates(dtype, x => x.Floor(), [Inf, -Inf], [0, 0]);
        Saturates(dtype, x => x.Round(), [Inf, -Inf], [0, 0]);
        Saturates(dtype, x => x.Frac(), [NaN, NaN], [1, 1]);
        Saturates(dtype, x => x.Abs(), [Inf, Inf], [1, -1]);
        Saturates(dtype, x => x.Softsign(), [NaN, NaN], null);
        // A product of an infinity and a zero, which PyTorch does not look for.
        Saturates(dtype, x => x.Gelu(), [Inf, NaN], null);
        Saturates(dtype, x => x.Silu(), [Inf, NaN], null);
        Saturates(dtype, x => x.Mish(), [Inf, NaN], null);
        Saturates(dtype, x => x.Hardswish(), [Inf, NaN], [1, 0]);
    }

    [Theory, MemberData(nameof(Singles))]
    public void Quotients_and_remainders(DType dtype)
    {
        Tensor a = Of(dtype, Inf, 1, -1, 0, NaN), b = Of(dtype, 2, Inf, Inf, 0, 1);
        Assert.Equal([NaN, 1, -1, NaN, NaN], a.Fmod(b).ToDoubles());
        Assert.Equal([NaN, 1, Inf, NaN, NaN], a.Remainder(b).ToDoubles());
        Assert.Equal([Inf, 0, -0.0, NaN, NaN], (a / b).ToDoubles());
        Assert.Equal([NaN, 0, -1, NaN, NaN], Of(dtype, Inf, 1, -1, 0, NaN).Div(b, "floor").ToDoubles());
        Assert.Equal([Inf, -Inf], (Of(dtype, 1, -1) / 0).ToDoubles());
    }

    [Theory, MemberData(nameof(Singles))]
    public void Functions_of_two_operands(DType dtype)
    {
        Assert.Equal([-Inf, Inf, NaN, 1], Of(dtype, -Inf, Inf, NaN, -Inf).Logaddexp(Of(dtype, -Inf, Inf, 0, 1)).ToDoubles());
        Assert.Equal([NaN, 0, 0, -Inf], Of(dtype, 0, 0, 0, 1).Xlogy(Of(dtype, NaN, 0, Inf, 0)).ToDoubles());
        Assert.Equal([Inf, Inf], Of(dtype, Inf, -Inf).Hypot(Of(dtype, NaN, 1)).ToDoubles());
        Assert.Equal(Math.PI / 4, Of(dtype, Inf).Atan2(Of(dtype, Inf)).Item(), 1e-6);
        Assert.Equal([NaN, NaN], Of(dtype, NaN, 1).Atan2(Of(dtype, 1, NaN)).ToDoubles());
        Assert.Equal([Inf, -Inf], Of(dtype, -Inf, Inf).Copysign(Of(dtype, 1, -1)).ToDoubles());
        Assert.Equal([0, -7, 9], Of(dtype, NaN, -Inf, Inf).NanToNum(0, 9, -7).ToDoubles());
        Gives(dtype, (x, y) => x * y, [0, Inf], [Inf, 0], [Inf, 0], [0, Inf]);
    }

    [Theory, MemberData(nameof(Singles))]
    public void Dropout_multiplies_what_it_drops(DType dtype)
    {
        Assert.Equal([NaN, NaN, 0], Of(dtype, NaN, Inf, 1).Dropout(1).ToDoubles());
        Assert.Equal(NaN, Of(dtype, NaN).Dropout().Item());
    }

    private Tensor Of(DType dtype, params double[] values) => _ws.FromArray<double>(values, Shape.Of(values.Length), dtype);

    private double[] Gradient(Tensor y, Tensor x, Tensor arriving) => _ws.Gradients([y], [x], [arriving])[0]!.ToDoubles();

    /// <summary>The gradient of the sum of f, compared exactly; the gradient that arrives is ones.</summary>
    private void Gives(DType dtype, Func<Tensor, Tensor> f, double[] at, double[] gradient, Shape? shape = null)
    {
        var x = _ws.FromArray<double>(at, shape ?? Shape.Of(at.Length), dtype).SetRequiresGrad();
        var y = f(x);
        Assert.Equal(gradient, _ws.Gradients([y], [x], [y.OnesLike()])[0]!.ToDoubles());
    }

    private void Gives(DType dtype, Func<Tensor, Tensor, Tensor> f, double[] a, double[] b, double[] ofA, double[] ofB)
    {
        Tensor x = Of(dtype, a).SetRequiresGrad(), y = Of(dtype, b).SetRequiresGrad();
        var z = f(x, y);
        var gradients = _ws.Gradients([z], [x, y], [z.OnesLike()]);
        Assert.Equal(ofA, gradients[0]!.ToDoubles());
        Assert.Equal(ofB, gradients[1]!.ToDoubles());
    }

    /// <summary>f and its derivative at the two infinities; NaN gives NaN.</summary>
    private void Saturates(DType dtype, Func<Tensor, Tensor> f, double[] values, double[]? gradient)
    {
        var y = f(Of(dtype, Inf, -Inf, NaN)).ToDoubles();
        for (int i = 0; i < 2; i++) Assert.Equal(values[i], y[i], 1e-6);
        Assert.Equal(NaN, y[2]);
        if (gradient is not null) Gives(dtype, f, [Inf, -Inf], gradient);
    }
}
