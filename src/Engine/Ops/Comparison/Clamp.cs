namespace AutogradService.Engine.Ops;

/// <summary>Limits elements to [min, max]; either bound may be absent, and both are numbers or tensors.</summary>
[Op("clamp(self, min~?, max~?)", InPlace = true)]
public sealed partial record Clamp : CompositeOp, IOp<Clamp>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("chooses between the overloads for numbers and for tensors, which have definitions of their own");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Clamp(), s.Any(3, 4), s.Number(-1L), s.Number(1L)),
        Sample.Of(new Clamp(), s.Any(3, 4), s.Any(4), s.Any(3, 1)),
        Sample.Of(new Clamp(), s.Any(3, 4), s.Number(0L), null),
        Sample.Of(new Clamp(), s.Any(0), null, s.Number(0L)),
    ];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => Numbers(x) is { } clamp
        ? workspace.Apply(clamp, x[0])
        : workspace.Apply(new ClampTensor(), x[0], x.Optional(1), x.Optional(2));

    internal override Tensor ComposeInPlace(Workspace workspace, Inputs x) => Numbers(x) is { } clamp
        ? workspace.ApplyInPlace(clamp, x[0])
        : workspace.ApplyInPlace(new ClampTensor(), x[0], x.Optional(1), x.Optional(2));

    private static ClampScalar? Numbers(Inputs x) => x.Optional(1) is null or { IsWrappedNumber: true } && x.Optional(2) is null or { IsWrappedNumber: true }
        ? new ClampScalar(Number(x.Optional(1)), Number(x.Optional(2)))
        : null;

    private static Scalar? Number(Tensor? bound) => bound is null ? null : Scalar.Of(bound);
}
