namespace AutogradService.Engine.Ops;

/// <summary>Integral along a dim by the trapezoidal rule, at equal distances dx: dx times the sum of (y[k] + y[k + 1]) / 2.</summary>
[Op("trapezoid.dx(y, dx, dim)")]
public sealed partial record Trapezoid(double Dx = 1, long Dim = -1) : CompositeOp, IOp<Trapezoid>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Trapezoid>((op, x) => Trapezoids.Areas(x[0], null, op.Dim, op.Dx).Reduce([op.Dim], false, v => v.Sum()));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat ? [Sample.Of(new Trapezoid(), s.Any(5)), Sample.Of(new Trapezoid(0.5, 0), s.Any(3, 4)), Sample.Of(new Trapezoid(), s.Any(2, 0))] : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        var y = x[0];
        int dim = Trapezoids.DimOf(y, Dim);
        if (y.Shape[dim] == 0) return workspace.RawFull(y.Shape.Without(dim), 0.0, y.DType);
        Trapezoids.RequireNumbers(y, null, "trapezoid");
        var sum = y.Sum([dim]) - workspace.Apply(new MulScalar(0.5), y.Select(dim, 0) + y.Select(dim, -1));
        return workspace.Apply(new MulScalar(Dx), sum);
    }
}
