namespace AutogradService.Engine.Ops;

/// <summary>The gradient of grid_sampler with respect to its input; it has none of its own, as in PyTorch.</summary>
[Op("grid_sampler_backward_input(grad_output, grid, input_size, mode, padding_mode, align_corners)", Hidden = true)]
public sealed partial record GridSamplerBackwardInput(Dims InputSize, string Mode, string PaddingMode, bool AlignCorners) : ComputeOp, IOp<GridSamplerBackwardInput>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("an adjoint, of grid_sampler: tested by its derivatives in ImagingTests");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat ? [Sample.ForwardOnly(new GridSamplerBackwardInput([1, 2, 3, 3], "bilinear", "zeros", false), s.Any(1, 2, 2, 2), s.Small(1, 2, 2, 2))] : [];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "torch::autograd::NotImplemented";

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(Shape.Of(InputSize.Values), x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        GridSampling.BackwardInput(new GridRule(Mode, PaddingMode, AlignCorners), y.Workspace.RawContiguous(x[0]), y.Workspace.RawContiguous(x[1]), y);
    }
}
