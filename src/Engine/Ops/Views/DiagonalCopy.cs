using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>The diagonal of two dims as a copy: what diag records.</summary>
[Op("diagonal_copy(self, offset, dim1, dim2)", Hidden = true)]
public sealed partial record DiagonalCopy(long Offset = 0, long Dim1 = 0, long Dim2 = 1) : ComputeOp, IOp<DiagonalCopy>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<DiagonalCopy>((op, x) => Diagonal.Definition(x[0], op.Offset, op.Dim1, op.Dim2));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new DiagonalCopy(), s.Any(3, 4)), Sample.Of(new DiagonalCopy(-1), s.Any(3, 3)), Sample.Of(new DiagonalCopy(0, 2, 0), s.Any(2, 3, 4))];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "DiagonalBackward0_copy";

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(Part.Diagonal(x[0], Offset, Dim1, Dim2).Shape, x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        Transfer.Into(Part.Over(x[0], Part.Diagonal(x[0], Offset, Dim1, Dim2)), y);
    }

    // zeros with g on the diagonal
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.DiagonalBackward(Dims.Of(saved.Shape(0)), Offset, Dim1, Dim2);
}
