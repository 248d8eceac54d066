namespace AutogradService.Engine.Ops;

/// <summary>A view with two dims swapped: transpose under NumPy's name.</summary>
[Op("swapaxes(self, axis0, axis1)")]
public sealed partial record Swapaxes(long Axis0, long Axis1) : CompositeOp, IOp<Swapaxes>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Swapaxes>((op, x) => Transpose.Reference.Compute(new Transpose(op.Axis0, op.Axis1), x)[0]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Swapaxes(0, 1), s.Any(3, 4)), Sample.Of(new Swapaxes(-1, 0), s.Any(2, 3, 4))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].Transpose(Axis0, Axis1);
}
