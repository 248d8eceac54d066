namespace AutogradService.Engine.Ops;

/// <summary>The derivative of layer_norm in its input: with h the standardised input, r its scale and u = grad_output weight, r (u - mean(u) - h mean(u h)).</summary>
[Op("_layer_norm_backward_input(grad_output, input, weight?, normalized_shape, eps)", Hidden = true)]
public sealed partial record LayerNormBackwardInput(Dims NormalizedShape, double Eps) : ComputeOp, IOp<LayerNormBackwardInput>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("a derivative's building block: the gradient checks of native_layer_norm, to the second order, cover it");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ? [Sample.Of(new LayerNormBackwardInput([4], 0.1), s.Any(3, 4), s.Any(3, 4), s.Any(4)), Sample.Of(new LayerNormBackwardInput([5], 0.1), s.Strided(3, 5), s.Any(3, 5), null)]
        : [];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.FirstInputs(3);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[1].Shape, x[1].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => NormalizedRows.Backward(x[0], x[1], x.Optional(2), y, NormalizedShape, Eps);

    // In u = g w the map P(u) = r (u - mean(u) - h mean(u h)) is linear and symmetric: for g it is w P(G), for w, g P(G). For x, with G the gradient that comes in,
    // both r and h vary: -r^2 h (mean(G u) - mean(G) mean(u) - mean(G h) mean(u h)) - r (mean(u h) P(G) + mean(G h) P(u)).
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        var x = saved.Input(1);
        var weight = saved.OptionalInput(2);
        var projected = grad.LayerNormBackwardInput(x, null, NormalizedShape, Eps);
        if (input == 0) return weight is null ? projected : projected.Mul(weight);
        var g = saved.Input(0);
        if (input == 2) return projected.Mul(g);
        var dims = NormalizedRows.Split(x.Dim, NormalizedShape.Count).Normalized;
        var u = weight is null ? g : g.Mul(weight);
        var h = x.NativeLayerNorm(NormalizedShape, null, null, Eps);
        var r = x.Var(dim: dims, correction: 0L, keepdim: true).Add(Eps).Rsqrt();
        Tensor gh = Mean(grad.Mul(h)), uh = Mean(u.Mul(h));
        var common = Mean(grad.Mul(u)).Sub(Mean(grad).Mul(Mean(u))).Sub(gh.Mul(uh));
        return r.Mul(uh.Mul(projected).Add(gh.Mul(u.LayerNormBackwardInput(x, null, NormalizedShape, Eps)))).Add(r.Mul(r).Mul(common).Mul(h)).Neg();

        Tensor Mean(Tensor t) => t.Mean(dims, keepdim: true);
    }
}
