namespace AutogradService.Engine.Ops;

/// <summary>Running integral along a dim by the trapezoidal rule at points x, one row of them or broadcast.</summary>
[Op("cumulative_trapezoid.x(y, x, dim)")]
public sealed partial record CumulativeTrapezoidX(long Dim = -1) : CompositeOp, IOp<CumulativeTrapezoidX>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<CumulativeTrapezoidX>((op, x) => RunningRow.Define(Trapezoids.Areas(x[0], x[1], op.Dim, 1), op.Dim, (row, k) => row[..(k + 1)].Sum()));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat ? [Sample.Of(new CumulativeTrapezoidX(), s.Any(5), s.Any(5)), Sample.Of(new CumulativeTrapezoidX(0), s.Any(3, 4), s.Any(3))] : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        var y = x[0];
        int dim = Trapezoids.DimOf(y, Dim);
        var dx = Trapezoids.Distances(y, x[1], dim, "cumulative_trapezoid");
        return workspace.Apply(new DivScalar(2), (y.Slice(dim, 1) + y.Slice(dim, 0, -1)).Mul(dx).Cumsum(dim));
    }
}
