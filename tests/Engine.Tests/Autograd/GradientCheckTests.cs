using Xunit;

namespace AutogradService.Engine.Tests.Autograd;

/// <summary>gradcheck and gradgradcheck find what is wrong, and nothing else.</summary>
public sealed class GradientCheckTests : AutogradTest
{
    // Forgets the factor of its derivative: detach() hides one of the two factors.
    private static Tensor[] Wrong(Tensor[] x) => [x[0].Mul(x[0].Detach())];

    [Fact]
    public void A_right_derivative_passes_in_both_modes_and_forward()
    {
        var x = Leaf(0.5, -1, 2);
        var w = Ws.Rand([3, 2], DType.Float64).SetRequiresGrad();
        Tensor[] F(Tensor[] t) => [t[0].Matmul(t[1]).Tanh(), t[0].Prod()];
        foreach (bool fast in (bool[])[false, true])
        {
            var options = new GradientCheckOptions { FastMode = fast, CheckForwardAd = true };
            Assert.Null(GradientCheck.First(Ws, F, [x, w], options));
            Assert.Null(GradientCheck.Second(Ws, F, [x, w], options: options));
        }
        Assert.Equal([0.5, -1, 2], x.ToDoubles());
        Assert.Null(x.Grad);
    }

    [Fact]
    public void A_wrong_derivative_is_told_with_both_jacobians()
    {
        string? message = GradientCheck.First(Ws, Wrong, [Leaf(3)]);
        Assert.StartsWith("Jacobian mismatch for output 0 with respect to input 0,\nnumerical:tensor([[6]])\nanalytical:tensor([[3]])", message, StringComparison.Ordinal);
        Assert.EndsWith("computed in fast mode.", GradientCheck.First(Ws, Wrong, [Leaf(3)], new GradientCheckOptions { FastMode = true }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_second_derivative_is_found_where_the_first_is_right()
    {
        // x * x written so that only its first derivative, 2x, is right: the gradient hides from differentiation.
        Tensor[] F(Tensor[] x) => [x[0].Mul(x[0].Detach().Mul(2.0)).Sub(x[0].Mul(x[0]).Detach())];
        Assert.Null(GradientCheck.First(Ws, x => [x[0].Mul(x[0])], [Leaf(1, 2)]));
        Assert.NotNull(GradientCheck.Second(Ws, F, [Leaf(1, 2)]));
    }

    [Fact]
    public void Float32_fails_by_its_rounding() => Assert.NotNull(GradientCheck.First(Ws, x => [x[0].Mul(x[0])], [Ws.FromArray<float>([1.5f], Shape.Of(1)).SetRequiresGrad()]));

    [Fact]
    public void An_output_that_does_not_require_grad_must_not_depend_on_the_input()
    {
        Assert.Null(GradientCheck.First(Ws, _ => [Plain(1)], [Leaf(1)]));
        Assert.Equal("Numerical gradient for function expected to be zero", GradientCheck.First(Ws, x => [x[0].Detach().Mul(2.0)], [Leaf(1)]));
        Refuses(ErrorReason.InvalidAttribute, "gradcheck expects at least one input tensor to require gradient", () => GradientCheck.First(Ws, x => x, [Plain(1)]));
    }
}
