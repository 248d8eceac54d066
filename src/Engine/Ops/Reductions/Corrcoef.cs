namespace AutogradService.Engine.Ops;

/// <summary>Correlation coefficients of variables, the rows of self, over observations, its columns: the covariance divided by both deviations.</summary>
[Op("corrcoef(self)")]
public sealed partial record Corrcoef : CompositeOp, IOp<Corrcoef>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Corrcoef>((_, x) =>
    {
        var c = Cov.Reference.Compute(new Cov(), [x[0], null, null])[0];
        return c.Shape.Rank == 0 ? new NdArray(c.Shape, [c.Values[0] / c.Values[0]]) : NdArray.Build(c.Shape, i => Math.Clamp(c[i] / Math.Sqrt(c[i[0], i[0]] * c[i[1], i[1]]), -1, 1));
    });

    // The coefficient of a variable with itself is 1, at the edge of what is clamped.
    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat ? [Sample.ForwardOnly(new Corrcoef(), s.Any(3, 5)), Sample.ForwardOnly(new Corrcoef(), s.Any(5))] : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        if (x[0].Dim > 2) throw AutogradException.Shape($"corrcoef(): expected input to have two or fewer dimensions but got an input with {x[0].Dim} dimensions");
        var c = x[0].Cov();
        if (c.Dim == 0) return c.Div(c);
        var deviation = c.Diag().Sqrt();
        return c.Div(deviation.View([-1, 1])).Div(deviation.View([1, -1])).Clamp((Scalar)(-1L), (Scalar)1L);
    }
}
