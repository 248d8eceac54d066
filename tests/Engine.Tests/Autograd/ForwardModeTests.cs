using Xunit;

namespace AutogradService.Engine.Tests.Autograd;

/// <summary>Dual tensors: levels, views, in-place writes, modes and second derivatives. Each op's rule is tested with the op table.</summary>
public sealed class ForwardModeTests : AutogradTest
{
    [Fact]
    public void A_tangent_is_pushed_through_a_composition()
    {
        using var level = Ws.EnterDualLevel();
        var x = Ws.MakeDual(Plain(0.5, 2), Plain(1, -1));
        var (primal, tangent) = Workspace.UnpackDual(x.Exp().Mul(x).Sum());
        Assert.Null(primal.Tangent);
        Assert.Equal(Math.Exp(0.5) * 1.5 - Math.Exp(2) * 3, tangent!.Item(), 12);
    }

    [Fact]
    public void A_constant_has_no_tangent_and_an_integer_result_neither()
    {
        using var level = Ws.EnterDualLevel();
        var x = Ws.MakeDual(Plain(1, 2), Plain(1, 1));
        Assert.Null(Workspace.UnpackDual(Plain(1)).Tangent);
        Assert.Null(x.Gt(1.5).Tangent);
        Assert.Null(x.Detach().Tangent);
        Assert.Equal([0, 0], x.Floor().Tangent!.ToDoubles());
    }

    [Fact]
    public void Levels_do_not_nest_and_drop_all_tangents_at_their_end()
    {
        long bytes = Ws.LiveBytes;
        using (Ws.Scope())
        {
            Refuses(ErrorReason.InvalidGradState, "Trying to create a dual Tensor for forward AD but no level exists", () => Ws.MakeDual(Plain(1), Plain(1)));
            Tensor y;
            using (Ws.EnterDualLevel())
            {
                Refuses(ErrorReason.InvalidGradState, "Nested forward mode AD is not supported at the moment", () => Ws.EnterDualLevel());
                y = Ws.MakeDual(Plain(1), Plain(3)).Mul(2.0);
                Assert.Equal([6], y.Tangent!.ToDoubles());
            }
            Assert.Null(y.Tangent);
            Assert.Equal([2], y.ToDoubles());
        }
        Assert.Equal(bytes, Ws.LiveBytes);
    }

    [Fact]
    public void A_tangent_must_fit_its_primal()
    {
        using var level = Ws.EnterDualLevel();
        Refuses(ErrorReason.ShapeMismatch, "Trying to set a forward gradient that has a different size than that of the original Tensor, this is not supported. Tensor is of size [2] while the given forward gradient is of size [1].", () => Ws.MakeDual(Plain(1, 2), Plain(1)));
        Refuses(ErrorReason.InvalidAttribute, "Expected primal to be floating point or complex, but got: torch.int64", () => Ws.MakeDual(Plain(1).To(DType.Int64), Plain(1)));
        Refuses(ErrorReason.InvalidAttribute, "Expected tangent to be floating point or complex, but got: torch.int64", () => Ws.MakeDual(Plain(1), Plain(1).To(DType.Int64)));
        var dual = Ws.MakeDual(Plain(1), Plain(1));
        Refuses(ErrorReason.InvalidGradState, "Making a dual Tensor based on a Tensor that already has a forward gradient at the same level 0 is not supported.", () => Ws.MakeDual(dual, Plain(1)));
    }

    [Fact]
    public void Views_of_a_dual_tensor_show_its_tangent()
    {
        using var level = Ws.EnterDualLevel();
        var x = Ws.MakeDual(Ws.Arange(6.0, DType.Float64).Reshape([2, 3]), Ws.Arange(6.0, DType.Float64).Reshape([2, 3]).Mul(10.0));
        Assert.Equal([10, 40], x.Select(1, 1).Tangent!.ToDoubles());
        Assert.Equal([0, 30, 10, 40, 20, 50], x.Transpose(0, 1).Tangent!.ToDoubles());
        Assert.Equal([30, 40, 50], x.Unbind(0)[1].Tangent!.ToDoubles());
        Assert.Equal([10, 10, 40, 40], x.Select(1, 1).Unsqueeze(1).Expand([2, 2]).Tangent!.ToDoubles());
    }

    [Fact]
    public void In_place_writes_carry_tangents_to_the_base_and_its_other_views()
    {
        using var level = Ws.EnterDualLevel();
        var x = Ws.MakeDual(Plain(1, 2, 3), Plain(1, 1, 1)).Clone();
        var early = x.Slice(0, 1, 3);
        x.Select(0, 1).MulInPlace(5.0);
        Assert.Equal([1, 5, 1], x.Tangent!.ToDoubles());
        Assert.Equal([5, 1], early.Tangent!.ToDoubles());
        early.MulInPlace(early.Detach()); // times (10, 3), which have none
        Assert.Equal([1, 50, 3], x.Tangent!.ToDoubles());
        x.ZeroInPlace();
        Assert.Equal([0, 0, 0], x.Tangent!.ToDoubles());
    }

