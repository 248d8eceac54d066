namespace AutogradService.Engine.Ops;

/// <summary>The sum of the main diagonal of a matrix.</summary>
[Op("trace(self)")]
public sealed partial record Trace : ComputeOp, IOp<Trace>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Trace>((_, x) => new NdArray(Shape.Scalar, [Diagonal.Definition(x[0], 0, 0, 1).Values.Sum()]));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Trace(), s.Any(3, 4)), Sample.Of(new Trace(), s.Strided(3, 3)), Sample.Of(new Trace(), s.Any(0, 2))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => x[0].Dim == 2
        ? new(Shape.Scalar, x[0].DType.IsFloatingPoint ? x[0].DType : DType.Int64)
        : throw AutogradException.Shape($"trace: expected a matrix, but got tensor with dim {x[0].Dim}");

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        new Sum(DType: y.DType).Forward(new Inputs([Part.Over(x[0], Part.Diagonal(x[0], 0, 0, 1))], default), y);
    }

    // g on the diagonal
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Expand([Math.Min(saved.Shape(0)[0], saved.Shape(0)[1])]).DiagonalBackward(Dims.Of(saved.Shape(0)), 0, 0, 1);
}
