namespace AutogradService.Engine.Ops;

/// <summary>Running integral along a dim by the trapezoidal rule, at equal distances dx.</summary>
[Op("cumulative_trapezoid.dx(y, dx, dim)")]
public sealed partial record CumulativeTrapezoid(double Dx = 1, long Dim = -1) : CompositeOp, IOp<CumulativeTrapezoid>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<CumulativeTrapezoid>((op, x) => RunningRow.Define(Trapezoids.Areas(x[0], null, op.Dim, op.Dx), op.Dim, (row, k) => row[..(k + 1)].Sum()));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat ? [Sample.Of(new CumulativeTrapezoid(), s.Any(5)), Sample.Of(new CumulativeTrapezoid(0.5, 0), s.Any(3, 4))] : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        var y = x[0];
        int dim = Trapezoids.DimOf(y, Dim);
        Trapezoids.RequireNumbers(y, null, "cumulative_trapezoid");
        return (y.Slice(dim, 1) + y.Slice(dim, 0, -1)).Mul(Dx / 2).Cumsum(dim);
    }
}
