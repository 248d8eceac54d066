namespace AutogradService.Engine.Ops;

/// <summary>Integral along a dim by the trapezoidal rule at points x, one row of them or broadcast: the sum of (y[k] + y[k + 1]) / 2 * (x[k + 1] - x[k]).</summary>
[Op("trapezoid.x(y, x, dim)")]
public sealed partial record TrapezoidX(long Dim = -1) : CompositeOp, IOp<TrapezoidX>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<TrapezoidX>((op, x) => Trapezoids.Areas(x[0], x[1], op.Dim, 1).Reduce([op.Dim], false, v => v.Sum()));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ? [Sample.Of(new TrapezoidX(), s.Any(5), s.Any(5)), Sample.Of(new TrapezoidX(0), s.Any(3, 4), s.Any(3)), Sample.Of(new TrapezoidX(1), s.Any(2, 3), s.Any(1, 3)), Sample.Of(new TrapezoidX(), s.Any(2, 3, 2), s.Any(3, 2))]
        : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        var y = x[0];
        int dim = Trapezoids.DimOf(y, Dim);
        if (y.Shape[dim] == 0) return workspace.RawFull(y.Shape.Without(dim), 0.0, y.DType);
        var dx = Trapezoids.Distances(y, x[1], dim, "trapezoid");
        return workspace.Apply(new DivScalar(2), (y.Slice(dim, 0, -1) + y.Slice(dim, 1)).Mul(dx).Sum([dim]));
    }
}
