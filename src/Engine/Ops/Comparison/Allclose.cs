namespace AutogradService.Engine.Ops;

/// <summary>Whether all elements are close, as a 0-d truth value: |self - other| &lt;= atol + rtol |other|, or equal; NaN is close to NaN only with equal_nan.</summary>
[Op("allclose(self, other, rtol, atol, equal_nan)")]
public sealed partial record Allclose(double Rtol = 1e-5, double Atol = 1e-8, bool EqualNan = false) : CompositeOp, IOp<Allclose>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Allclose>((op, x) =>
        new NdArray(Shape.Scalar, [Isclose.Reference.Compute(new Isclose(op.Rtol, op.Atol, op.EqualNan), x)[0].Values.All(v => v != 0) ? 1 : 0]));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Allclose(), s.Values(Shape.Of(2), 1, 2), s.Values(Shape.Of(2), 1, 3)),
        Sample.Of(new Allclose(0.5, 0.1, true), s.Values(Shape.Of(2, 2), 1, 2, 3, 2), s.Values(Shape.Of(2), 3, 3)),
        Sample.Of(new Allclose(), s.Any(0), s.Any(0)),
    ];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].Isclose(x[1], Rtol, Atol, EqualNan).All();
}
