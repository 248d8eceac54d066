using AutogradService.Engine.Tests.Autograd;

namespace AutogradService.Engine.Tests.Behaviours;

/// <summary>Behaviours of one subject; each runs on an instance, and so in a workspace, of its own.</summary>
public abstract class BehaviourGroup : AutogradTest
{
    protected const double Inf = double.PositiveInfinity;
    protected const double NaN = double.NaN;

    protected Tensor Number(double value) => Ws.FromArray<double>([value], Shape.Scalar);

    protected Tensor Plain32(params double[] values) => Ws.FromArray<double>(values, Shape.Of(values.Length), DType.Float32);

    protected Tensor Leaf32(params double[] values) => Plain32(values).SetRequiresGrad();

    protected Tensor Ints(params long[] values) => Ws.FromArray<long>(values, Shape.Of(values.Length));

    protected Tensor Bools(params bool[] values) => Ws.FromArray<bool>(values, Shape.Of(values.Length));

    protected Tensor Zeros(params long[] sizes) => Ws.Zeros(Dims.Create(sizes), DType.Float64);

    protected Tensor Ones(params long[] sizes) => Ws.Ones(Dims.Create(sizes), DType.Float64);

    protected Tensor LeafOf(Shape shape, params double[] values) => Ws.FromArray<double>(values, shape).SetRequiresGrad();

    /// <summary>The gradient of the sum of f at a point, and f there, both flat.</summary>
    protected object Derivative(Func<Tensor, Tensor> f, params double[] at)
    {
        var x = Leaf(at);
        var y = f(x);
        Backward(y, y.OnesLike());
        return (object?[])[x.Grad is { } g ? g.ToDoubles() : null, y.ToDoubles()];
    }

    /// <summary>The gradients of the sum of f(a, b) in both operands, flat.</summary>
    protected object Derivatives(Func<Tensor, Tensor, Tensor> f, double[] a, double[] b) => Derivatives(f, Leaf(a), Leaf(b));

    protected object Derivatives(Func<Tensor, Tensor, Tensor> f, Tensor a, Tensor b)
    {
        Backward(f(a, b).Sum());
        return (object?[])[a.Grad?.ToDoubles(), b.Grad?.ToDoubles()];
    }

    protected object Derivatives(Func<Tensor, Tensor, Tensor> f, double a, double b) => Derivatives(f, [a], [b]);

    /// <summary>Whether two tensors see the same memory.</summary>
    protected static bool Share(Tensor a, Tensor b) => ReferenceEquals(a.Storage, b.Storage) && a.Offset == b.Offset;

    protected static string? Name(Tensor t) => t.GradFn?.Name;

    /// <summary>next_functions of a node as Python prints it, addresses left out.</summary>
    protected static string Shown((Node? Node, int OutputNr) next) => $"({(next.Node is { } n ? $"<{n.Name.Split("::")[^1]} object>" : "None")}, {next.OutputNr})";

    protected static GradientHook Hook(Func<Tensor, Tensor> f) => new("<lambda>", f);

    /// <summary>A hook that notes the gradient, and lets it pass.</summary>
    protected static GradientHook Noting(Action<Tensor> note) => Hook(g =>
    {
        note(g);
        return g;
    });
}
