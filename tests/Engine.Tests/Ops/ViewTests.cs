using AutogradService.Engine.Ops;
using Xunit;

namespace AutogradService.Engine.Tests.Ops;

/// <summary>Views: what PyTorch refuses and in which words, in-place forms, and whose memory is written.</summary>
public sealed class ViewTests
{
    [Fact]
    public void Refusals_are_worded_as_in_PyTorch()
    {
        using var ws = new Workspace();
        Tensor scalar = ws.Zeros([]), matrix = ws.Zeros([2, 3]);
        Refused(ErrorReason.DimOutOfRange, "narrow() cannot be applied to a 0-dim tensor.", () => scalar.Narrow(0, 0, 1));
        Refused(ErrorReason.ShapeMismatch, "start (1) + length (2) exceeds dimension size (2).", () => matrix.Narrow(0, 1, 2));
        Refused(ErrorReason.InvalidAttribute, "narrow(): length must be non-negative.", () => matrix.Narrow(0, 1, -2));
        Refused(ErrorReason.DimOutOfRange, "start out of range (expected to be in range of [-2, 2], but got 3)", () => matrix.Narrow(0, 3, 0));
        Refused(ErrorReason.DimOutOfRange, "select() cannot be applied to a 0-dim tensor.", () => scalar.Select(0, 0));
        Refused(ErrorReason.DimOutOfRange, "select(): index 2 out of range for tensor of size [2, 3] at dimension 0", () => matrix.Select(0, 2));
        Refused(ErrorReason.DimOutOfRange, "Dimension specified as 0 but tensor has no dimensions", () => scalar.Unbind());
        Refused(ErrorReason.DimOutOfRange, "Dimension out of range (expected to be in range of [-1, 0], but got 2)", () => scalar.Unbind(2));
        Refused(ErrorReason.ShapeMismatch, "t() expects a tensor with <= 2 dimensions, but self is 3D", () => ws.Zeros([1, 2, 3]).T());
        Refused(ErrorReason.InvalidAttribute, "permute(): duplicate dims are not allowed.", () => matrix.Permute([0, 0]));
        Refused(ErrorReason.InvalidAttribute, "flatten() has invalid args: start_dim cannot come after end_dim", () => matrix.Flatten(1, 0));
    }

    [Fact]
    public void Nodes_are_named_as_in_PyTorch()
    {
        using var ws = new Workspace();
        var x = ws.Ones([1, 3]).SetRequiresGrad();
        Assert.Equal("TBackward0", x.T().GradFn!.Name);
        Assert.Equal("PermuteBackward0", x.NumpyT().GradFn!.Name);
        Assert.Equal("SqueezeBackward0", x.Squeeze().GradFn!.Name);
        Assert.Equal("SqueezeBackward1", x.Squeeze(0).GradFn!.Name);
        Assert.Equal("SqueezeBackward2", x.Squeeze([0, 1]).GradFn!.Name);
        Assert.Equal("SliceBackward0", x.Narrow(1, 0, 2).GradFn!.Name);
        Assert.Equal("ViewBackward0", x.Flatten().GradFn!.Name);
        Assert.Equal("UnbindBackward0", x.Unbind()[0].GradFn!.Name);
        Assert.Equal("SplitBackward0", x.Chunk(2, 1)[0].GradFn!.Name);
        Assert.Equal("SplitWithSizesBackward0", x.Split([1, 2], 1)[0].GradFn!.Name);
        Assert.Equal("DiagonalBackward0_copy", x.Diag().GradFn!.Name);
    }

    [Fact]
    public void Contiguous_and_flatten_return_the_tensor_itself_where_nothing_changes()
    {
        using var ws = new Workspace();
        var x = ws.Ones([2, 3]).SetRequiresGrad();
        Assert.Same(x, x.Contiguous());
        Assert.Same(x, x.Flatten(1, 1));
        Assert.Equal("CloneBackward0", x.T().Contiguous().GradFn!.Name);
    }

