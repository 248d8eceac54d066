namespace AutogradService.Engine.Ops;

/// <summary>QR decomposition, the older form of linalg_qr: reduced if some, else complete.</summary>
[Op("qr(self, some) -> (Q, R)")]
public sealed partial record Qr(bool Some = true) : CompositeMultiOp, IOp<Qr>
{
    /// <inheritdoc/>
    public static Reference Reference => LinalgQr.Reference;

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Qr(), MatrixSamples.Any(s, 4, 3)), Sample.Of(new Qr(false), MatrixSamples.Any(s, 2, 3))];

    /// <inheritdoc/>
    public override Tensor[] Compose(Workspace workspace, Inputs x) => workspace.ApplyMany(new LinalgQr(Some ? "reduced" : "complete"), x[0]);
}
