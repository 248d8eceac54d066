namespace AutogradService.Engine.Ops;

/// <summary>Every element over (k + alpha times the mean of the squares of size neighbouring channels)^beta.</summary>
[Op("local_response_norm(input, size, alpha, beta, k)")]
public sealed partial record LocalResponseNorm(long Size, double Alpha = 1e-4, double Beta = 0.75, double K = 1) : CompositeOp, IOp<LocalResponseNorm>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<LocalResponseNorm>((op, x) => NdArray.Build(x[0].Shape, i =>
    {
        double value = x[0][i], sum = 0;
        long channel = i[1];
        for (long c = Math.Max(channel - op.Size / 2, 0); c <= Math.Min(channel + (op.Size - 1) / 2, x[0].Shape[1] - 1); c++)
        {
            i[1] = c;
            sum += x[0][i] * x[0][i];
        }
        return value / Math.Pow(op.K + op.Alpha * sum / op.Size, op.Beta);
    }));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat ? [Sample.Of(new LocalResponseNorm(2, 0.5), s.Any(2, 4, 3)), Sample.Of(new LocalResponseNorm(3, 0.3, 0.5, 2), s.Any(1, 4, 2, 3)), Sample.Of(new LocalResponseNorm(2), s.Any(0, 4, 2))] : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        var input = x[0];
        if (input.Dim < 3) throw AutogradException.Attribute($"Expected 3D or higher dimensionality input (got {input.Dim} dimensions)", TorchErrorType.ValueError);
        if (input.Numel == 0) return input;
        var squares = input.Mul(input);
        long before = Size / 2, after = (Size - 1) / 2;
        if (input.Dim == 3) squares = squares.Unsqueeze(1).ConstantPadNd([0, 0, before, after], 0L).AvgPool2d([Size, 1], [1]).Squeeze(1);
        else
        {
            var sizes = input.Shape;
            squares = squares.Reshape([sizes[0], 1, sizes[1], sizes[2], -1]).ConstantPadNd([0, 0, 0, 0, before, after], 0L).AvgPool3d([Size, 1, 1], [1]).Squeeze(1).Reshape(Dims.Of(sizes));
        }
        return input.Div(squares.Mul(Alpha).Add(K).Pow(Beta));
    }
}
