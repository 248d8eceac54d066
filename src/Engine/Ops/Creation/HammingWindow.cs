namespace AutogradService.Engine.Ops;

/// <summary>Hamming window: alpha - beta cos(2 pi i / N), with N the window's length, or one less where it is not periodic.</summary>
[Op("hamming_window(window_length, periodic, alpha, beta, dtype)")]
public sealed partial record HammingWindow(long WindowLength, bool Periodic = true, double Alpha = 0.54, double Beta = 0.46, DType? DType = null) : ComputeOp, IOp<HammingWindow>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<HammingWindow>((op, _) => NdArray.Build(Shape.Of(op.WindowLength), i => op.At(i[0])));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new HammingWindow(5)), Sample.Of(new HammingWindow(6, false, DType: Engine.DType.Float64)), Sample.Of(new HammingWindow(1)), Sample.Of(new HammingWindow(0))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        if (DType is { IsFloatingPoint: false } dtype) throw new AutogradException(ErrorReason.DtypeUnsupported, $"hamming_window expects floating point dtypes, got: {dtype.TorchName}");
        if (WindowLength < 0) throw AutogradException.Attribute($"hamming_window requires non-negative window_length, got window_length={WindowLength}");
        return new(Shape.Of(WindowLength), DType ?? DTypes.DefaultFloat);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Kernels.Fill.Each(y, i => At(i));

    private double At(double i)
    {
        double n = Periodic ? WindowLength : WindowLength - 1;
        return WindowLength == 1 ? 1 : Alpha - Beta * Math.Cos(2 * Math.PI * i / n);
    }
}
