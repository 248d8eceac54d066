namespace AutogradService.Engine.Ops;

/// <summary>So many numbers from start to end, both included, evenly apart; float32 unless a dtype is given.</summary>
[Op("linspace(start, end, steps, dtype)")]
public sealed partial record Linspace(Scalar Start, Scalar End, long Steps, DType? DType = null) : ComputeOp, IOp<Linspace>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Linspace>((op, _) => NdArray.Build(Shape.Of(op.Steps), i =>
    {
        double value = op.Steps == 1 ? op.Start.Real : op.Start.Real + (op.End.Real - op.Start.Real) * i[0] / (op.Steps - 1);
        return op.DType is { IsFloatingPoint: false } ? Math.Truncate(value) : value;
    }));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Linspace(1L, 4L, 4, s.DType)), Sample.Of(new Linspace(-1.5, 2.0, 8)), Sample.Of(new Linspace(3L, 5L, 1)), Sample.Of(new Linspace(0L, 1L, 0)), Sample.Of(new Linspace(5L, -3L, 5, Engine.DType.Int64))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => Steps >= 0
        ? new(Shape.Of(Steps), DType ?? DTypes.DefaultFloat)
        : throw AutogradException.Attribute("number of steps must be non-negative");

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Kernels.Fill.Each(y, i => At(i, Start.Real, End.Real, Steps));

    /// <summary>Counted from the nearer end, so that both ends are exact and the middle is symmetric.</summary>
    internal static double At(long i, double start, double end, long steps)
    {
        if (steps == 1) return start;
        double step = (end - start) / (steps - 1);
        return i < steps / 2 ? start + step * i : end - step * (steps - 1 - i);
    }
}
