namespace AutogradService.Engine.Ops;

/// <summary>The adjoint of upsample: collects the gradient of every output at the inputs that it was made of.</summary>
[Op("upsample_backward(grad_output, output_size, input_size, mode, align_corners, scales_d, scales_h, scales_w)", Hidden = true)]
public sealed partial record UpsampleBackward(Dims OutputSize, Dims InputSize, string Mode, bool AlignCorners, double? ScalesD, double? ScalesH, double? ScalesW) : ComputeOp, IOp<UpsampleBackward>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("an adjoint, of upsample: tested by the derivatives of upsample");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ? [Sample.Of(new UpsampleBackward([5, 2], [1, 2, 4, 3], "bilinear", false, null, null, null), s.Any(1, 2, 5, 2)), Sample.Of(new UpsampleBackward([5], [1, 1, 3], "nearest", false, null, null, 1.7), s.Any(1, 1, 5))]
        : [];

    private double?[] Scales => OutputSize.Count switch { 1 => [ScalesW], 2 => [ScalesH, ScalesW], _ => [ScalesD, ScalesH, ScalesW] };

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => $"Upsample{Upsample.Spelled(Mode)}{OutputSize.Count}DBackwardBackward0";

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(Shape.Of(InputSize.Values), x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        var resampling = new Resampling(Mode, y.Shape.Sizes[2..], x[0].Shape.Sizes[2..], AlignCorners, Scales, y.DType == DType.Float32);
        resampling.Run("upsample_backward", y, y.Workspace.RawContiguous(x[0]), true);
    }

    // Linear, the adjoint of upsample: its own adjoint is upsample.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Upsample(OutputSize, Mode, AlignCorners, ScalesD, ScalesH, ScalesW);
}
