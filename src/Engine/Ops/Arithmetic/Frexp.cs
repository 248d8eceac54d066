namespace AutogradService.Engine.Ops;

/// <summary>Mantissa in (-1, -1/2], [1/2, 1) or 0, and exponent (int32), with self = mantissa * 2^exponent.</summary>
[Op("frexp(self) -> (mantissa, exponent)")]
public sealed partial record Frexp : MultiOp, IOp<Frexp>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<Frexp>((_, x) =>
        [NdArray.Build(x[0].Shape, i => x[0][i] == 0 ? 0 : x[0][i] / Math.Pow(2, Exponent(x[0][i]))), NdArray.Build(x[0].Shape, i => Exponent(x[0][i]))]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat ? [Sample.Of(new Frexp(), s.Any(3, 4)), Sample.Of(new Frexp(), s.Strided(3, 5)), Sample.Of(new Frexp(), s.Any()), Sample.ForwardOnly(new Frexp(), s.Values(Shape.Of(3), 0, 8, -0.5))] : [];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.OutputAt(1);

    /// <inheritdoc/>
    public override TensorSpec[] Infer(Inputs x) => x[0].DType.IsFloatingPoint
        ? [new(x[0].Shape, x[0].DType), new(x[0].Shape, DType.Int32)]
        : throw AutogradException.Attribute("torch.frexp() only supports floating-point dtypes");

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor[] y)
    {
        using var scope = y[0].Workspace.Scope();
        double[] values = x[0].ToDoubles();
        Kernels.Fill.Each(y[0], i => values[i] == 0 || !double.IsFinite(values[i]) ? values[i] : Math.ScaleB(values[i], -(int)Exponent(values[i])));
        Kernels.Fill.EachInteger(y[1], i => Exponent(values[i]));
    }

    // The exponent is constant between powers of two: d mantissa = dx / 2^exponent.
    /// <inheritdoc/>
    public override Tensor? Vjp(int input, Grads grads, Saved saved) => grads[0] is { } grad ? grad.Div(saved.Output(1).To(grad.DType).Exp2()) : null;

    private static long Exponent(double x) => x == 0 || !double.IsFinite(x) ? 0 : Math.ILogB(x) + 1;
}
