using Xunit;

namespace AutogradService.Engine.Tests.Ops;

public sealed class LinearAlgebraTests
{
    private readonly Workspace _ws = new();

    [Theory]
    [InlineData(new long[] { 2, 3 }, new long[] { 4, 5 }, "mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)")]
    [InlineData(new long[] { 3 }, new long[] { 4 }, "inconsistent tensor size, expected tensor [3] and src [4] to have the same number of elements, but got 3 and 4 elements respectively")]
    [InlineData(new long[] { 2, 3 }, new long[] { 4 }, "size mismatch, got input (2), mat (2x3), vec (4)")]
    [InlineData(new long[] { }, new long[] { }, "both arguments to matmul need to be at least 1D, but they are 0D and 0D")]
    [InlineData(new long[] { 2, 3, 4 }, new long[] { 3, 4, 5 }, "The size of tensor a (2) must match the size of tensor b (3) at non-singleton dimension 0")]
    [InlineData(new long[] { 2, 3, 4 }, new long[] { 2, 3, 5 }, "Expected size for first two dimensions of batch2 tensor to be: [2, 4] but got: [2, 3].")]
    public void Matmul_refuses_what_does_not_fit(long[] a, long[] b, string message) =>
        Assert.Equal(message, Assert.Throws<AutogradException>(() => Zeros(a).Matmul(Zeros(b))).Message);

    [Fact]
    public void Matrices_of_two_dtypes_are_refused()
    {
        var single = _ws.FromArray<float>([1, 2, 3, 4], Shape.Of(2, 2));
        Assert.Equal("expected m1 and m2 to have the same dtype, but got: float != double", Assert.Throws<AutogradException>(() => single.Matmul(Zeros(2, 2))).Message);
        var half = _ws.FromArray<float>([1, 2], Shape.Of(2), DType.Float16);
        Assert.Equal("dot : expected both vectors to have same dtype, but found Double and Half", Assert.Throws<AutogradException>(() => Zeros(2).Dot(half)).Message);
    }

    [Theory]
    [InlineData(new long[] { 2, 3 }, new long[] { 3, 4 }, "MmBackward0")]
    [InlineData(new long[] { 2, 3 }, new long[] { 3 }, "MvBackward0")]
    [InlineData(new long[] { 3 }, new long[] { 3 }, "DotBackward0")]
    [InlineData(new long[] { 3 }, new long[] { 3, 4 }, "SqueezeBackward4")]
    [InlineData(new long[] { 2, 3, 4 }, new long[] { 2, 4, 5 }, "UnsafeViewBackward0")]
    [InlineData(new long[] { 2, 3, 4 }, new long[] { 4, 5 }, "UnsafeViewBackward0")]
    public void Matmul_records_the_product_of_its_ranks(long[] a, long[] b, string name) =>
        Assert.Equal(name, Zeros(a).SetRequiresGrad().Matmul(Zeros(b).SetRequiresGrad()).GradFn!.Name);

    [Fact]
    public void Linear_is_one_addmm_where_a_bias_meets_a_matrix()
    {
        Tensor w = Zeros(5, 4).SetRequiresGrad(), b = Zeros(5);
        Assert.Equal("AddmmBackward0", Zeros(3, 4).Linear(w, b).GradFn!.Name);
        Assert.Equal("MmBackward0", Zeros(3, 4).Linear(w).GradFn!.Name);
        Assert.Equal("ViewBackward0", Zeros(2, 3, 4).Linear(w, b).GradFn!.Name);
    }

    [Fact]
    public void With_beta_zero_the_addend_is_not_read()
    {
        var nan = _ws.FromArray<double>([double.NaN, double.NaN], Shape.Of(2));
        Assert.Equal([0, 0, 0, 0], nan.Addmm(Zeros(2, 3), Zeros(3, 2), beta: 0L).ToDoubles());
    }

    [Fact]
    public void Integers_multiply_and_wrap()
    {
        var a = _ws.FromArray<sbyte>([100, 2], Shape.Of(1, 2));
        var b = _ws.FromArray<sbyte>([2, 3], Shape.Of(2, 1));
        Assert.Equal([-50], a.Matmul(b).ToDoubles());
        Assert.Equal(DType.Int8, a.Matmul(b).DType);
    }

    [Fact]
    public void A_matrix_is_saved_only_for_the_others_gradient()
    {
        Tensor x = Zeros(2, 3), w = Zeros(3, 2).SetRequiresGrad();
        var y = x.Mm(w);
        using (_ws.NoGrad()) w.AddInPlace(1);
        _ws.Backward([y.Sum()]);
        Assert.Equal(6, w.Grad!.Numel);
    }

    private Tensor Zeros(params long[] sizes) => _ws.FromArray<double>(new double[Shape.Of(sizes).Numel], Shape.Of(sizes));
}
