namespace AutogradService.Engine.Ops;

/// <summary>
/// What interpolate records: one to three spatial dims resampled to output_size by mode (nearest, nearest-exact, linear, bilinear, trilinear, bicubic, bilinear_aa, bicubic_aa); scales,
/// where given, replace the ratio of the sizes.
/// </summary>
[Op("upsample(self, output_size, mode, align_corners, scales_d, scales_h, scales_w)", Hidden = true)]
public sealed partial record Upsample(Dims OutputSize, string Mode, bool AlignCorners = false, double? ScalesD = null, double? ScalesH = null, double? ScalesW = null) : ComputeOp, IOp<Upsample>
{
    private static readonly string[] s_letters = ["D", "H", "W"];

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Upsample>((op, x) =>
    {
        var shape = PoolGeometry.WithLast(x[0].Shape, op.OutputSize);
        int dims = op.OutputSize.Count;
        var y = x[0];
        // Dim by dim, with the weights as formulas.
        for (int d = 0; d < dims; d++)
        {
            int at = shape.Rank - dims + d;
            var source = y;
            var weights = ResampledDim.Of(op.Mode, x[0].Shape[at], shape[at], op.AlignCorners, op.Scales[d], x[0].Shape.Numel == 0);
            y = NdArray.Build(source.Shape.With(at, shape[at]), i =>
            {
                double sum = 0;
                long o = i[at];
                for (int t = 0; t < weights.Taps; t++)
                {
                    i[at] = weights.Indices[o * weights.Taps + t];
                    sum += source[i] * weights.Weights[o * weights.Taps + t];
                }
                return sum;
            });
        }
        return y;
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ?
        [
            Sample.Of(new Upsample([5], "nearest"), s.Any(1, 2, 3)),
            Sample.Of(new Upsample([3, 7], "nearest-exact"), s.Any(1, 2, 4, 3)),
            Sample.Of(new Upsample([5], "linear", true), s.Any(1, 2, 3)),
            Sample.Of(new Upsample([5, 2], "bilinear"), s.Any(1, 2, 4, 3)),
            Sample.Of(new Upsample([2, 3, 4], "trilinear", false, 0.6, 1.7, 1.4), s.Any(1, 1, 3, 2, 3)),
            Sample.Of(new Upsample([5, 3], "bicubic"), s.Any(1, 2, 4, 4)),
            Sample.Of(new Upsample([3, 6], "bicubic", true), s.Any(1, 1, 5, 4)),
            Sample.Of(new Upsample([2, 6], "bilinear_aa"), s.Any(1, 1, 5, 4)),
            Sample.Of(new Upsample([2, 3], "bicubic_aa"), s.Any(1, 1, 5, 6)),
            Sample.Of(new Upsample([2, 3], "bilinear"), s.Any(0, 1, 5, 6)),
        ]
        : [];

    private double?[] Scales => OutputSize.Count switch { 1 => [ScalesW], 2 => [ScalesH, ScalesW], _ => [ScalesD, ScalesH, ScalesW] };

    private string KernelName => "compute_indices_weights_" + (Mode.StartsWith("nearest", StringComparison.Ordinal) ? "nearest" : Mode.StartsWith("bicubic", StringComparison.Ordinal) ? "cubic" : "linear");

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => $"Upsample{Spelled(Mode)}{OutputSize.Count}D{(Mode.EndsWith("_aa", StringComparison.Ordinal) ? "Aa" : "")}Backward0";

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        int dims = OutputSize.Count;
        var input = x[0].Shape;
        if (input.Rank != dims + 2) throw AutogradException.Shape($"It is expected input_size equals to {dims + 2}, but got size {input.Rank}");
        bool positive = true;
        for (int d = 0; d < dims; d++) positive &= input[d + 2] > 0 && OutputSize[d] > 0;
        if (!positive)
            throw AutogradException.Shape($"Input and output sizes should be greater than 0, but got input ({Named(input.Sizes[2..])}){(dims == 1 ? " and" : "")} output ({Named(OutputSize.Values)})");
        if (input[1] == 0) throw AutogradException.Shape($"Non-empty {dims + 2}D data tensor expected but got a tensor with sizes {input}");
        if (!x[0].DType.IsFloatingPoint) throw AutogradException.DTypeUnsupported(KernelName, x[0].DType);
        return new(PoolGeometry.WithLast(input, OutputSize), x[0].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        var resampling = new Resampling(Mode, x[0].Shape.Sizes[2..], y.Shape.Sizes[2..], AlignCorners, Scales, y.DType == DType.Float32);
        resampling.Run(KernelName, y.Workspace.RawContiguous(x[0]), y, false);
    }

    // Linear: every input collects the gradients of the outputs that it was part of, with the same weights.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) =>
        grad.UpsampleBackward(OutputSize, Dims.Of(saved.Shape(0)), Mode, AlignCorners, ScalesD, ScalesH, ScalesW);

    /// <summary>PyTorch's spelling of a mode in names.</summary>
    internal static string Spelled(string mode) => mode switch
    {
        "nearest-exact" => "NearestExact",
        _ => char.ToUpperInvariant(mode[0]) + mode.Split('_')[0][1..],
    };

    private static string Named(ReadOnlySpan<long> sizes)
    {
        int skipped = 3 - sizes.Length;
        return string.Join(", ", sizes.ToArray().Select((s, d) => $"{s_letters[d + skipped]}: {s}"));
    }
}
