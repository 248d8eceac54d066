namespace AutogradService.Engine.Ops;

/// <summary>Bartlett window: 1 - |2 i / N - 1|, with N the window's length, or one less where it is not periodic.</summary>
[Op("bartlett_window(window_length, periodic, dtype)")]
public sealed partial record BartlettWindow(long WindowLength, bool Periodic = true, DType? DType = null) : ComputeOp, IOp<BartlettWindow>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<BartlettWindow>((op, _) => NdArray.Build(Shape.Of(op.WindowLength), i => op.At(i[0])));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new BartlettWindow(5)), Sample.Of(new BartlettWindow(6, false, DType: Engine.DType.Float64)), Sample.Of(new BartlettWindow(1)), Sample.Of(new BartlettWindow(0))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        if (DType is { IsFloatingPoint: false } dtype) throw new AutogradException(ErrorReason.DtypeUnsupported, $"bartlett_window expects floating point dtypes, got: {dtype.TorchName}");
        if (WindowLength < 0) throw AutogradException.Attribute($"bartlett_window requires non-negative window_length, got window_length={WindowLength}");
        return new(Shape.Of(WindowLength), DType ?? DTypes.DefaultFloat);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Kernels.Fill.Each(y, i => At(i));

    private double At(double i)
    {
        double n = Periodic ? WindowLength : WindowLength - 1;
        return WindowLength == 1 ? 1 : 1 - Math.Abs(2 * i / n - 1);
    }
}
