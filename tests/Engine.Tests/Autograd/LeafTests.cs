using Xunit;

namespace AutogradService.Engine.Tests.Autograd;

public sealed class LeafTests : AutogradTest
{
    [Fact]
    public void Only_floating_dtypes_may_require_grad() =>
        Refuses(ErrorReason.InvalidGradState, "only Tensors of floating point dtype can require gradients", () => Ws.FromArray<long>([1], Shape.Of(1)).SetRequiresGrad());

    [Fact]
    public void A_result_requires_grad_iff_an_operand_does()
    {
        var x = Leaf(1);
        var y = x * 2;
        Assert.True(y.RequiresGrad && !y.IsLeaf && y.GradFn!.Name == "MulBackward0");
        var z = Plain(1) * 2;
        Assert.True(!z.RequiresGrad && z.IsLeaf && z.GradFn is null);
        Assert.True(Plain(1).IsLeaf);
    }

    [Fact]
    public void Requires_grad_of_a_non_leaf_cannot_be_switched_off()
    {
        var y = Leaf(1) * 2;
        y.SetRequiresGrad();
        Refuses(ErrorReason.InvalidGradState, "you can only change requires_grad flags of leaf variables.", () => y.SetRequiresGrad(false));
        Assert.True(y.RequiresGrad && !y.IsLeaf);
    }

    [Fact]
    public void In_place_on_a_leaf_that_requires_grad_is_refused_and_changes_nothing()
    {
        var x = Leaf(1, 2);
        Refuses(ErrorReason.LeafModified, "a leaf Variable that requires grad is being used in an in-place operation.", () => x.AddInPlace(1));
        Refuses(ErrorReason.LeafModified, "a view of a leaf Variable that requires grad is being used in an in-place operation.", () => x.View([2, 1]).AddInPlace(1));
        Assert.Equal([1, 2], x.ToDoubles());
        Assert.Equal(0, x.Version);
    }

    [Fact]
    public void In_place_under_no_grad_is_allowed_and_bumps_the_version()
    {
        var x = Leaf(1);
        using (Ws.NoGrad()) x.AddInPlace(1);
        Assert.Equal([2], x.ToDoubles());
        Assert.True(x.IsLeaf && x.RequiresGrad);
        Assert.Equal(1, x.Version);
    }

    [Fact]
    public void In_place_with_a_requiring_operand_makes_a_non_leaf()
    {
        var y = Plain(1);
        y.AddInPlace(Leaf(2));
        Assert.True(!y.IsLeaf && y.RequiresGrad);
        Assert.Equal("AddBackward0", y.GradFn!.Name);
    }

    [Fact]
    public void Next_functions_have_an_entry_for_each_operand_a_number_included()
    {
        var x = Leaf(1);
        var next = (x * 2).GradFn!.NextFunctions.ToArray();
        Assert.Equal(2, next.Length);
        Assert.Equal("torch::autograd::AccumulateGrad", next[0].Node!.Name);
        Assert.Null(next[1].Node);
        var twice = (x * x).GradFn!.NextFunctions.ToArray();
        Assert.Same(twice[0].Node, twice[1].Node);
    }
}
