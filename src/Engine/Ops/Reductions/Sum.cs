namespace AutogradService.Engine.Ops;

/// <summary>Sum over dims, or of all elements; integers and truth values add up in int64.</summary>
[Op("sum(self, dim, keepdim, dtype)")]
public sealed partial record Sum(Dims? Dim = null, bool Keepdim = false, DType? DType = null) : ComputeOp, IOp<Sum>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Sum>((op, x) => x[0].Reduce(ReducedDims.OrAll(op.Dim), op.Keepdim, v => v.Sum()));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Sum(), s.Any(3, 4)),
        Sample.Of(new Sum([1]), s.Any(3, 4)),
        Sample.Of(new Sum([0], true), s.Any(3, 4)),
        Sample.Of(new Sum([0, -1]), s.Any(2, 3, 4)),
        Sample.Of(new Sum([1]), s.Any(2, 3, 4)),
        Sample.Of(new Sum([0, 2], true), s.Any(2, 3, 4)),
        Sample.Of(new Sum([1]), s.Strided(3, 5)),
        Sample.Of(new Sum(), s.Any()),
        Sample.Of(new Sum([0]), s.Any(0, 3)),
    ];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => Dim is null ? "SumBackward0" : "SumBackward1";

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) =>
        new(ReducedDims.Shape(x[0].Shape, Dim, Keepdim), DType ?? (x[0].DType.IsFloatingPoint ? x[0].DType : Engine.DType.Int64));

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        var sum = Truth.Wide(y);
        ReductionBlocks.Of(Truth.Wide(x[0], y), Dim).Sum(sum);
        Truth.Narrow(sum, y);
    }

    // Every summand gets the sum's gradient.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => ReducedDims.Restore(grad, saved.Shape(0), Dim, Keepdim).Expand(Dims.Of(saved.Shape(0)));
}
