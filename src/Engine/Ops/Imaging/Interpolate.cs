namespace AutogradService.Engine.Ops;

/// <summary>
/// One to three spatial dims resampled to a size, or by scale_factor, by mode: nearest, nearest-exact, area (means), linear, bilinear, trilinear, bicubic. align_corners puts the corners' centers
/// on each other; antialias widens bilinear and bicubic kernels when it shrinks.
/// </summary>
[Op("interpolate(input, size, scale_factor, mode, align_corners, recompute_scale_factor, antialias)")]
public sealed partial record Interpolate(Dims? Size = null, double? ScaleFactor = null, string Mode = "nearest", bool? AlignCorners = null, bool? RecomputeScaleFactor = null, bool Antialias = false) : CompositeOp, IOp<Interpolate>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Interpolate>((op, x) =>
    {
        var (size, scale) = op.Target(x[0].Shape);
        if (op.Mode == "area") return AdaptiveAvgPool.Reference.Compute(new AdaptiveAvgPool(size), x)[0];
        return Upsample.Reference.Compute(new Upsample(size, op.Mode + (op.Antialias ? "_aa" : ""), op.AlignCorners ?? false, scale, scale, scale), x)[0];
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ?
        [
            Sample.Of(new Interpolate([5]), s.Any(1, 2, 3)),
            Sample.Of(new Interpolate(null, 2, "bilinear"), s.Any(1, 2, 3, 2)),
            Sample.Of(new Interpolate(null, 1.7, "bicubic", true, true), s.Any(1, 2, 3, 3)),
            Sample.Of(new Interpolate([2, 3], null, "area"), s.Any(1, 2, 5, 4)),
            Sample.Of(new Interpolate([2, 3], null, "bilinear", null, null, true), s.Any(1, 2, 5, 4)),
        ]
        : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        var input = x[0];
        bool blends = Mode is not ("nearest" or "area" or "nearest-exact");
        if (!blends && AlignCorners is not null)
            throw Value("align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | trilinear");
        var (size, scale) = Target(input.Shape);
        if (Antialias && !(Mode is "bilinear" or "bicubic" && input.Dim == 4))
            throw Value("Anti-alias option is restricted to bilinear and bicubic modes and requires a 4-D tensor as input");
        int needed = Mode switch { "linear" => 3, "bilinear" or "bicubic" => 4, "trilinear" => 5, "nearest" or "nearest-exact" or "area" => input.Dim, _ => 0 };
        if (needed == input.Dim && input.Dim is >= 3 and <= 5)
            return Mode == "area" ? Area(input, size) : input.Upsample(size, Antialias ? Mode + "_aa" : Mode, AlignCorners ?? false, scale, scale, scale);
        if (Mode is "linear" or "bilinear" or "trilinear" && input.Dim is >= 3 and <= 5)
            throw AutogradException.Attribute($"Got {input.Dim}D input, but {Mode} mode needs {needed}D input", TorchErrorType.NotImplementedError);
        throw AutogradException.Attribute(
            $"Input Error: Only 3D, 4D and 5D input Tensors supported (got {input.Dim}D) for the modes: nearest | linear | bilinear | bicubic | trilinear | area | nearest-exact (got {Mode})",
            TorchErrorType.NotImplementedError);
    }

    /// <summary>The size to resample to, and the scale if the ratio is to follow it rather than the sizes.</summary>
    private (Dims Size, double? Scale) Target(Shape input)
    {
        int dims = Math.Max(input.Rank - 2, 0);
        if (Size is not null && ScaleFactor is not null) throw Value("only one of size or scale_factor should be defined");
        if (Size is null && ScaleFactor is null) throw Value("either size or scale_factor should be defined");
        if (Size is not null)
        {
            if (Size.Count != dims && Size.Count != 1)
                throw Value($"Input and output must have the same number of spatial dimensions, but got input with spatial dimensions of {Shape.Format(input.Sizes[Math.Min(2, input.Rank)..])} and output size of {Size}. Please provide input tensor in (N, C, d1, d2, ...,dK) format and output size in (o1, o2, ...,oK) format.");
            if (RecomputeScaleFactor == true) throw Value("recompute_scale_factor is not meaningful with an explicit size.");
            return (PoolGeometry.Expand(Size, Size, dims, ""), null);
        }
        var sizes = new long[dims];
        for (int d = 0; d < dims; d++) sizes[d] = (long)Math.Floor(input[d + 2] * ScaleFactor!.Value);
        return (Dims.Create(sizes), RecomputeScaleFactor == true || Mode == "area" ? null : ScaleFactor);
    }

    private static Tensor Area(Tensor input, Dims size) => size.Count switch
    {
        1 => input.AdaptiveAvgPool1d(size),
        2 => input.AdaptiveAvgPool2d(size),
        _ => input.AdaptiveAvgPool3d(size),
    };

    private static AutogradException Value(string message) => AutogradException.Attribute(message, TorchErrorType.ValueError);
}
