namespace AutogradService.Engine.Ops;

/// <summary>Whether elements are close: |self - other| &lt;= atol + rtol |other|, or equal; NaN is close to NaN only with equal_nan.</summary>
[Op("isclose(self, other, rtol, atol, equal_nan)")]
public sealed partial record Isclose(double Rtol = 1e-5, double Atol = 1e-8, bool EqualNan = false) : CompositeOp, IOp<Isclose>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map<Isclose>((op, a, b) =>
        a == b || op.EqualNan && double.IsNaN(a) && double.IsNaN(b) || double.IsFinite(a - b) && Math.Abs(a - b) <= op.Atol + op.Rtol * Math.Abs(b) ? 1 : 0);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Isclose(), s.Values(Shape.Of(4), 1, 2, double.NaN, double.PositiveInfinity), s.Values(Shape.Of(4), 1, 3, double.NaN, double.PositiveInfinity)),
        Sample.Of(new Isclose(0.5, 0.1, true), s.Values(Shape.Of(2, 2), 1, 2, double.NaN, 8), s.Values(Shape.Of(2), 3, 3)),
        Sample.Of(new Isclose(), s.Any(0), s.Any(0)),
    ];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        Tensor self = x[0], other = x[1];
        if (self.DType != other.DType)
            throw new AutogradException(ErrorReason.DtypeUnsupported, $"{self.DType.TorchName} did not match {other.DType.TorchName}");
        if (Rtol < 0) throw AutogradException.Attribute($"rtol must be greater than or equal to zero, but got {((Scalar)Rtol).ToString()}");
        if (Atol < 0) throw AutogradException.Attribute($"atol must be greater than or equal to zero, but got {((Scalar)Atol).ToString()}");
        using var mode = workspace.NoGrad();
        var close = self.Eq(other);
        if (EqualNan && self.DType.IsFloatingPoint) close = close.LogicalOr(self.Isnan().LogicalAnd(other.Isnan()));
        var allowed = other.Abs() * Rtol + Atol;
        var difference = (self.DType == DType.Bool ? self.LogicalXor(other) : self - other).Abs();
        return close.LogicalOr(difference.Isfinite().LogicalAnd(difference.Le(allowed)));
    }
}
