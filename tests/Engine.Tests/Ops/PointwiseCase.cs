namespace AutogradService.Engine.Tests.Ops;

/// <summary>What tests of pointwise conventions share: values and gradients of a function at some points.</summary>
public abstract class PointwiseCase
{
    protected const double Inf = double.PositiveInfinity;
    protected const double NaN = double.NaN;

    protected Workspace Ws { get; } = new();

    protected Tensor Leaf(params double[] values) => Vector(values).SetRequiresGrad();

    protected Tensor Vector(params double[] values) => Ws.FromArray<double>(values, Shape.Of(values.Length));

    protected Tensor Floats(params float[] values) => Ws.FromArray<float>(values, Shape.Of(values.Length));

    protected Tensor Integers(params long[] values) => Ws.FromArray<long>(values, Shape.Of(values.Length));

    protected Tensor Truths(params bool[] values) => Ws.FromArray<bool>(values, Shape.Of(values.Length));

    /// <summary>The gradient of the sum of f at the points.</summary>
    protected double[] Gradient(Func<Tensor, Tensor> f, params double[] points)
    {
        var x = Leaf(points);
        return Ws.Gradients([f(x).Sum()], [x])[0]!.ToDoubles();
    }

    /// <summary>The gradients of the sum of f at pairs of points.</summary>
    protected (double[] A, double[] B) Gradients(Func<Tensor, Tensor, Tensor> f, double[] a, double[] b)
    {
        Tensor x = Leaf(a), y = Leaf(b);
        var gradients = Ws.Gradients([f(x, y).Sum()], [x, y]);
        return (gradients[0]!.ToDoubles(), gradients[1]!.ToDoubles());
    }

    /// <summary>The name of the node that f records.</summary>
    protected string? Recorded(Func<Tensor, Tensor> f) => f(Leaf(0.5, 0.7)).GradFn?.Name;
}
