using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Scales the slices along a dim whose p-norm exceeds maxnorm down to it.</summary>
[Op("renorm(self, p, dim, maxnorm)", InPlace = true)]
public sealed partial record Renorm(Scalar P, long Dim, Scalar Maxnorm) : ComputeOp, IOp<Renorm>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Renorm>((op, x) =>
    {
        int dim = Shape.WrapDim(op.Dim, x[0].Shape.Rank);
        var norms = x[0].Reduce(Enumerable.Range(0, x[0].Shape.Rank).Where(d => d != dim).Select(d => (long)d), false, v => Math.Pow(v.Sum(e => Math.Pow(Math.Abs(e), op.P.Real)), 1 / op.P.Real));
        return NdArray.Build(x[0].Shape, i => norms[i[dim]] > op.Maxnorm.Real ? x[0][i] * op.Maxnorm.Real / (norms[i[dim]] + 1e-7) : x[0][i]);
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ? [Sample.Of(new Renorm(2L, 0, 1.0), s.Any(3, 4)), Sample.Of(new Renorm(1L, 1, 2L), s.Any(2, 3, 2)), Sample.Of(new Renorm(3.0, -1, 100L), s.Any(3, 4))]
        : [];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        if (!x[0].DType.IsFloatingPoint) throw AutogradException.DTypeUnsupported("renorm_scale_factor_cpu", x[0].DType);
        if (!(P.Real > 0)) throw AutogradException.Attribute("renorm: non-positive-norm not supported");
        if (!(Maxnorm.Real >= 0)) throw AutogradException.Attribute($"renorm: expected maxnorm to be >= 0 but got {Maxnorm}");
        if (x[0].Dim < 2) throw AutogradException.Shape($"renorm: input needs at least 2 dimensions, got {x[0].Dim} dimensions");
        Shape.WrapDim(Dim, x[0].Dim);
        return new(x[0].Shape, x[0].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        using var mode = y.Workspace.NoGrad();
        var norm = x[0].LinalgVectorNorm(P, Others(x[0].Shape), true);
        Transfer.Into(x[0].Mul((norm + 1e-7).Reciprocal().Mul(Maxnorm).MaskedFill(norm.Gt(Maxnorm).LogicalNot(), 1.0)), y);
    }

    // y = m x / n with n = |x|_p + 1e-7: dy = m / n (dx - x dn / n).
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        var x = saved.Input(0);
        var others = Others(x.Shape);
        var norm = x.LinalgVectorNorm(P, others, true);
        var inverse = (norm + 1e-7).Reciprocal();
        var part = LinalgVectorNorm.Backward(x.Mul(grad).Sum(others, true), x, norm, P.Real, others);
        var scaled = inverse.Mul(Maxnorm).Mul(part is null ? grad : grad - inverse.Mul(part));
        return norm.Gt(Maxnorm).Where(scaled, grad);
    }

    private Dims Others(Shape shape)
    {
        int dim = Shape.WrapDim(Dim, shape.Rank);
        return Dims.Create([.. Enumerable.Range(0, shape.Rank).Where(d => d != dim).Select(d => (long)d)]);
    }
}
