using Xunit;

namespace AutogradService.Engine.Tests.Ops;

public sealed class ReductionTests
{
    private readonly Workspace _ws = new();

    private Tensor Leaf(params double[] values) => _ws.FromArray<double>(values, Shape.Of(values.Length)).SetRequiresGrad();

    private double[] Gradient(Tensor x, Tensor y) => _ws.Gradients([y.Sum()], [x])[0]!.ToDoubles();

    [Fact]
    public void Ties_of_a_full_extremum_share_the_gradient()
    {
        Tensor x = Leaf(1, 3, 3, 3);
        Assert.Equal([0, 1 / 3.0, 1 / 3.0, 1 / 3.0], Gradient(x, x.Max()));
        x = Leaf(2, 3, 3);
        Assert.Equal([0, 0.5, 0.5], Gradient(x, x.Amax([0])));
        x = Leaf(1, 1, 2);
        Assert.Equal([0.5, 0.5, 0], Gradient(x, x.Min()));
        Assert.Equal([0.5, 0.5, 0], Gradient(x, x.Amin([0])));
        x = Leaf(2, 2, 2);
        Assert.Equal([1 / 3.0, 1 / 3.0, 1 / 3.0], Gradient(x, x.Median()));
    }

    [Fact]
    public void Along_a_dim_the_first_extremum_takes_it_all()
    {
        Tensor x = Leaf(1, 3, 3);
        var (values, indices) = x.Max(0L);
        Assert.Equal([1], indices.ToDoubles());
        Assert.Equal([0, 1, 0], Gradient(x, values));
        x = Leaf(1, 1, 2);
        Assert.Equal([1, 0, 0], Gradient(x, x.Min(0L).Values));
        x = Leaf(2, 2, 2);
        Assert.Equal([0, 1, 0], Gradient(x, x.Median(0L).Values));
    }

    [Fact]
    public void Nan_is_the_extremum()
    {
        Tensor x = Leaf(1, double.NaN, 2);
        Assert.Equal([double.NaN], x.Max().ToDoubles());
        Assert.Equal([double.NaN], x.Min().ToDoubles());
        Assert.Equal([double.NaN], x.Amax().ToDoubles());
        Assert.Equal([1], x.Argmin().ToDoubles());
        Assert.Equal([double.NaN], x.Median().ToDoubles());
        Assert.Equal([double.NaN, double.NaN, double.NaN], Gradient(x, x.Amax([0])));
        Assert.Equal([0, 1, 0], Gradient(x, x.Max()));
    }

    [Fact]
    public void Of_nothing()
    {
        var none = _ws.FromArray<double>([], Shape.Of(0));
        Assert.Equal([0], none.Sum().ToDoubles());
        Assert.Equal([1], none.Prod().ToDoubles());
        Assert.Equal([double.NaN], none.Mean().ToDoubles());
        Assert.Equal([1], none.All().ToDoubles());
        Assert.Equal([0], none.Any().ToDoubles());
        Assert.Equal("max(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the 'dim' argument.", Assert.Throws<AutogradException>(() => none.Max()).Message);
        Assert.Equal("amax(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim with the 'dim' argument.", Assert.Throws<AutogradException>(() => none.Amax()).Message);
        Assert.Equal("max(): Expected reduction dim 0 to have non-zero size.", Assert.Throws<AutogradException>(() => none.Max(0L)).Message);
    }

    [Fact]
    public void Mean_of_integers_is_refused()
    {
        var x = _ws.FromArray<long>([1, 2], Shape.Of(2));
        Assert.Equal("mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: Long", Assert.Throws<AutogradException>(() => x.Mean()).Message);
        Assert.Equal([1.5], x.Mean(dtype: DType.Float64).ToDoubles());
    }

    [Fact]
    public void Products_with_zeros_have_exact_gradients()
    {
        Tensor x = Leaf(0, 2, 3);
        Assert.Equal([6, 0, 0], Gradient(x, x.Prod()));
        x = Leaf(0, 0, 3);
        Assert.Equal([0, 0, 0], Gradient(x, x.Prod()));
        x = Leaf(2, 0, 3);
        Assert.Equal([1, 8, 0], Gradient(x, x.Cumprod(0)));
    }

