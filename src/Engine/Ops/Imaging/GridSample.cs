namespace AutogradService.Engine.Ops;

/// <summary>
/// The input (batch x channels x 2 or 3 spatial dims) read at the places that grid (batch x output sizes x coordinates, x first) names in [-1, 1]; mode bilinear, nearest or bicubic, padding_mode zeros, border or
/// reflection beyond the edges, -1 and 1 at the corners' centers with align_corners, else at the corners.
/// </summary>
[Op("grid_sample(input, grid, mode, padding_mode, align_corners)")]
public sealed partial record GridSample(string Mode = "bilinear", string PaddingMode = "zeros", bool? AlignCorners = null) : CompositeOp, IOp<GridSample>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<GridSample>((op, x) => GridSampler.Reference.Compute(new GridSampler(op.Mode, op.PaddingMode, op.AlignCorners ?? false), x)[0]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat ? [Sample.ForwardOnly(new GridSample(), s.Any(1, 2, 3, 3), s.Any(1, 2, 3, 2)), Sample.ForwardOnly(new GridSample("bicubic", "border", true), s.Any(1, 2, 3, 3), s.Any(1, 2, 3, 2))] : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        if (Mode is not ("bilinear" or "nearest" or "bicubic"))
            throw AutogradException.Attribute($"nn.functional.grid_sample(): expected mode to be 'bilinear', 'nearest' or 'bicubic', but got: '{Mode}'", TorchErrorType.ValueError);
        if (PaddingMode is not ("zeros" or "border" or "reflection"))
            throw AutogradException.Attribute($"nn.functional.grid_sample(): expected padding_mode to be 'zeros', 'border', or 'reflection', but got: '{PaddingMode}'", TorchErrorType.ValueError);
        return x[0].GridSampler(x[1], Mode, PaddingMode, AlignCorners ?? false);
    }
}
