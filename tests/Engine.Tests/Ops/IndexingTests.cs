using Xunit;

namespace AutogradService.Engine.Tests.Ops;

/// <summary>Indexing: masks, duplicates, placement of the indexed dims, refusals.</summary>
public sealed class IndexingTests
{
    [Fact]
    public void A_mask_counts_as_the_coordinates_of_what_it_lets_through()
    {
        using var ws = new Workspace();
        var x = ws.Arange(6L, DType.Float64).View([2, 3]);
        var mask = ws.FromArray<bool>([true, false, true, false, true, false], Shape.Of(2, 3));
        Assert.Equal([0.0, 2, 4], x.Index(mask).ToDoubles());
        Assert.Equal([0.0, 2, 4], x.MaskedSelect(mask).ToDoubles());
        var rows = ws.FromArray<bool>([false, true], Shape.Of(2));
        Assert.Equal(Shape.Of(1, 3), x.Index(rows).Shape);
        Assert.Equal([3.0, 4, 5], x.Index(rows).ToDoubles());
        Assert.Equal([1.0, 4], x.Index(null, ws.FromArray<byte>([0, 1, 0], Shape.Of(3))).ToDoubles());
    }

    [Fact]
    public void Indices_apart_come_first_and_indices_together_stay()
    {
        using var ws = new Workspace();
        var x = ws.Zeros([2, 3, 4, 5]);
        var i = ws.Zeros([6], DType.Int64);
        Assert.Equal(Shape.Of(6, 3, 5), x.Index(i, null, i).Shape);
        Assert.Equal(Shape.Of(2, 6, 5), x.Index(null, i, i).Shape);
        Assert.Equal(Shape.Of(2, 6, 4, 5), x.Index(null, i).Shape);
    }

    [Fact]
    public void Duplicates_add_their_gradients()
    {
        using var ws = new Workspace();
        var x = ws.Ones([3], DType.Float64).SetRequiresGrad();
        ws.Backward([x.Index(ws.FromArray<long>([0, 0, 1], Shape.Of(3))).Sum()]);
        Assert.Equal([2.0, 1, 0], x.Grad!.ToDoubles());
        Assert.Equal("IndexBackward0", x.Index(ws.FromArray<long>([0], Shape.Of(1))).GradFn!.Name);
    }

    [Fact]
    public void Of_values_put_to_one_place_the_last_stays_or_all_add_up()
    {
        using var ws = new Workspace();
        var x = ws.Ones([3], DType.Float64).SetRequiresGrad();
        var values = ws.FromArray<double>([10, 20], Shape.Of(2)).SetRequiresGrad();
        var twice = ws.FromArray<long>([0, 0], Shape.Of(2));
        Assert.Equal([20.0, 1, 1], x.IndexPut([twice], values).ToDoubles());
        var y = x.IndexPut([twice], values, accumulate: true);
        Assert.Equal([31.0, 1, 1], y.ToDoubles());
        ws.Backward([y.Sum()]);
        Assert.Equal([1.0, 1, 1], x.Grad!.ToDoubles());
        Assert.Equal([1.0, 1], values.Grad!.ToDoubles());
    }

    [Fact]
    public void Assignment_through_a_view_rewrites_the_base()
    {
        using var ws = new Workspace();
        var x = ws.Ones([3], DType.Float64).SetRequiresGrad();
        var y = x * 1.0;
        y.Slice(0, 1).IndexPutInPlace([ws.FromArray<long>([0], Shape.Of(1))], ws.Full([], 9.0, DType.Float64));
        Assert.Equal([1.0, 9, 1], y.ToDoubles());
        Assert.Equal("torch::autograd::CopySlices", y.GradFn!.Name);
        ws.Backward([y.Sum()]);
        Assert.Equal([1.0, 0, 1], x.Grad!.ToDoubles());
    }

    [Fact]
    public void The_padding_row_of_an_embedding_gets_no_gradient()
    {
        using var ws = new Workspace();
        var weight = ws.Ones([2, 2], DType.Float64).SetRequiresGrad();
        var index = ws.FromArray<long>([0, 1, 1], Shape.Of(3));
        ws.Backward([weight.Embedding(index, paddingIdx: 0).Sum()]);
        Assert.Equal([0.0, 0, 2, 2], weight.Grad!.ToDoubles());
        weight.SetGrad(null);
        ws.Backward([weight.Embedding(index, paddingIdx: -2, scaleGradByFreq: true).Sum()]);
        Assert.Equal([0.0, 0, 1, 1], weight.Grad!.ToDoubles());
    }

