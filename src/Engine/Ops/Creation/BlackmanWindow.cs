namespace AutogradService.Engine.Ops;

/// <summary>Blackman window: 0.42 - 0.5 cos(2 pi i / N) + 0.08 cos(4 pi i / N), with N the window's length, or one less where it is not periodic.</summary>
[Op("blackman_window(window_length, periodic, dtype)")]
public sealed partial record BlackmanWindow(long WindowLength, bool Periodic = true, DType? DType = null) : ComputeOp, IOp<BlackmanWindow>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<BlackmanWindow>((op, _) => NdArray.Build(Shape.Of(op.WindowLength), i => op.At(i[0])));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new BlackmanWindow(5)), Sample.Of(new BlackmanWindow(6, false, DType: Engine.DType.Float64)), Sample.Of(new BlackmanWindow(1)), Sample.Of(new BlackmanWindow(0))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        if (DType is { IsFloatingPoint: false } dtype) throw new AutogradException(ErrorReason.DtypeUnsupported, $"blackman_window expects floating point dtypes, got: {dtype.TorchName}");
        if (WindowLength < 0) throw AutogradException.Attribute($"blackman_window requires non-negative window_length, got window_length={WindowLength}");
        return new(Shape.Of(WindowLength), DType ?? DTypes.DefaultFloat);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Kernels.Fill.Each(y, i => At(i));

    private double At(double i)
    {
        double n = Periodic ? WindowLength : WindowLength - 1;
        return WindowLength == 1 ? 1 : 0.42 - 0.5 * Math.Cos(2 * Math.PI * i / n) + 0.08 * Math.Cos(4 * Math.PI * i / n);
    }
}