    [Fact]
    public void Detach_shares_memory_and_version_but_is_no_view()
    {
        using var ws = new Workspace();
        var x = ws.Ones([2]).SetRequiresGrad();
        var y = (x * 2.0).Detach();
        Assert.False(y.RequiresGrad);
        Assert.False(y.IsView);
        var d = x.Detach();
        d.AddInPlace(1.0);
        Assert.Equal([2.0, 2.0], x.ToDoubles());
        Assert.Equal(1, x.Version);
    }

    [Fact]
    public void A_missing_gradient_of_a_piece_counts_as_zero()
    {
        using var ws = new Workspace();
        var x = ws.Ones([5]).SetRequiresGrad();
        ws.Backward([x.Split(2)[1].Sum()]);
        Assert.Equal([0.0, 0, 1, 1, 0], x.Grad!.ToDoubles());
    }

    [Fact]
    public void Outputs_of_several_views_may_not_be_written()
    {
        using var ws = new Workspace();
        var x = ws.Ones([2, 2]).SetRequiresGrad() * 2.0;
        var e = Assert.Throws<AutogradException>(() => x.Unbind()[0].MulInPlace(2.0));
        Assert.StartsWith("Output 0 of UnbindBackward0 is a view and is being modified inplace.", e.Message, StringComparison.Ordinal);
        e = Assert.Throws<AutogradException>(() => x.Chunk(2)[0].MulInPlace(2.0));
        Assert.StartsWith("Output 0 of SplitBackward0 is a view and is being modified inplace.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void In_place_forms_change_the_geometry_and_stay_differentiable()
    {
        using var ws = new Workspace();
        var x = ws.Arange(6L, DType.Float64).View([1, 2, 3]).Clone().Detach().SetRequiresGrad();
        var y = x * 2.0;
        Assert.Same(y, ws.ApplyInPlace(new SqueezeDim(0), y));
        Assert.Equal(Shape.Of(2, 3), y.Shape);
        ws.ApplyInPlace(new MatrixTranspose(), y);
        Assert.Equal(Shape.Of(3, 2), y.Shape);
        Assert.Equal([0.0, 6, 2, 8, 4, 10], y.ToDoubles());
        ws.ApplyInPlace(new Unsqueeze(-1), y);
        ws.Backward([y.Sum()]);
        Assert.Equal([2.0, 2, 2, 2, 2, 2], x.Grad!.ToDoubles());
    }

    [Fact]
    public void Writing_over_memory_that_an_operand_shows_in_another_way_is_refused()
    {
        using var ws = new Workspace();
        const string message = "unsupported operation: some elements of the input tensor and the written-to tensor refer to a single memory location. Please clone() the tensor before performing the operation.";
        var x = ws.Arange(4L);
        Refused(ErrorReason.ViewModified, message, () => x.Narrow(0, 0, 3).AddInPlace(x.Narrow(0, 1, 3)));
        Refused(ErrorReason.ViewModified, message, () => x.Narrow(0, 1, 3).CopyInPlace(x.Narrow(0, 0, 3)));
        var square = ws.Arange(4L).View([2, 2]);
        Refused(ErrorReason.ViewModified, message, () => square.AddInPlace(square.T()));
        Assert.Equal([0.0, 1, 2, 3], x.ToDoubles());
        // The same elements in the same order, or others altogether, are fine.
        x.AddInPlace(x.Detach());
        x.Narrow(0, 0, 2).AddInPlace(x.Narrow(0, 2, 2));
        Assert.Equal([4.0, 8, 4, 6], x.ToDoubles());
    }

    [Fact]
    public void An_expanded_tensor_may_be_filled_but_not_added_to()
    {
        using var ws = new Workspace();
        var x = ws.Ones([1]);
        Refused(ErrorReason.ViewModified, "unsupported operation: more than one element of the written-to tensor refers to a single memory location. Please clone() the tensor before performing the operation.", () => x.Expand([3]).AddInPlace(1.0));
        x.Expand([3]).ZeroInPlace();
        Assert.Equal([0.0], x.ToDoubles());
    }

    private static void Refused(ErrorReason reason, string message, Func<object> call)
    {
        var e = Assert.Throws<AutogradException>(call);
        Assert.Equal(message, e.Message);
        Assert.Equal(reason, e.Reason);
    }
}
