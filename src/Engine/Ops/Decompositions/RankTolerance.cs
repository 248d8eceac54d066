using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Which singular values count as zero: those not above max(atol, rtol * largest).</summary>
internal static class RankTolerance
{
    /// <summary>A mask of the values that count.</summary>
    /// <param name="matrix">For its shape and dtype: rtol is by default eps * max(m, n), and 0 where an atol above 0 was given.</param>
    /// <param name="values">The sizes of singular values, or of eigenvalues.</param>
    /// <param name="atol">A number, or one for each matrix.</param>
    /// <param name="rtol">A number, or one for each matrix.</param>
    /// <param name="op">For messages.</param>
    public static Tensor Counts(Tensor matrix, Tensor values, Tensor? atol, Tensor? rtol, string op)
    {
        RequireReal(atol, op, "atol");
        RequireReal(rtol, op, "rtol");
        var ws = matrix.Workspace;
        double relative = (matrix.DType == DType.Float64 ? Precision<double>.Ulp : Precision<float>.Ulp) * Math.Max(matrix.Shape[-2], matrix.Shape[-1]);
        if (rtol is null)
        {
            rtol = ws.RawFull(Shape.Scalar, relative, values.DType);
            if (atol is not null) rtol = rtol.Expand(Dims.Of(atol.Shape)).MaskedFill(atol.Gt(0.0), 0.0);
        }
        var absolute = atol ?? ws.RawFull(Shape.Scalar, 0.0, values.DType);
        var threshold = absolute.To(values.DType).Unsqueeze(-1).Maximum(rtol.To(values.DType).Unsqueeze(-1).Mul(values.Amax([-1], true)));
        return values.Gt(threshold);
    }

    /// <summary>Refuses tolerances that are for more matrices than there are: the results would have a batch of their own.</summary>
    public static void RequireFits(Tensor matrix, Tensor? tolerance, string op)
    {
        var batch = MatrixBatch.BatchOf(matrix);
        if (tolerance is not null && !Shape.Broadcast(batch, tolerance.Shape).Equals(batch)) throw AutogradException.Shape($"{op}: a tolerance of shape {tolerance.Shape} is not for a batch of shape {batch}");
    }

    private static void RequireReal(Tensor? tolerance, string op, string name)
    {
        if (tolerance is { IsWrappedNumber: false } && !tolerance.DType.IsFloatingPoint && tolerance.DType == DType.Bool)
            throw AutogradException.Attribute($"{op}: {name} must be a number");
    }
}
