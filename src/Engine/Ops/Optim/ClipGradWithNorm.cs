namespace AutogradService.Engine.Ops;

/// <summary>Scales one gradient of several so that their total norm is at most max_norm: self * min(1, max_norm / (total_norm + 1e-6)). total_norm is a 0-d tensor, as get_total_norm gives it.</summary>
/// <remarks>torch.nn.utils.clip_grads_with_norm_ for one tensor.</remarks>
[Op("clip_grad_with_norm(self, total_norm, max_norm)", InPlace = true, Page = "torch.nn.utils.clip_grads_with_norm_")]
public sealed partial record ClipGradWithNorm(double MaxNorm) : CompositeOp, IOp<ClipGradWithNorm>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<ClipGradWithNorm>((op, x) => NdArray.Build(x[0].Shape, i => x[0][i] * Math.Min(1, op.MaxNorm / (x[1].Values[0] + 1e-6))));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ?
        [
            Sample.Of(new ClipGradWithNorm(0.5), s.Any(3, 4), s.Positive()),
            Sample.Of(new ClipGradWithNorm(1), s.Strided(3, 5), s.Between(3, 4)),
            Sample.Of(new ClipGradWithNorm(9), s.Any(3, 4), s.Positive()),
        ]
        : [];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].Mul(Coefficient(x[1]));

    internal override Tensor ComposeInPlace(Workspace workspace, Inputs x) => x[0].MulInPlace(Coefficient(x[1]));

    // A product with 1 rather than a condition, as in PyTorch: nobody has to wait for the norm.
    private Tensor Coefficient(Tensor total)
    {
        if (total.Numel != 1 || total.Dim > 0) throw AutogradException.Shape($"total_norm must be a 0-d tensor, but has shape [{total.Shape}]");
        return (MaxNorm / (total + 1e-6)).Clamp(max: 1.0);
    }
}
