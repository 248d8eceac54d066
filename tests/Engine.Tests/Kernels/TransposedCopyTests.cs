using AutogradService.Engine.Tests.Autograd;
using Xunit;

namespace AutogradService.Engine.Tests.Kernels;

/// <summary>Copies of transposed matrices, in every size of block and remainder, dtype and batch.</summary>
public sealed class TransposedCopyTests : AutogradTest
{
    public static TheoryData<long, long, long> Sizes => new() { { 1, 4, 4 }, { 1, 8, 8 }, { 1, 7, 9 }, { 1, 33, 40 }, { 1, 64, 5 }, { 3, 31, 17 }, { 2, 300, 301 } };

    [Theory, MemberData(nameof(Sizes))]
    public void A_transposed_copy_has_every_element_where_it_belongs(long batch, long rows, long columns)
    {
        foreach (var dtype in (DType[])[DType.Float32, DType.Float64, DType.Int32, DType.Int64, DType.Int16, DType.Bool])
        {
            var values = Ws.Arange((double)(batch * rows * columns), DType.Float64).To(dtype).View([batch, columns, rows]);
            var view = values.Transpose(1, 2);
            var copy = view.Clone("contiguous_format");
            Assert.True(copy.IsContiguous);
            double[] from = values.ToDoubles(), to = copy.ToDoubles();
            for (long b = 0; b < batch; b++)
                for (long i = 0; i < rows; i++)
                    for (long j = 0; j < columns; j++)
                        if (from[(b * columns + j) * rows + i] != to[(b * rows + i) * columns + j]) Assert.Fail($"{dtype.Name}: element {b}, {i}, {j}");
        }
    }

    [Fact]
    public void A_weights_gradient_comes_in_the_weights_layout_and_is_nobody_elses()
    {
        var w = Ws.Rand([6, 5], DType.Float64).SetRequiresGrad();
        var x = Ws.Rand([4, 5], DType.Float64);
        Backward(x.Linear(w, Ws.Rand([6], DType.Float64)).Sum());
        Assert.True(w.Grad!.IsContiguous);
        Assert.False(w.Grad.IsView);
        Assert.Equal(w.Grad.ByteLength, w.Grad.StorageBytes);
        double[] columns = x.Sum([0]).ToDoubles(), g = GradOf(w);
        for (int i = 0; i < g.Length; i++) Assert.Equal(columns[i % 5], g[i], 12);
    }
}
