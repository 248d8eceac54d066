using Xunit;

namespace AutogradService.Engine.Tests.Ops;

public sealed class ActivationTests : PointwiseCase
{
    [Fact]
    public void Subgradients_at_the_kinks()
    {
        Assert.Equal([0], Gradient(x => x.Relu(), 0));
        Assert.Equal([0, 0], Gradient(x => x.Relu6(), 0, 6));
        Assert.Equal([0.01], Gradient(x => x.LeakyRelu(), 0));
        Assert.Equal([1], Gradient(x => x.Elu(), 0));
        Assert.Equal([1.7580993408473766], Gradient(x => x.Selu(), 0));
        Assert.Equal([0, 0], Gradient(x => x.Hardtanh(), -1, 1));
        Assert.Equal([0.5], Gradient(x => x.Logsigmoid(), 0));
        Assert.Equal([1], Gradient(x => x.Celu(), 0));
        Assert.Equal([0, 0], Gradient(x => x.Hardsigmoid(), -3, 3));
        Assert.Equal([-0.5, 1.5], Gradient(x => x.Hardswish(), -3, 3));
        Assert.Equal([0, 0], Gradient(x => x.Hardshrink(), -0.5, 0.5));
        Assert.Equal([0, 0], Gradient(x => x.Softshrink(), -0.5, 0.5));
        Assert.Equal([0], Gradient(x => x.Threshold(0, -1), 0));
        Assert.Equal([0.9999999979388464, 1], Gradient(x => x.Softplus(), 20, 21));
    }

    [Fact]
    public void Not_a_number_stays_so()
    {
        Func<Tensor, Tensor>[] functions = [x => x.Relu(), x => x.Relu6(), x => x.LeakyRelu(), x => x.Elu(), x => x.Hardtanh(), x => x.Gelu(), x => x.Gelu("tanh"), x => x.Silu(), x => x.Mish(), x => x.Softplus(), x => x.Logsigmoid(), x => x.Tanh(), x => x.Sigmoid(), x => x.Celu(), x => x.Hardsigmoid(), x => x.Hardswish(), x => x.Hardshrink(), x => x.Softshrink(), x => x.Threshold(0, -1)];
        foreach (var f in functions) Assert.Equal([NaN], f(Vector(NaN)).ToDoubles());
    }

    [Fact]
    public void Tails_are_stable()
    {
        Assert.Equal([-1000, 0], Vector(-1000, 1000).Logsigmoid().ToDoubles());
        Assert.Equal([0, 1000], Vector(-1000, 1000).Softplus().ToDoubles());
        Assert.Equal([0, 1000], Vector(-1000, 1000).Mish().ToDoubles());
        Assert.Equal([1, 0], Gradient(x => x.Logsigmoid(), -1000, 1000));
        Assert.Equal([0, 1], Gradient(x => x.Sigmoid() * 0 + x.Silu(), -1000, 1000));
    }

    [Fact]
    public void Nodes_and_their_derivatives_are_named_as_pytorch_names_them()
    {
        Assert.Equal("HardtanhBackward0", Recorded(x => x.Relu6()));
        Assert.Equal("EluBackward0", Recorded(x => x.Selu()));
        Assert.Equal("ThresholdBackward0", Recorded(x => x.Threshold(0, 1)));
        Assert.Equal("PreluKernelBackward0", Recorded(x => x.Prelu(Vector(0.1))));
        Assert.Equal("DivBackward0", Recorded(x => x.Softsign()));
        Assert.Equal("LogSigmoidBackward0", Recorded(x => x.Logsigmoid()));
        Assert.Equal("ThresholdBackwardBackward0", Derivative(x => x.Relu()));
        Assert.Equal("TanhBackwardBackward0", Derivative(x => x.Tanh()));
        Assert.Equal("SigmoidBackwardBackward0", Derivative(x => x.Sigmoid()));
        Assert.Equal("GeluBackwardBackward0", Derivative(x => x.Gelu()));

        string Derivative(Func<Tensor, Tensor> f)
        {
            var x = Leaf(0.5);
            return Ws.Gradients([f(x)], [x], [Leaf(1)], createGraph: true)[0]!.GradFn!.Name;
        }
    }

    [Fact]
    public void Relu_saves_its_result()
    {
        var x = Leaf(1, -1);
        var y = x * 1;
        var z = y.Relu();
        y.AddInPlace(1);
        Ws.Backward([z.Sum()]);
        Assert.Equal([1, 0], x.Grad!.ToDoubles());
        var w = (x * 1).Relu();
        w.AddInPlace(1);
        Assert.Equal(ErrorReason.TensorModified, Assert.Throws<AutogradException>(() => Ws.Backward([w.Sum()])).Reason);
    }

    [Fact]
    public void In_place_forms_of_composites_write_the_tensor()
    {
        var x = Leaf(-2, 3, 9);
        var y = x * 1;
        Assert.Same(y, y.Relu6InPlace());
        Assert.Equal([0, 3, 6], y.ToDoubles());
        Ws.Backward([y.Sum()]);
        Assert.Equal([0, 1, 0], x.Grad!.ToDoubles());
    }

    [Fact]
    public void Refusals_have_pytorchs_words()
    {
        Assert.Equal("approximate argument must be either none or tanh.", Assert.Throws<AutogradException>(() => Vector(1).Gelu("asdf")).Message);
        Assert.Equal("Boolean inputs not supported for relu", Assert.Throws<AutogradException>(() => Truths(true).Relu()).Message);
        Assert.Equal("\"GeluKernelImpl\" not implemented for 'Long'", Assert.Throws<AutogradException>(() => Integers(1).Gelu()).Message);
        Assert.Equal([0, 2], Integers(-1, 2).Relu().ToArray<long>());
    }

    // Long inputs go stage by stage over tiles, short ones element by element: the same bits, wherever the tiles end and however many threads there are.
    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Gelu_of_many_is_that_of_each(DType dtype)
    {
        using var ws = new Workspace();
        foreach (long n in (long[])[511, 512, 513, 1029, 70_003])
        {
            var x = ws.Randn([n]).Mul(3).To(dtype);
            double[] whole = x.Gelu().ToDoubles(), inPlace = x.Clone().GeluInPlace().ToDoubles();
            double[] parts = [.. Enumerable.Range(0, (int)((n + 99) / 100)).SelectMany(i => x.Slice(0, i * 100, Math.Min(n, (i + 1) * 100)).Gelu().ToDoubles())];
            Assert.Equal(parts, whole);
            Assert.Equal(parts, inPlace);
        }
    }
}
