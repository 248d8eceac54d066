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
        Assert.Equal([Inf], Gradient(x => x.Acosh(), 1));
        Assert.Equal([Inf], Gradient(x => x.Atanh(), 1));
        Assert.Equal([0, 4], Gradient(x => x.Logit(1e-6), 0, 0.5));
        Assert.Equal([NaN], Gradient(x => x.Logit(), 2));
        Assert.Equal([0], Gradient(x => x.Sinc(), 0));
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

    [Fact]
    public void Special_functions_at_known_points()
    {
        Assert.Equal(-0.5772156649015329, Gradient(x => x.Lgamma(), 1)[0], 14);
        Assert.Equal(Math.PI * Math.PI / 6, Gradient(x => x.Digamma(), 1)[0], 14);
        Assert.Equal(-2 * 1.2020569031595942, Ws.Polygamma(2, Vector(1)).Item(), 14);
        Assert.Equal(0.4769362762044699, Vector(0.5).Erfinv().Item(), 15);
        Assert.Equal(-4.572824967389486, Vector(-(1 - 1e-10)).Erfinv().Item(), 6);
        Assert.Equal([Inf, -Inf, NaN], Vector(1, -1, 2).Erfinv().ToDoubles());
    }
}
