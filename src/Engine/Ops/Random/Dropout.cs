namespace AutogradService.Engine.Ops;

/// <summary>In training, zeroes each element with probability p and divides the others by 1 - p; otherwise the tensor itself.</summary>
/// <remarks>
/// The random numbers are a function of the workspace's seed and counter and of the element's position. Srivastava et al., "Dropout: A Simple Way to Prevent Neural
/// Networks from Overfitting", 2014.
/// </remarks>
[Op("dropout(self, p, training)", InPlace = true, Page = "torch.nn.functional.dropout")]
public sealed partial record Dropout(double P = 0.5, bool Training = true) : CompositeOp, IOp<Dropout>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("random: tests/Engine.Tests/Ops/DropoutTests checks the rate, the scale and the gradient");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.ForwardOnly(new Dropout(), s.Any(3, 4)), Sample.ForwardOnly(new Dropout(1), s.Any(3)), Sample.Of(new Dropout(0.5, false), s.Any(3, 4)), Sample.Of(new Dropout(0), s.Any()), Sample.Of(new Dropout(), s.Any(0))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => Noise(workspace, x[0]) is { } noise ? x[0].Mul(noise) : x[0];

    internal override Tensor ComposeInPlace(Workspace workspace, Inputs x) => Noise(workspace, x[0]) is { } noise ? x[0].MulInPlace(noise) : x[0];

    /// <summary>The factors: 0 or 1 / (1 - p); null where nothing is to be done.</summary>
    private Tensor? Noise(Workspace workspace, Tensor x)
    {
        if (!(P >= 0 && P <= 1)) throw AutogradException.Attribute($"dropout probability has to be between 0 and 1, but got {((Scalar)P).ToString()}");
        if (P == 0 || !Training || x.Numel == 0) return null;
        if (!x.DType.IsFloatingPoint) throw new AutogradException(ErrorReason.DtypeUnsupported, $"result type Float can't be cast to the desired output type {x.DType.TorchName}");
        return workspace.Apply(new DropoutNoise(P), x.Detach());
    }
}
