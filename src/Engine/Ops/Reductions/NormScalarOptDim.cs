namespace AutogradService.Engine.Ops;

/// <summary>p-norm over dims as ATen's own norm records it; linalg_vector_norm under another name.</summary>
[Op("norm.ScalarOpt_dim(self, p, dim, keepdim)", Hidden = true)]
public sealed partial record NormScalarOptDim(Scalar? P, Dims Dim, bool Keepdim) : ComputeOp, IOp<NormScalarOptDim>
{
    private LinalgVectorNorm Norm => new(P, Dim, Keepdim);

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<NormScalarOptDim>((op, x) =>
        x[0].Reduce(op.Dim, op.Keepdim, v => Math.Pow(v.Sum(e => Math.Pow(Math.Abs(e), (op.P ?? 2L).Real)), 1 / (op.P ?? 2L).Real)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new NormScalarOptDim(null, [1], false), s.Any(3, 4)), Sample.Of(new NormScalarOptDim(3L, [0], true), s.Strided(3, 4))];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "NormBackward1";

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Norm.Saves(needs);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => Norm.Infer(x);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Norm.Forward(x, y);

    // g x |x|^(p-2) / norm^(p-1); zero where the norm is
    /// <inheritdoc/>
    public override Tensor? Vjp(int input, Tensor grad, Saved saved) => Norm.Vjp(input, grad, saved);
}
