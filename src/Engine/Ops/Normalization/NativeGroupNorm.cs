namespace AutogradService.Engine.Ops;

/// <summary>Group normalisation, as recorded: each sample's groups of channels are standardised on their own, then scaled and moved channel by channel.</summary>
[Op("native_group_norm(input, weight?, bias?, groups, eps)", Hidden = true)]
public sealed partial record NativeGroupNorm(long Groups, double Eps) : ComputeOp, IOp<NativeGroupNorm>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<NativeGroupNorm>((op, x) => GroupNorm.Define(x[0], x[1], x[2], op.Groups, op.Eps));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ? [Sample.Of(new NativeGroupNorm(2, 0.1), s.Any(2, 4, 3), s.Any(4), s.Any(4)), Sample.Of(new NativeGroupNorm(1, 0.1), s.Any(2, 3), null, null)]
        : [];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0) | (needs[0] ? Engine.Saves.Input(1) : default);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => x[0].DType.IsFloatingPoint ? new(x[0].Shape, x[0].DType) : throw AutogradException.DTypeUnsupported("group_norm", x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        using var mode = y.Workspace.NoGrad();
        var standard = Standardized(x[0]);
        if (x.Optional(1) is { } weight) standard = standard.Mul(Channels.Spread(weight, x[0].Dim));
        if (x.Optional(2) is { } bias) standard = standard.Add(Channels.Spread(bias, x[0].Dim));
        Kernels.Transfer.Into(standard, y);
    }

    // For x the standardisation's derivative of g w, group by group; for the weight g times the standardised x, for the bias g.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        if (input == 2) return Channels.Rows(grad).Sum([1]);
        var x = saved.Input(0);
        if (input == 1) return Channels.Rows(grad.Mul(Standardized(x))).Sum([1]);
        if (saved.OptionalInput(1) is { } weight) grad = grad.Mul(Channels.Spread(weight, x.Dim));
        return Rows(grad).LayerNormBackwardInput(Rows(x), null, [Length(x)], Eps).Reshape(Dims.Of(x.Shape));
    }

    private Tensor Standardized(Tensor x) => Rows(x).NativeLayerNorm([Length(x)], null, null, Eps).Reshape(Dims.Of(x.Shape));

    private Tensor Rows(Tensor x) => x.Reshape([x.Shape[0] * Groups, Length(x)]);

    private long Length(Tensor x) => x.Numel / (x.Shape[0] * Groups);
}
