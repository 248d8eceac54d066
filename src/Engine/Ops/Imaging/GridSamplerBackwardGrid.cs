namespace AutogradService.Engine.Ops;

/// <summary>The gradient of grid_sampler with respect to its grid; it has none of its own, as in PyTorch.</summary>
[Op("grid_sampler_backward_grid(grad_output, input, grid, mode, padding_mode, align_corners)", Hidden = true)]
public sealed partial record GridSamplerBackwardGrid(string Mode, string PaddingMode, bool AlignCorners) : ComputeOp, IOp<GridSamplerBackwardGrid>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("a derivative, of grid_sampler: tested against finite differences in ImagingTests");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat ? [Sample.ForwardOnly(new GridSamplerBackwardGrid("bilinear", "zeros", false), s.Any(1, 2, 2, 2), s.Any(1, 2, 3, 3), s.Small(1, 2, 2, 2))] : [];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "torch::autograd::NotImplemented";

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[2].Shape, x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        var ws = y.Workspace;
        GridSampling.BackwardGrid(new GridRule(Mode, PaddingMode, AlignCorners), ws.RawContiguous(x[0]), ws.RawContiguous(x[1]), ws.RawContiguous(x[2]), y);
    }
}
