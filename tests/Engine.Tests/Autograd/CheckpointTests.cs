using Xunit;

namespace AutogradService.Engine.Tests.Autograd;

/// <summary>Checkpoints: equal gradients from less memory, with the same random numbers.</summary>
public sealed class CheckpointTests : AutogradTest
{
    [Fact]
    public void Gradients_are_those_of_the_plain_function()
    {
        var x = Leaf(0.3, -1.2, 2);
        var w = Leaf(1, 2, 3);
        Tensor[] F(Tensor[] t) => [t[0].Mul(t[1]).Tanh().Exp(), t[0].Sin()];
        double[] Run(bool checkpointed)
        {
            var y = checkpointed ? Ws.Checkpoint(F, x, w) : F([x, w]);
            var g = Ws.Gradients([y[0].Sum().Add(y[1].Prod())], [x, w]);
            return [.. g[0]!.ToDoubles(), .. g[1]!.ToDoubles()];
        }
        Assert.Equal(Run(false), Run(true));
    }

    [Fact]
    public void Backward_accumulates_into_parameters_and_the_node_has_pytorchs_name()
    {
        var x = Leaf(1, 2);
        var y = Ws.Checkpoint(t => [t[0].Exp()], x)[0];
        Assert.Equal("CheckpointFunctionBackward", y.GradFn!.Name);
        Backward(y.Sum());
        Assert.Equal(x.Exp().ToDoubles(), GradOf(x));
        Refuses(ErrorReason.GraphFreed, "Trying to backward through the graph a second time", () => Backward(y.Sum()));
    }

    [Fact]
    public void Second_and_third_derivatives_work()
    {
        var x = Leaf(1.5);
        var y = Ws.Checkpoint(t => [t[0].Pow(4.0)], x)[0];
        var first = Ws.Gradients([y.Sum()], [x], createGraph: true)[0]!;
        var second = Ws.Gradients([first.Sum()], [x], createGraph: true)[0]!;
        var third = Ws.Gradients([second.Sum()], [x])[0]!;
        Assert.Equal([4 * Math.Pow(1.5, 3)], first.ToDoubles());
        Assert.Equal(12 * 1.5 * 1.5, second.Item(), 12);
        Assert.Equal(24 * 1.5, third.Item(), 12);
    }

    [Fact]
    public void Dropout_is_the_same_in_both_runs_and_the_generator_goes_on_as_if_nothing_had_been()
    {
        var x = Ws.Ones([1000], DType.Float64).SetRequiresGrad();
        Ws.Random.ManualSeed(5);
        var y = Ws.Checkpoint(t => [t[0].Dropout(0.5, true)], x)[0];
        var state = Ws.Random.State;
        Backward(y.Sum());
        Assert.Equal(y.ToDoubles(), GradOf(x));
        Assert.Equal(state, Ws.Random.State);
        Assert.InRange(y.ToDoubles().Count(v => v == 0), 400, 600);
    }

    [Fact]
    public void It_keeps_only_the_inputs_until_backward_and_gives_everything_back()
    {
        long bytes = Ws.LiveBytes, nodes = Ws.LiveNodes;
        using (Ws.Scope())
        {
            var x = Ws.Ones([1024], DType.Float64).SetRequiresGrad();
            Tensor[] Deep(Tensor[] t)
            {
                var y = t[0];
                for (int i = 0; i < 50; i++) y = y.Exp().Log();
                return [y];
            }
            long before = Ws.LiveBytes;
            Tensor plain, saving;
            using (Ws.Scope()) plain = Deep([x])[0].Retain();
            long whole = Ws.LiveBytes - before;
            plain.Release();
            before = Ws.LiveBytes;
            using (Ws.Scope()) saving = Ws.Checkpoint(Deep, x)[0].Retain();
            Assert.True(Ws.LiveBytes - before < whole / 20, $"{Ws.LiveBytes - before} of {whole}");
            Backward(saving.Sum());
            Assert.All(GradOf(x), g => Assert.Equal(1, g, 12));
            saving.Release();
        }
        Assert.Equal(nodes, Ws.LiveNodes);
        Assert.Equal(bytes, Ws.LiveBytes);
    }

    [Fact]
    public void A_result_that_is_an_input_does_not_touch_the_inputs_own_history()
    {
        var x = Leaf(1, 2);
        var y = Ws.Checkpoint(t => [t[0], t[0].Mul(2.0)], x);
        Assert.True(x.IsLeaf);
        Backward(y[0].Sum().Add(y[1].Sum()));
        Assert.Equal([3, 3], GradOf(x));
    }

    [Fact]
    public void A_modified_input_is_noticed()
    {
        var x = Leaf(1, 2).Mul(1.0);
        var y = Ws.Checkpoint(t => [t[0].Exp()], x)[0];
        x.AddInPlace(1.0);
        Refuses(ErrorReason.TensorModified, "one of the variables needed for gradient computation has been modified", () => Backward(y.Sum()));
    }

    [Fact]
    public void Checkpoints_nest()
    {
        var x = Leaf(0.7);
        var y = Ws.Checkpoint(t => [Ws.Checkpoint(u => [u[0].Sin()], t)[0].Exp()], x)[0];
        Backward(y);
        Assert.Equal(Math.Cos(0.7) * Math.Exp(Math.Sin(0.7)), GradOf(x)[0], 14);
    }
}
