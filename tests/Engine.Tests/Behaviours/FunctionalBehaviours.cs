namespace AutogradService.Engine.Tests.Behaviours;

/// <summary>torch.autograd.functional, forward mode and gradcheck.</summary>
public sealed class FunctionalBehaviours : BehaviourGroup
{
    [Behaviour("fun.jacobian")]
    public object A_jacobian() => Functional.Jacobian(Ws, Squares, [Plain(1, 2)])[0][0];

    [Behaviour("fun.hessian")]
    public object A_hessian() => Functional.Hessian(Ws, SumOfCubes, [Plain(1, 2)])[0][0];

    [Behaviour("fun.vjp_default_v")]
    public object A_vjp_without_vector() => Functional.Vjp(Ws, Squares, [Plain(1, 2)]).Products;

    [Behaviour("fun.jvp")]
    public object A_jvp()
    {
        var (outputs, products) = Functional.Jvp(Ws, Squares, [Plain(1, 2)], [Plain(1, 1)]);
        return (object[])[outputs[0], products[0]];
    }

    [Behaviour("fun.hvp")]
    public object A_hvp()
    {
        var (outputs, products) = Functional.Hvp(Ws, SumOfCubes, [Plain(1, 2)], [Plain(1, 1)]);
        return (object[])[outputs[0], products[0]];
    }

    [Behaviour("fun.hessian_nonscalar")]
    public object A_hessian_of_several_elements() => Functional.Hessian(Ws, Squares, [Plain(1, 2)]);

    [Behaviour("fun.strict_independent")]
    public object A_strict_jacobian_of_a_constant() => Functional.Jacobian(Ws, _ => [Plain(1, 2)], [Plain(1, 2)], strict: true);

    [Behaviour("fun.nonstrict_independent")]
    public object A_jacobian_of_a_constant() => Functional.Jacobian(Ws, _ => [Plain(1, 2)], [Plain(1, 2)])[0][0];

    [Behaviour("fwd.dual")]
    public object A_dual()
    {
        using var level = Ws.EnterDualLevel();
        var x = Ws.MakeDual(Plain(2), Plain(1));
        var (primal, tangent) = Workspace.UnpackDual(x * x);
        return (object?[])[primal, tangent];
    }

    // The derivative takes one factor for a constant, the finite difference does not.
    [Behaviour("gradcheck.fail")]
    public object? A_wrong_derivative() => Raised(GradientCheck.First(Ws, x => [x[0] * x[0].Detach()], [Leaf(1, 2)]));

    [Behaviour("gradcheck.float32")]
    public object? A_check_in_float32() => Raised(GradientCheck.First(Ws, x => [x[0] * x[0]], [Leaf32(1, 2)]));

    // What is returned here, PyTorch raises.
    private static string? Raised(string? difference) => difference is null ? null : "GradcheckError: " + difference;

    private static Tensor[] Squares(Tensor[] x) => [x[0] * x[0]];

    private static Tensor[] SumOfCubes(Tensor[] x) => [x[0].Pow(3).Sum()];
}
