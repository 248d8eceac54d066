namespace AutogradService.Engine.Ops;

/// <summary>The p-norm of several tensors as if they were one vector, for clipping gradients: the norm of the tensors' norms. Floating tensors of any shapes; a 0-d tensor, 0 for none.</summary>
/// <remarks>error_if_nonfinite refuses a norm that is NaN or infinite instead of giving it.</remarks>
[Op("get_total_norm(tensors*, norm_type, error_if_nonfinite)", Page = "torch.nn.utils.get_total_norm")]
public sealed partial record GetTotalNorm(double NormType = 2.0, bool ErrorIfNonfinite = false) : CompositeOp, IOp<GetTotalNorm>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<GetTotalNorm>((op, x) =>
    {
        var all = x.SelectMany(t => t.Values).Select(Math.Abs).ToArray();
        return new NdArray(Shape.Scalar, [all.Length == 0 ? 0 : double.IsPositiveInfinity(op.NormType) ? all.Max() : Math.Pow(all.Sum(v => Math.Pow(v, op.NormType)), 1 / op.NormType)]);
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new GetTotalNorm(), s.Any(3, 4), s.Any(5), s.Any()),
        Sample.Of(new GetTotalNorm(1.0), s.Any(3), s.Strided(3, 5)),
        Sample.Of(new GetTotalNorm(double.PositiveInfinity), s.Any(2, 3), s.Any(4)),
        Sample.Of(new GetTotalNorm(3.0, true), s.Any(6)),
    ];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        if (x.Count == 0) return workspace.RawFull(Shape.Scalar, 0.0, DTypes.DefaultFloat);
        var norms = new Tensor[x.Count];
        for (int i = 0; i < norms.Length; i++) norms[i] = x[i].LinalgVectorNorm(NormType);
        var total = norms.Length == 1 ? norms[0] : workspace.Stack(norms).LinalgVectorNorm(NormType);
        if (ErrorIfNonfinite) workspace.Require(total.Detach().Isfinite(), () => AutogradException.Attribute($"The total norm of order {NormType.ToString("0.0###############", System.Globalization.CultureInfo.InvariantCulture)} for gradients from `parameters` is non-finite, so it cannot be clipped. To disable this error and scale the gradients by the non-finite norm anyway, set `error_if_nonfinite=False`"));
        return total;
    }
}
