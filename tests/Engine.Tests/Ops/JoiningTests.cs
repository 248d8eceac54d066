using Xunit;

namespace AutogradService.Engine.Tests.Ops;

/// <summary>cat and its kin: legacy rules, dtypes, refusals.</summary>
public sealed class JoiningTests
{
    [Fact]
    public void Hstack_vstack_dstack_and_column_stack_add_the_dims_they_need()
    {
        using var ws = new Workspace();
        Tensor a = ws.FromArray<double>([1, 2], Shape.Of(2)), b = ws.FromArray<double>([3, 4], Shape.Of(2));
        Assert.Equal([1.0, 2, 3, 4], ws.Hstack(a, b).ToDoubles());
        Assert.Equal(Shape.Of(4), ws.Hstack(a, b).Shape);
        Assert.Equal(Shape.Of(2, 2), ws.Vstack(a, b).Shape);
        Assert.Equal([1.0, 2, 3, 4], ws.Vstack(a, b).ToDoubles());
        Assert.Equal(Shape.Of(1, 2, 2), ws.Dstack(a, b).Shape);
        Assert.Equal([1.0, 3, 2, 4], ws.Dstack(a, b).ToDoubles());
        Assert.Equal([1.0, 3, 2, 4], ws.ColumnStack(a, b).ToDoubles());
        Assert.Equal(Shape.Of(2, 2), ws.ColumnStack(a, b).Shape);
    }

    [Fact]
    public void Cat_promotes_and_each_leaf_gets_its_own_dtype_back()
    {
        using var ws = new Workspace();
        var a = ws.Ones([2], DType.Float32).SetRequiresGrad();
        var b = ws.Ones([1], DType.Float64).SetRequiresGrad();
        var y = ws.Cat([a, b, ws.Ones([1], DType.Int64)]);
        Assert.Equal(DType.Float64, y.DType);
        ws.Backward([(y * 3.0).Sum()]);
        Assert.Equal(DType.Float32, a.Grad!.DType);
        Assert.Equal([3.0, 3], a.Grad.ToDoubles());
        Assert.Equal([3.0], b.Grad!.ToDoubles());
    }

    [Fact]
    public void Refusals_are_worded_as_in_PyTorch()
    {
        using var ws = new Workspace();
        Refused("torch.cat(): expected a non-empty list of Tensors", () => ws.Cat([]));
        Refused("zero-dimensional tensor (at position 0) cannot be concatenated", () => ws.Cat([ws.Zeros([])]));
        Refused("Sizes of tensors must match except in dimension 0. Expected size 3 but got size 4 for tensor number 1 in the list.", () => ws.Cat([ws.Zeros([2, 3]), ws.Zeros([2, 4])]));
        Refused("Tensors must have same number of dimensions: got 2 and 3", () => ws.Cat([ws.Zeros([2, 3]), ws.Zeros([2, 3, 1])]));
        Refused("stack expects each tensor to be equal size, but got [2] at entry 0 and [3] at entry 1", () => ws.Stack([ws.Zeros([2]), ws.Zeros([3])]));
        Refused("split_with_sizes expects split_sizes to sum exactly to 5 (input tensor's size at dimension 0), but got split_sizes=[2, 2]", () => ws.Zeros([5]).Split([2, 2]));
        Refused("chunk expects `chunks` to be greater than 0, got: 0", () => ws.Zeros([5]).Chunk(0));
    }

    private static void Refused(string message, Func<object> call) => Assert.Equal(message, Assert.Throws<AutogradException>(call).Message);
}
