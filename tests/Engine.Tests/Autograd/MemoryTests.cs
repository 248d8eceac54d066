using Xunit;

namespace AutogradService.Engine.Tests.Autograd;

public sealed class MemoryTests : AutogradTest
{
    [Fact]
    public void Bytes_come_back_when_the_last_holder_lets_go()
    {
        Tensor x, y, z;
        using (Ws.Scope()) x = Leaf(new double[100]).Retain();
        long before = Ws.LiveBytes;
        using (Ws.Scope()) y = x.Exp().Retain();
        Assert.Equal(before + 832, Ws.LiveBytes);
        using (Ws.Scope()) z = y.Sum().Retain();
        // The graph still needs what exp saved, though nobody names it any more.
        y.Release();
        Assert.Equal(before + 832 + 64, Ws.LiveBytes);
        Backward(z);
        x.SetGrad(null);
        Assert.Equal(before + 64, Ws.LiveBytes);
        z.Release();
        Assert.Equal(before, Ws.LiveBytes);
        Assert.Equal(0, Ws.LiveNodes);
        x.Release();
        Assert.Equal(0, Ws.LiveBytes);
    }

    [Fact]
    public void Twenty_thousand_steps_leave_bytes_and_nodes_where_they_were()
    {
        Tensor x, w;
        using (Ws.Scope())
        {
            x = Ws.FromArray<float>(new float[64], Shape.Of(64)).Retain();
            w = Ws.FromArray<float>(new float[64], Shape.Of(64)).SetRequiresGrad().Retain();
        }
        long bytes = 0, nodes = 0;
        for (int step = 0; step < 20_000; step++)
        {
            using (Ws.Scope())
            {
                Backward((x * w).Exp().Sum());
                using (Ws.NoGrad()) w.SubInPlace(w.Grad! * 0.01);
            }
            w.SetGrad(null);
            if (step == 100) (bytes, nodes) = (Ws.LiveBytes, Ws.LiveNodes);
        }
        Assert.Equal(bytes, Ws.LiveBytes);
        Assert.Equal(nodes, Ws.LiveNodes);
    }

    [Fact]
    public void A_node_that_was_taken_apart_brings_nothing_into_its_next_life()
    {
        var x = Leaf(2, 3);
        var calls = 0;
        using (Ws.Scope())
        {
            // Hooks, several outputs, three operands, what was saved: all that a node can have.
            var y = Plain(1, 0).Ne(0).Where(x.Mul(Plain(5, 7)), x.Exp());
            y.RegisterHook(new GradientHook("count", g =>
            {
                calls++;
                return g;
            }));
            var (values, _) = y.Sort();
            Backward(values.Sum(), retainGraph: true);
        }
        Assert.Equal(1, calls);
        Assert.Equal(0, Ws.LiveNodes);
        x.SetGrad(null);
        using (Ws.Scope())
        {
            for (int i = 0; i < 10; i++)
            {
                var z = x.Neg();
                Assert.Equal("NegBackward0", z.GradFn!.Name);
                Assert.False(z.GradFn.IsFreed);
                Assert.Empty(z.GradFn.Saved);
                Assert.Equal([(x, 1)], z.GradFn.NextFunctions.Select(next => (next.Node!.Variable!, z.GradFn.OutputCount)));
                Backward(z.Sum());
            }
        }
        Assert.Equal(1, calls);
        Assert.Equal([-10, -10], GradOf(x));
    }

    [Fact]
    public void A_saved_constant_serves_backward_whether_or_not_it_is_still_named()
    {
        var x = Leaf(2, 3);
        Tensor y, a;
        using (Ws.Scope())
        {
            a = Plain(5, 7).Retain();
            y = x.Mul(a).Retain();
        }
        Backward(y.Sum(), retainGraph: true);
        Assert.Equal([5, 7], GradOf(x));
        Assert.False(x.Grad!.SharesMemoryWith(a));
        // A constant that has come to require grad since is still a constant to this graph.
        a.SetRequiresGrad();
        Backward(y.Sum(), retainGraph: true);
        Assert.Equal([10, 14], GradOf(x));
        Assert.Null(a.Grad);
        a.Release();
        Backward(y.Sum());
        Assert.Equal([15, 21], GradOf(x));
    }

    [Fact]
    public void The_quota_refuses_before_allocating()
    {
        using var small = new Workspace(new WorkspaceLimits { BytesMax = 1024 });
        var kept = small.FromArray<double>(new double[100], Shape.Of(100));
        Refuses(ErrorReason.QuotaBytes, "the session may hold 1024 bytes of tensors", () => _ = kept + 1);
        Refuses(ErrorReason.QuotaBytes, "the session may hold", () => small.Uninitialized(Shape.Of(1L << 40), DType.Float32));
    }

    [Fact]
    public void The_node_quota_refuses_and_the_session_goes_on()
    {
        using var small = new Workspace(new WorkspaceLimits { NodesMax = 3 });
        var x = small.FromArray<double>([1], Shape.Of(1)).SetRequiresGrad();
        using (small.Scope())
        {
            var y = x + 1;
            y = y + 1;
            Refuses(ErrorReason.QuotaNodes, "the session may hold 3 graph nodes: 3 are in use", () => _ = y + 1);
        }
        Assert.Equal(0, small.LiveNodes);
        using (small.Scope()) small.Backward([x + 1]);
        Assert.Equal([1], x.Grad!.ToDoubles());
    }

    [Fact]
    public void A_quota_hit_halfway_leaves_values_nodes_and_bytes_as_they_were()
    {
        for (long quota = 1; quota < 12; quota++)
        {
            using var small = new Workspace(new WorkspaceLimits { NodesMax = quota });
            var leaf = small.FromArray<double>([3, 3], Shape.Of(2)).SetRequiresGrad();
            using (small.Scope())
            {
                var plain = small.FromArray<double>([1, 2], Shape.Of(2));
                var view = plain.View([2, 1]);
                long bytes = small.LiveBytes;
                try
                {
                    using (small.Scope()) view.MulInPlace(leaf.View([2, 1]));
                    Assert.Equal([3, 6], plain.ToDoubles());
                }
                catch (AutogradException refusal) when (refusal.Reason == ErrorReason.QuotaNodes)
                {
                    Assert.Equal([1, 2], plain.ToDoubles());
                    Assert.Equal((bytes, 0L, 0), (small.LiveBytes, small.LiveNodes, plain.Version));
                }
            }
            Assert.Equal(0, small.LiveNodes);
        }
    }

    [Fact]
    public void A_released_tensor_is_refused()
    {
        Tensor t;
        using (Ws.Scope()) t = Plain(1);
        Assert.True(t.IsReleased);
        Refuses(ErrorReason.TensorReleased, "the tensor was released", () => t.ToDoubles());
    }

    [Fact]
    public void A_shape_that_overflows_is_refused() =>
        Refuses(ErrorReason.InvalidShape, "Storage size calculation overflowed", () => Shape.Of(1L << 40, 1L << 40));
}
