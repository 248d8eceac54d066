namespace AutogradService.Engine.Ops;

/// <summary>A view in which dims of size 1 are repeated without copying: expand under NumPy's name.</summary>
[Op("broadcast_to(self, size)")]
public sealed partial record BroadcastTo(Dims Size) : CompositeOp, IOp<BroadcastTo>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<BroadcastTo>((op, x) => NdArray.Build(Shape.Of(op.Size.Values), i => x[0].Broadcast(i)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new BroadcastTo([2, 3, 4]), s.Any(3, 1)), Sample.Of(new BroadcastTo([2]), s.Any())];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => x[0].Expand(Size);
}
