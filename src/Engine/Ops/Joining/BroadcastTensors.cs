namespace AutogradService.Engine.Ops;

/// <summary>Views of all tensors, expanded to the shape they broadcast to.</summary>
[Op("broadcast_tensors(tensors*) -> outputs*")]
public sealed partial record BroadcastTensors : CompositeMultiOp, IOp<BroadcastTensors>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<BroadcastTensors>((_, x) =>
    {
        var shape = x.Select(t => t.Shape).Aggregate(Shape.Broadcast);
        return [.. x.Select(t => NdArray.Build(shape, i => t.Broadcast(i)))];
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new BroadcastTensors(), s.Any(2, 1), s.Any(3), s.Any())];

    /// <inheritdoc/>
    public override Tensor[] Compose(Workspace workspace, Inputs x)
    {
        if (x.Count == 0) return [];
        var shape = Dims.Of(x.BroadcastShape());
        var views = new Tensor[x.Count];
        for (int i = 0; i < views.Length; i++) views[i] = x[i].Expand(shape);
        return views;
    }
}
