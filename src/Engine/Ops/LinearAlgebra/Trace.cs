namespace AutogradService.Engine.Ops;

/// <summary>Sum of a matrix's diagonal; integers add up in int64.</summary>
[Op("trace(self)")]
public sealed partial record Trace : ComputeOp, IOp<Trace>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Trace>((_, x) =>
    {
        double sum = 0;
        for (long i = 0; i < Math.Min(x[0].Shape[0], x[0].Shape[1]); i++) sum += x[0][i, i];
        return new NdArray(Shape.Scalar, [sum]);
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Trace(), s.Any(3, 4)), Sample.Of(new Trace(), s.Strided(3, 3)), Sample.Of(new Trace(), s.Any(0, 3))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        MatrixProduct.RequireMatrix(x[0], "trace: expected a matrix");
        return new(Shape.Scalar, x[0].DType.IsFloatingPoint ? x[0].DType : DType.Int64);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        var self = y.Workspace.RawCast(x[0], y.DType);
        long n = Math.Min(self.Shape[0], self.Shape[1]);
        ReductionBlocks.Of(self.Alias(Shape.Of(n), [self.StridesArray[0] + self.StridesArray[1]], self.Offset), null).Sum(y);
    }

    // Only the diagonal has a part in it.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        long n = saved.Shape(0)[0], m = saved.Shape(0)[1];
        return grad.Mul(grad.Workspace.Eye(n, m, dtype: grad.DType));
    }
}
