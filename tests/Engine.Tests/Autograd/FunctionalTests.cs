using Xunit;

namespace AutogradService.Engine.Tests.Autograd;

/// <summary>torch.autograd.functional: products, Jacobians, Hessians, and what strict mode refuses.</summary>
public sealed class FunctionalTests : AutogradTest
{
    [Fact]
    public void The_jacobian_has_the_outputs_shape_followed_by_the_inputs()
    {
        var a = Plain(1, 2);
        var b = Plain(3, 4, 5);
        var j = Functional.Jacobian(Ws, x => [x[0].Outer(x[1]), x[0].Sum()], [a, b]);
        Assert.Equal(Shape.Of(2, 3, 2), j[0][0].Shape);
        Assert.Equal(Shape.Of(2, 3, 3), j[0][1].Shape);
        Assert.Equal(Shape.Of(2), j[1][0].Shape);
        Assert.Equal([3, 0, 4, 0, 5, 0, 0, 3, 0, 4, 0, 5], j[0][0].ToDoubles());
        Assert.Equal([0, 0, 0], j[1][1].ToDoubles()); // the sum does not depend on b
        Assert.False(j[0][0].RequiresGrad);
        Assert.Null(a.Grad);
    }

    [Fact]
    public void With_create_graph_the_jacobian_can_be_differentiated()
    {
        var x = Leaf(2, 3);
        var j = Functional.Jacobian(Ws, t => [t[0].Pow(3.0)], [x], createGraph: true)[0][0];
        Assert.Equal([12, 18], Ws.Gradients([j.Sum()], [x])[0]!.ToDoubles());
    }

    [Fact]
    public void The_hessian_is_the_second_derivative_by_every_pair_of_inputs()
    {
        var h = Functional.Hessian(Ws, x => [x[0].Mul(x[0]).Mul(x[1]).Sum()], [Plain(1, 2), Plain(3, 4)]);
        Assert.Equal([6, 0, 0, 8], h[0][0].ToDoubles());
        Assert.Equal([2, 0, 0, 4], h[0][1].ToDoubles());
        Assert.Equal([2, 0, 0, 4], h[1][0].ToDoubles());
        Assert.Equal([0, 0, 0, 0], h[1][1].ToDoubles());
        Refuses(ErrorReason.GradOutputRequired, "The Tensor returned by the function given to hessian should contain a single element", () => Functional.Hessian(Ws, x => [x[0]], [Plain(1, 2)]));
    }

    [Fact]
    public void Products_agree_with_the_matrices()
    {
        Tensor[] x = [Plain(0.5, -1, 2)], v = [Plain(1, 2, 3)];
        Tensor[] F(Tensor[] t) => [t[0].Mul(t[0]).Matmul(Ws.Ones([3, 2], DType.Float64)).Exp()];
        Tensor[] G(Tensor[] t) => [t[0].Prod().Mul(t[0].Sin().Sum())];
        var j = Functional.Jacobian(Ws, F, x)[0][0];
        var h = Functional.Hessian(Ws, G, x)[0][0];
        Close(j.Matmul(v[0]), Functional.Jvp(Ws, F, x, v).Products[0]);
        Close(Plain(1, -1).Matmul(j), Functional.Vjp(Ws, F, x, [Plain(1, -1)]).Products[0]);
        Close(h.Matmul(v[0]), Functional.Hvp(Ws, G, x, v).Products[0]);
        Close(v[0].Matmul(h), Functional.Vhp(Ws, G, x, v).Products[0]);
        using var level = Ws.EnterDualLevel();
        Close(j.Matmul(v[0]), F([Ws.MakeDual(x[0], v[0])])[0].Tangent!);
    }

    [Fact]
    public void Vectors_must_fit()
    {
        Tensor[] Twice(Tensor[] t) => [t[0].Mul(t[0])];
        Tensor[] two = [Plain(1, 2)];
        Refuses(ErrorReason.GradOutputRequired, "The vector v can only be None if the user-provided function returns a single Tensor with a single element.", () => Functional.Vjp(Ws, Twice, two));
        Refuses(ErrorReason.GradOutputRequired, "The vector v can only be None if the input to the user-provided function is a single Tensor with a single element.", () => Functional.Jvp(Ws, Twice, two));
        Refuses(ErrorReason.ShapeMismatch, "v has invalid size: should be torch.Size([2]) but got torch.Size([1]).", () => Functional.Vjp(Ws, Twice, two, [Plain(1)]));
        Refuses(ErrorReason.ShapeMismatch, "The given v should contain a single Tensor.", () => Functional.Jvp(Ws, Twice, two, [Plain(1, 2), Plain(1, 2)]));
    }

    [Fact]
    public void Strict_mode_refuses_independence()
    {
        Tensor[] x = [Plain(1, 2)];
        Refuses(ErrorReason.NoGradPath, "Output 0 of the user-provided function does not require gradients.", () => Functional.Jacobian(Ws, _ => [Plain(1, 2)], x, strict: true));
        Refuses(ErrorReason.NoGradPath, "Output 0 of the user-provided function is independent of input 1. This is not allowed in strict mode.", () => Functional.Jacobian(Ws, t => [t[0].Mul(2.0)], [x[0], Plain(1)], strict: true));
        Refuses(ErrorReason.NoGradPath, "The jacobian of the user-provided function is independent of input 0. This is not allowed in strict mode when create_graph=True.", () => Functional.Jacobian(Ws, t => [t[0].Mul(2.0)], x, createGraph: true, strict: true));
        Refuses(ErrorReason.NoGradPath, "The jacobian of the user-provided function is independent of input 0.", () => Functional.Hessian(Ws, t => [t[0].Sum()], x, strict: true));
        Assert.Equal([0, 0, 0, 0], Functional.Hessian(Ws, t => [t[0].Sum()], x)[0][0].ToDoubles());
        Assert.Equal([0, 0], Functional.Hvp(Ws, t => [t[0].Sum()], x, x).Products[0].ToDoubles());
    }

    private static void Close(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        double[] e = expected.ToDoubles(), a = actual.ToDoubles();
        for (int i = 0; i < e.Length; i++) Assert.Equal(e[i], a[i], 1e-10 * (1 + Math.Abs(e[i])));
    }
}
