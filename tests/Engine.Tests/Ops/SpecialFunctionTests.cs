using Xunit;

namespace AutogradService.Engine.Tests.Ops;

public sealed class SpecialFunctionTests
{
    private readonly Workspace _ws = new();

    private Tensor Of(params double[] values) => _ws.FromArray<double>(values, Shape.Of(values.Length));

    private static void Close(double expected, double actual) => Assert.InRange(actual, expected - 1e-12 * (1 + Math.Abs(expected)), expected + 1e-12 * (1 + Math.Abs(expected)));

    // Values of Abramowitz and Stegun's tables, and of mpmath.
    [Fact]
    public void Bessel_functions_have_their_tabulated_values()
    {
        double[] i0 = Of(1, 10, 40).I0().ToDoubles(), j0 = Of(1, 10, 100).SpecialBesselJ0().ToDoubles(), j1 = Of(-1, 10, 100).SpecialBesselJ1().ToDoubles();
        Close(1.2660658777520083, i0[0]);
        Close(2815.716628466254, i0[1]);
        Close(14894774793419899.0, i0[2]);
        Close(0.7651976865579666, j0[0]);
        Close(-0.2459357644513483, j0[1]);
        Close(0.01998585030422312, j0[2]);
        Close(-0.44005058574493355, j1[0]);
        Close(0.04347274616886144, j1[1]);
        Close(-0.07714535201411216, j1[2]);
        Close(0.5651591039924851, Of(1).SpecialI1().Item());
        Close(0.1212626813844556, Of(10).SpecialI1e().Item());
    }

    // Values of mpmath.
    [Fact]
    public void Bessel_functions_of_the_second_kind_have_their_tabulated_values()
    {
        double[] x = [0.01, 1, 10, 40, 100];
        All([-3.00545563708364596, 0.088256964215676958, 0.0556711672835993914, 0.125936417058260929, -0.0772443133650831523], Of(x).SpecialBesselY0());
        All([-63.6785962820606564, -0.781212821300288717, 0.249015424206953884, -0.00579350582154963294, -0.0203723120027597933], Of(x).SpecialBesselY1());
        All([4.72124473016109497, 0.421024438240708333, 1.77800623161676518e-05, 8.39286110009956703e-19, 4.65662822917590202e-45], Of(x).SpecialModifiedBesselK0());
        All([99.9738941182962476, 0.601907230197234575, 1.86487734538255846e-05, 8.49713195486103865e-19, 4.67985373563690929e-45], Of(x).SpecialModifiedBesselK1());
        Assert.Equal(4.65662822917590202e-45, Of(100).SpecialModifiedBesselK0().Item(), 4.7e-57);
        Assert.Equal([double.NegativeInfinity, double.NaN, 0], Of(0, -1, double.PositiveInfinity).SpecialBesselY1().ToDoubles());
        Assert.Equal([double.PositiveInfinity, double.NaN, 0], Of(0, -1, double.PositiveInfinity).SpecialModifiedBesselK0().ToDoubles());

        static void All(double[] expected, Tensor actual)
        {
            foreach (var (e, a) in expected.Zip(actual.ToDoubles())) Close(e, a);
        }
    }

    [Fact]
    public void Tails_of_the_normal_distribution_are_accurate()
    {
        Close(-804.6084420137538, Of(-40).SpecialLogNdtr().Item());
        Close(0.05614099274382259, Of(10).SpecialErfcx().Item());
        Close(-6.361340902404056, Of(1e-10).SpecialNdtri().Item());
        Assert.Equal([double.NegativeInfinity, double.PositiveInfinity, double.NaN], Of(0, 1, 2).SpecialNdtri().ToDoubles());
        Assert.Equal([0, double.NegativeInfinity], Of(0, -1).SpecialEntr().ToDoubles());
    }

    [Fact]
    public void Incomplete_gamma_functions_add_up_to_one()
    {
        var (a, x) = (Of(0.5, 3, 20), Of(2, 1, 25));
        Assert.All(a.Igamma(x).Add(a.Igammac(x)).ToDoubles(), v => Close(1, v));
        Close(0.9544997361036416, a.Igamma(x).ToDoubles()[0]);
        var leaf = Of(2).SetRequiresGrad();
        Assert.Equal(ErrorReason.NotDifferentiable, Assert.Throws<AutogradException>(() => _ws.Gradients([leaf.Igamma(Of(1))], [leaf])).Reason);
    }

    [Fact]
    public void Integers_shift_and_divide_as_in_C()
    {
        var n = _ws.FromArray<long>([-8, 6, 0], Shape.Of(3));
        Assert.Equal([-4, 3, 0], n.BitwiseRightShift(1L).ToDoubles());
        Assert.Equal([-16, 12, 0], n.BitwiseLeftShift(1L).ToDoubles());
        Assert.Equal([4, 2, 12], n.Gcd(_ws.FromArray<long>([12, 4, 12], Shape.Of(3))).ToDoubles());
        Assert.Equal([24, 12, 0], n.Lcm(_ws.FromArray<long>([12, 4, 12], Shape.Of(3))).ToDoubles());
        Assert.Equal(ErrorReason.DtypeUnsupported, Assert.Throws<AutogradException>(() => Of(1).Gcd(Of(2))).Reason);
    }

    [Fact]
    public void The_next_number_is_one_bit_away()
    {
        Assert.Equal([Math.BitIncrement(1.0), -double.Epsilon], Of(1, 0).Nextafter(Of(2, -1)).ToDoubles());
        var single = Of(1).To(DType.Float32);
        Assert.Equal([(double)MathF.BitIncrement(1)], single.Nextafter(Of(2).To(DType.Float32)).ToDoubles());
    }
}
