using System.Runtime.InteropServices;

namespace AutogradService.Client.Tests;

/// <summary>Literal outputs of PyTorch 2.</summary>
public sealed class PrinterTests
{
    [Fact]
    public void Matrix_of_floats() =>
        Assert.Equal("tensor([[1.0000, 2.5000],\n        [3.0000, 4.0000]])", Print<float>(DType.Float32, [2, 2], 1, 2.5f, 3, 4));

    [Fact]
    public void Floats_that_are_all_integers() => Assert.Equal("tensor([ 1., -2.,  3.])", Print<float>(DType.Float32, [3], 1, -2, 3));

    [Fact]
    public void Scalar() => Assert.Equal("tensor(3.1416)", Print<float>(DType.Float32, [], 3.14159274f));

    [Fact]
    public void Scalar_that_is_an_integer() => Assert.Equal("tensor(2.)", Print<float>(DType.Float32, [], 2));

    [Fact]
    public void Requires_grad() => Assert.Equal("tensor([1., 2.], requires_grad=True)", Print(DType.Float32, [2], true, null, 1f, 2f));

    [Fact]
    public void Grad_fn_wins_over_requires_grad() => Assert.Equal("tensor(3., grad_fn=<AddBackward0>)", Print(DType.Float32, [], true, "AddBackward0", 3f));

    [Fact]
    public void Grad_fn_without_its_namespace() => Assert.Equal("tensor([1.], grad_fn=<CopyBackwards>)", Print(DType.Float32, [1], true, "torch::autograd::CopyBackwards", 1f));

    [Fact]
    public void Other_dtypes_are_named() => Assert.Equal("tensor([1., 2.], dtype=torch.float64)", Print<double>(DType.Float64, [2], 1, 2));

    [Fact]
    public void Integers_are_aligned() => Assert.Equal("tensor([  1, -20, 300])", Print<long>(DType.Int64, [3], 1, -20, 300));

    [Fact]
    public void Truth_values() => Assert.Equal("tensor([ True, False])", Print<byte>(DType.Bool, [2], 1, 0));

    [Fact]
    public void Small_integers_are_named() => Assert.Equal("tensor([1, 2], dtype=torch.int32)", Print<int>(DType.Int32, [2], 1, 2));

    [Fact]
    public void Scientific_when_the_range_is_wide() => Assert.Equal("tensor([1.0000e+00, 1.0000e+04])", Print<float>(DType.Float32, [2], 1, 10000));

    [Fact]
    public void Scientific_when_small() => Assert.Equal("tensor([1.0000e-05, 2.0000e-05])", Print<float>(DType.Float32, [2], 1e-5f, 2e-5f));

    [Fact]
    public void Scientific_when_large() => Assert.Equal("tensor([2.0000e+09])", Print<float>(DType.Float32, [1], 2e9f));

    [Fact]
    public void Not_finite() => Assert.Equal("tensor([1.5000,    inf,   -inf,    nan])", Print<float>(DType.Float32, [4], 1.5f, float.PositiveInfinity, float.NegativeInfinity, float.NaN));

    [Fact]
    public void Not_finite_among_integers() => Assert.Equal("tensor([1., inf, nan])", Print<float>(DType.Float32, [3], 1, float.PositiveInfinity, float.NaN));

    [Fact]
    public void Zeros() => Assert.Equal("tensor([0., 0.])", Print<float>(DType.Float32, [2], 0, 0));

    [Fact]
    public void Negative_zero() => Assert.Equal("tensor([-0., 1.])", Print<float>(DType.Float32, [2], -0f, 1));

    [Fact]
    public void Half_way_rounds_to_even() => Assert.Equal("tensor([0.0312, 0.0938])", Print<float>(DType.Float32, [2], 0.03125f, 0.09375f));

    [Fact]
    public void Empty() => Assert.Equal("tensor([])", Print<float>(DType.Float32, [0]));

    [Fact]
    public void Empty_with_a_shape() => Assert.Equal("tensor([], size=(0, 3))", Print<float>(DType.Float32, [0, 3]));

    [Fact]
    public void Empty_integers() => Assert.Equal("tensor([], dtype=torch.int64)", Print<long>(DType.Int64, [0]));

    [Fact]
    public void Three_dimensions() => Assert.Equal(
        "tensor([[[1., 2.],\n         [3., 4.]],\n\n        [[5., 6.],\n         [7., 8.]]])", Print<float>(DType.Float32, [2, 2, 2], 1, 2, 3, 4, 5, 6, 7, 8));

    [Fact]
    public void Long_lines_are_broken() => Assert.Equal(
        "tensor([ 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15, 16, 17,\n        18, 19])",
        Print(DType.Int64, [20], [.. Enumerable.Range(0, 20).Select(i => (long)i)]));

    [Fact]
    public void More_than_a_thousand_are_summarised() => Assert.Equal(
        "tensor([   0,    1,    2,  ..., 1998, 1999, 2000])", Print(DType.Int64, [2001], [.. Enumerable.Range(0, 2001).Select(i => (long)i)]));

    [Fact]
    public void Summarised_matrix() => Assert.Equal(
        "tensor([[   0,    1,    2,  ...,   97,   98,   99],\n        [ 100,  101,  102,  ...,  197,  198,  199],\n        [ 200,  201,  202,  ...,  297,  298,  299],\n        ...,\n        [1700, 1701, 1702,  ..., 1797, 1798, 1799],\n        [1800, 1801, 1802,  ..., 1897, 1898, 1899],\n        [1900, 1901, 1902,  ..., 1997, 1998, 1999]])",
        Print(DType.Int64, [20, 100], [.. Enumerable.Range(0, 2000).Select(i => (long)i)]));

    [Fact]
    public void Half_precision() => Assert.Equal("tensor([1.5000, 2.0000], dtype=torch.float16)", Print(DType.Float16, [2], (Half)1.5f, (Half)2f));

    [Fact]
    public void A_suffix_that_does_not_fit_goes_to_the_next_line() => Assert.Equal(
        "tensor([0.1000, 0.1000, 0.1000, 0.1000, 0.1000, 0.1000, 0.1000, 0.1000],\n       requires_grad=True)", Print(DType.Float32, [8], true, null, [.. Enumerable.Repeat(0.1f, 8)]));

    private static string Print<T>(DType dtype, long[] shape, params T[] values) where T : unmanaged => Print(dtype, shape, false, null, values);

    private static string Print<T>(DType dtype, long[] shape, bool requiresGrad, string? gradFn, params T[] values) where T : unmanaged =>
        TensorPrinter.Print(MemoryMarshal.AsBytes(values.AsSpan()), dtype, shape, requiresGrad, gradFn);
}
