namespace AutogradService.Engine.Ops;

/// <summary>base to the power of so many exponents from start to end, both included, evenly apart.</summary>
[Op("logspace(start, end, steps, base, dtype)")]
public sealed partial record Logspace(Scalar Start, Scalar End, long Steps, double Base = 10, DType? DType = null) : ComputeOp, IOp<Logspace>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Logspace>((op, _) =>
        NdArray.Build(Shape.Of(op.Steps), i => Math.Pow(op.Base, op.Steps == 1 ? op.Start.Real : op.Start.Real + (op.End.Real - op.Start.Real) * i[0] / (op.Steps - 1))));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Logspace(0L, 2L, 3)), Sample.Of(new Logspace(-1.5, 1.0, 6, 2)), Sample.Of(new Logspace(1L, 2L, 0)), Sample.Of(new Logspace(1L, 2L, 1, 3, Engine.DType.Float64))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => Steps >= 0
        ? new(Shape.Of(Steps), DType ?? DTypes.DefaultFloat)
        : throw AutogradException.Attribute("number of steps must be non-negative");

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Kernels.Fill.Each(y, i => Math.Pow(Base, Linspace.At(i, Start.Real, End.Real, Steps)));
}