    [Fact]
    public void Second_derivatives_go_through_padding_and_frequency()
    {
        using var ws = new Workspace();
        var weight = ws.FromArray<double>([1, 2, 3], Shape.Of(3, 1)).SetRequiresGrad();
        var index = ws.FromArray<long>([0, 1, 1, 2], Shape.Of(4));
        Tensor[] f() => [weight.Embedding(index, 0, scaleGradByFreq: true).Mul(weight.Embedding(index, 0, scaleGradByFreq: true)).Sum()];
        var first = ws.Gradients(f(), [weight], createGraph: true)[0]!;
        // By hand: rows 1 (twice, each scaled by a half) and 2; row 0 is padding.
        Assert.Equal([0.0, 4, 6], first.ToDoubles());
        var second = ws.Gradients([first.Sum()], [weight])[0]!;
        // Frequency scales every backward anew: a quarter from each of two calls and two places.
        Assert.Equal([0.0, 1, 2], second.ToDoubles());
    }

    [Fact]
    public void Replacing_a_part_equals_writing_through_the_view_of_it()
    {
        using var ws = new Workspace();
        var x = ws.Arange(12L, DType.Float64).View([3, 4]);
        Check(x.SelectScatter(ws.Ones([4], DType.Float64), 0, 1), y => y.Select(0, 1));
        Check(x.SliceScatter(ws.Ones([3, 2], DType.Float64), 1, 0, null, 2), y => y.Slice(1, 0, null, 2));
        Check(x.DiagonalScatter(ws.Ones([3], DType.Float64), 1), y => y.Diagonal(1));

        void Check(Tensor replaced, Func<Tensor, Tensor> view)
        {
            var y = x.Clone();
            view(y).FillInPlace(1.0);
            Assert.Equal(y.ToDoubles(), replaced.ToDoubles());
        }
    }

    [Fact]
    public void Masked_scatter_takes_values_in_order_and_refuses_too_few()
    {
        using var ws = new Workspace();
        var x = ws.Zeros([3]);
        var mask = ws.FromArray<bool>([true, false, true], Shape.Of(3));
        Assert.Equal([1.0, 0, 2], x.MaskedScatter(mask, ws.Arange(1.0, 4.0)).ToDoubles());
        Refused("Number of elements of source < number of ones in mask", () => x.MaskedScatter(mask, ws.Ones([1])));
    }

    [Fact]
    public void Refusals_are_worded_as_in_PyTorch_and_nothing_is_written()
    {
        using var ws = new Workspace();
        var x = ws.Zeros([2, 3]);
        var far = ws.FromArray<long>([3], Shape.Of(1));
        Refused("index 3 is out of bounds for dimension 0 with size 2", () => x.Index(far), TorchErrorType.IndexError);
        Refused("index out of range in self", () => x.Embedding(far), TorchErrorType.IndexError);
        Refused("index out of range in self", () => x.IndexSelect(0, far), TorchErrorType.IndexError);
        Refused("index 3 is out of bounds for dimension 0 with size 2", () => x.Gather(0, ws.FromArray<long>([3], Shape.Of(1, 1))));
        Refused("gather(): Expected dtype int64 for index", () => x.Gather(0, ws.Zeros([1, 1], DType.Int32)));
        Refused("scatter(): Expected self.dtype to be equal to src.dtype", () => x.Scatter(0, ws.Zeros([1, 1], DType.Int64), ws.Zeros([1, 1], DType.Float64)));
        Refused("index 3 is out of bounds for dimension 1 with size 3", () => x.ScatterAddInPlace(1, ws.FromArray<long>([0, 3], Shape.Of(1, 2)), ws.Ones([1, 2])));
        Refused("too many indices for tensor of dimension 2", () => x.Index(far, far, far), TorchErrorType.IndexError);
        Refused("shape mismatch: value tensor of shape [2] cannot be broadcast to indexing result of shape [1, 3]", () => x.IndexPut([ws.Zeros([1], DType.Int64)], ws.Ones([2])));
        Refused("The shape of the mask [3] at index 0 does not match the shape of the indexed tensor [2, 3] at index 0", () => x.Index(ws.Ones([3], DType.Bool)), TorchErrorType.IndexError);
        Assert.Equal(new double[6], x.ToDoubles());
        Assert.Equal(0, x.Version);
    }

    private static void Refused(string message, Func<object> call, TorchErrorType type = TorchErrorType.RuntimeError)
    {
        var e = Assert.Throws<AutogradException>(call);
        Assert.Equal(message, e.Message);
        Assert.Equal(type, e.TorchType);
    }
}
