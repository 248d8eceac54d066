namespace AutogradService.Engine.Ops;

/// <summary>A matrix of n rows and m columns (n, unless given) with ones on the main diagonal.</summary>
[Op("eye(n, m, dtype)")]
public sealed partial record Eye(long N, long? M = null, DType? DType = null) : ComputeOp, IOp<Eye>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Eye>((op, _) => NdArray.Build(Shape.Of(op.N, op.M ?? op.N), i => i[0] == i[1] ? 1 : 0));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Eye(3, null, s.DType)), Sample.Of(new Eye(2, 4)), Sample.Of(new Eye(4, 2)), Sample.Of(new Eye(0))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        if (N < 0) throw AutogradException.Attribute($"n must be greater or equal to 0, got {N}");
        if (M < 0) throw AutogradException.Attribute($"m must be greater or equal to 0, got {M}");
        return new(Shape.Of(N, M ?? N), DType ?? DTypes.DefaultFloat);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        Kernels.Fill.All(y, 0L);
        using var scope = y.Workspace.Scope();
        Kernels.Fill.All(Part.Over(y, Part.Diagonal(y, 0, 0, 1)), 1L);
    }
}