    [Fact]
    public void A_plain_base_gets_a_tangent_when_a_dual_is_written_into_a_view_of_it()
    {
        using var level = Ws.EnterDualLevel();
        var plain = Plain(1, 2, 3);
        var other = plain.Slice(0, 0, 2);
        plain.Slice(0, 1, 3).CopyInPlace(Ws.MakeDual(Plain(7, 8), Plain(1, 2)));
        Assert.Equal([0, 1, 2], plain.Tangent!.ToDoubles());
        Assert.Equal([0, 1], other.Tangent!.ToDoubles());
        Assert.Equal([1, 7, 8], plain.ToDoubles());
    }

    [Fact]
    public void Squeeze_in_place_restrides_the_tangent()
    {
        using var level = Ws.EnterDualLevel();
        var x = Ws.MakeDual(Ws.Ones([2, 3], DType.Float64), Ws.Arange(6.0, DType.Float64).Reshape([2, 3])).Clone();
        x.TransposeInPlace(0, 1);
        Assert.Equal([0, 3, 1, 4, 2, 5], x.Tangent!.ToDoubles());
    }

    [Fact]
    public void A_tangent_can_be_differentiated_so_reverse_over_forward_gives_second_derivatives()
    {
        var x = Leaf(1, 2);
        using var level = Ws.EnterDualLevel();
        var y = Ws.MakeDual(x, Plain(1, 10)).Pow(3.0).Sum();
        var hv = Ws.Gradients([y.Tangent!], [x]);
        Assert.Equal([6, 120], hv[0]!.ToDoubles());
    }

    [Fact]
    public void The_gradient_of_a_dual_has_a_tangent_so_forward_over_reverse_does_too()
    {
        using var level = Ws.EnterDualLevel();
        var x = Ws.MakeDual(Leaf(1, 2), Plain(1, 10));
        Assert.Equal([6, 120], Ws.Gradients([x.Pow(3.0).Sum()], [x])[0]!.Tangent!.ToDoubles());
        Assert.Equal(x.Exp().Mul(Plain(1, 10)).ToDoubles(), Ws.Gradients([x.Exp().Sum()], [x])[0]!.Tangent!.ToDoubles());
    }

    [Fact]
    public void It_does_after_an_in_place_op_that_keeps_its_result()
    {
        using var level = Ws.EnterDualLevel();
        var x = Ws.MakeDual(Leaf(1, 2), Plain(1, 10));
        var y = x.Mul(1.0);
        y.ExpInPlace();
        Assert.Equal(x.Exp().Mul(Plain(1, 10)).ToDoubles(), Ws.Gradients([y.Sum()], [x])[0]!.Tangent!.ToDoubles());
    }

    [Fact]
    public void Under_no_grad_tangents_flow_and_have_no_history()
    {
        var x = Leaf(2);
        using var level = Ws.EnterDualLevel();
        long nodes = Ws.LiveNodes;
        using (Ws.Scope())
        using (Ws.NoGrad())
        {
            var y = Ws.MakeDual(x, Plain(1)).Sin();
            Assert.False(y.Tangent!.RequiresGrad);
            Assert.Equal(Math.Cos(2), y.Tangent.Item(), 14);
        }
        Assert.True(Ws.LiveNodes <= nodes + 1); // the leaf's accumulator at most
    }

    [Fact]
    public void An_op_without_derivative_is_an_honest_error()
    {
        using var level = Ws.EnterDualLevel();
        var x = Ws.MakeDual(Plain(3), Plain(1));
        Refuses(ErrorReason.NotDifferentiable, "Trying to use forward AD with heaviside that does not support it because it has not been implemented yet.", () => x.Heaviside(Plain(1)));
    }

    [Fact]
    public void Nodes_and_bytes_come_back()
    {
        long bytes = Ws.LiveBytes, nodes = Ws.LiveNodes;
        using (Ws.Scope())
        using (Ws.EnterDualLevel())
        {
            var w = Leaf(1, 2, 3);
            var x = Ws.MakeDual(w, Plain(1, 1, 1));
            var y = x.Exp().Mul(x).Softmax(0).Sum();
            Backward(y);
            _ = y.Tangent!.ToDoubles();
        }
        Assert.Equal(nodes, Ws.LiveNodes);
        Assert.Equal(bytes, Ws.LiveBytes);
    }
}
