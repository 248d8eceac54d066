using Xunit;

namespace AutogradService.Engine.Tests.Ops;

public sealed class ElementaryTests : PointwiseCase
{
    [Fact]
    public void Logarithms_at_the_edge_of_their_domain()
    {
        Assert.Equal([-Inf, NaN], Vector(0, -1).Log().ToDoubles());
        Assert.Equal([Inf, -1], Gradient(x => x.Log(), 0, -1));
        Assert.Equal([Inf], Gradient(x => x.Log1p(), -1));
        Assert.Equal("Log1PBackward0", Recorded(x => x.Log1p()));
        Assert.Equal([1e-20], Vector(1e-20).Log1p().ToDoubles());
        Assert.Equal([1e-20], Vector(1e-20).Expm1().ToDoubles());
    }

    [Fact]
    public void Inverse_functions_at_the_edge_of_their_domain()
    {
        Assert.Equal([Inf], Gradient(x => x.Asin(), 1));
        Assert.Equal([-Inf], Gradient(x => x.Acos(), 1));
        Assert.Equal([NaN], Vector(1.5).Asin().ToDoubles());
        Assert.Equal([1], Gradient(x => x.Tan(), 0));
        Assert.Equal([NaN], Gradients((y, x) => y.Atan2(x), [0], [0]).A);
    }

    [Fact]
    public void Elementary_functions_make_floats_of_integers()
    {
        Assert.Equal(DType.Float32, Integers(1).Sin().DType);
        Assert.Equal(DType.Float32, Truths(true).Exp2().DType);
        Assert.Equal(DType.Float64, Vector(1).Erf().DType);
    }

    [Fact]
    public void Xlogy_of_zero()
    {
        Assert.Equal([0, NaN, 0], Vector(0, 0, 0).Xlogy(Vector(0, NaN, Inf)).ToDoubles());
        var (x, y) = Gradients((a, b) => a.Xlogy(b), [0], [0]);
        Assert.Equal([0], x);
        Assert.Equal([NaN], y);
    }

    [Fact]
    public void Logaddexp_of_infinities() =>
        Assert.Equal([-Inf, Inf, 1, NaN], Vector(-Inf, Inf, 1, NaN).Logaddexp(Vector(-Inf, Inf, -Inf, 1)).ToDoubles());

    [Fact]
    public void Hypot_does_not_overflow()
    {
        double[] y = Vector(3e200, Inf).Hypot(Vector(4e200, NaN)).ToDoubles();
        Assert.Equal(5, y[0] / 1e200, 12);
        Assert.Equal(Inf, y[1]);
        Assert.Equal("\"hypot\" not implemented for 'Long'", Assert.Throws<AutogradException>(() => Integers(1).Hypot(Integers(1))).Message);
    }
}