    [Fact]
    public void Deviation_at_its_edges()
    {
        Tensor x = Leaf(1, 2, 4);
        Assert.Equal([-4 / 3.0, -1 / 3.0, 5 / 3.0], Gradient(x, x.Var(unbiased: true)), Close);
        x = Leaf(2, 2);
        Assert.Equal([0, 0], Gradient(x, x.Std(unbiased: true)));
        x = Leaf(3);
        Assert.Equal([double.NaN], x.Var(unbiased: true).ToDoubles());
        Assert.Equal([double.NaN], Gradient(x, x.Var(unbiased: true)));
    }

    [Fact]
    public void Norms_at_zero_and_at_ties()
    {
        Tensor x = Leaf(0, 0);
        Assert.Equal([0, 0], Gradient(x, x.Norm()));
        x = Leaf(0, 2);
        Assert.Equal([0, 1], Gradient(x, x.Norm(1L)));
        x = Leaf(2, -2);
        Assert.Equal([0.5, -0.5], Gradient(x, x.Norm(double.PositiveInfinity)));
        x = Leaf(0, 1);
        Assert.Equal([0, 1], Gradient(x, x.Norm(0.5)));
        Assert.Equal("LinalgVectorNormBackward0", x.Norm().GradFn!.Name);
    }

    [Fact]
    public void Log_sums_of_infinities()
    {
        Tensor x = Leaf(double.NegativeInfinity, double.NegativeInfinity);
        Assert.Equal([double.NegativeInfinity], x.Logsumexp([0]).ToDoubles());
        Assert.Equal([double.NaN, double.NaN], Gradient(x, x.Logsumexp([0])));
        x = Leaf(double.PositiveInfinity, 0);
        Assert.Equal([double.PositiveInfinity], x.Logsumexp([0]).ToDoubles());
        Assert.Equal([double.NaN, 0], Gradient(x, x.Logsumexp([0])));
        x = Leaf(-1000, -1000);
        Assert.Equal([-1000 + Math.Log(2)], x.Logsumexp([0]).ToDoubles(), Close);
    }

    [Fact]
    public void Nan_left_out()
    {
        Tensor x = Leaf(double.NaN, 1);
        Assert.Equal([1], x.Nansum().ToDoubles());
        Assert.Equal([0, 1], Gradient(x, x.Nansum()));
        x = Leaf(double.NaN, 1, 2);
        Assert.Equal([1.5], x.Nanmean().ToDoubles());
        Assert.Equal([0, 0.5, 0.5], Gradient(x, x.Nanmean()));
    }

    [Fact]
    public void Integers_add_up_in_int64_and_truth_stays_truth()
    {
        var bytes = _ws.FromArray<byte>([200, 100], Shape.Of(2));
        Assert.Equal(DType.Int64, bytes.Sum().DType);
        Assert.Equal([300], bytes.Sum().ToDoubles());
        Assert.Equal([20000], bytes.Prod().ToDoubles());
        Assert.Equal(DType.UInt8, bytes.All().DType);
        Assert.Equal(DType.Bool, bytes.To(DType.Int32).All().DType);
        Assert.Equal(DType.Int64, bytes.Cumsum(0).DType);
    }

    [Fact]
    public void A_long_float32_sum_is_accurate()
    {
        var values = new float[10_000_000];
        Array.Fill(values, 0.1f);
        double sum = _ws.FromArray<float>(values, Shape.Of(values.Length)).Sum().Item();
        Assert.InRange(sum / (0.1f * (double)values.Length), 1 - 1e-6, 1 + 1e-6);
    }

    [Theory]
    [InlineData(0), InlineData(1), InlineData(2)]
    public void Every_dim_reduces_alike(long dim)
    {
        var values = Enumerable.Range(0, 5 * 70 * 33).Select(i => (double)(i * 7919 % 101)).ToArray();
        var x = _ws.FromArray<double>(values, Shape.Of(5, 70, 33));
        var expected = NdArray.Of(x).Reduce([dim], false, v => v.Sum());
        Assert.Equal(expected.Values, x.Sum([dim]).ToDoubles());
        Assert.Equal(NdArray.Of(x).Reduce([dim], false, v => v.Max()).Values, x.Amax([dim]).ToDoubles());
    }

    private static bool Close(double a, double b) => double.IsNaN(a) && double.IsNaN(b) || Math.Abs(a - b) < 1e-12 * (1 + Math.Abs(a));
}
