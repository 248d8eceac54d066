using Xunit;

namespace AutogradService.Engine.Tests.Ops;

public sealed class DropoutTests : PointwiseCase
{
    [Fact]
    public void Keeps_the_right_share_and_scales_it()
    {
        var ones = Vector(Enumerable.Repeat(1.0, 100_000).ToArray());
        double[] y = ones.Dropout(0.2).ToDoubles();
        Assert.All(y, v => Assert.True(v is 0 or 1.25));
        Assert.InRange(y.Count(v => v == 0), 19_500, 20_500);
    }

    [Fact]
    public void The_gradient_passes_where_elements_were_kept()
    {
        var x = Leaf(Enumerable.Repeat(3.0, 50).ToArray());
        var y = x.Dropout();
        Assert.Equal("MulBackward0", y.GradFn!.Name);
        double[] gradient = Ws.Gradients([y.Sum()], [x])[0]!.ToDoubles();
        Assert.Equal(y.ToDoubles(), Array.ConvertAll(gradient, g => 3 * g));
    }

    [Fact]
    public void The_seed_decides()
    {
        using Workspace a = new(seed: 5), b = new(seed: 5);
        double[] ones = Enumerable.Repeat(1.0, 64).ToArray();
        double[] first = Draw(a), second = Draw(a);
        Assert.Equal(first, Draw(b));
        Assert.NotEqual(first, second);
        a.Random.ManualSeed(5);
        Assert.Equal(first, Draw(a));

        double[] Draw(Workspace ws) => ws.FromArray<double>(ones, Shape.Of(64)).Dropout().ToDoubles();
    }

    [Fact]
    public void Nothing_is_done_outside_training_and_all_is_lost_with_certainty()
    {
        var x = Vector(1, 2);
        Assert.Same(x, x.Dropout(0.5, false));
        Assert.Same(x, x.Dropout(0));
        Assert.Equal([0, 0], x.Dropout(1).ToDoubles());
        Assert.Equal("dropout probability has to be between 0 and 1, but got 1.5", Assert.Throws<AutogradException>(() => x.Dropout(1.5)).Message);
    }

    [Fact]
    public void In_place_writes_the_tensor()
    {
        var x = Vector(Enumerable.Repeat(1.0, 64).ToArray());
        Assert.Same(x, x.DropoutInPlace());
        Assert.All(x.ToDoubles(), v => Assert.True(v is 0 or 2));
    }
}
