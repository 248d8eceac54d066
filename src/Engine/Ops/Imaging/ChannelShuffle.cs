namespace AutogradService.Engine.Ops;

/// <summary>The channels (dim 1) of groups dealt out in turn: channel c of group g, of c' channels each, comes to place c groups + g.</summary>
[Op("channel_shuffle(self, groups)")]
public sealed partial record ChannelShuffle(long Groups) : CompositeOp, IOp<ChannelShuffle>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<ChannelShuffle>((op, x) => NdArray.Build(x[0].Shape, i =>
    {
        i[1] = i[1] % op.Groups * (x[0].Shape[1] / op.Groups) + i[1] / op.Groups;
        return x[0][i];
    }));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new ChannelShuffle(2), s.Any(2, 6, 2)), Sample.Of(new ChannelShuffle(3), s.Any(1, 6, 2, 3))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        var self = x[0];
        if (self.Dim <= 2) throw AutogradException.Shape($"channel_shuffle expects input with > 2 dims, but got input with sizes {self.Shape}");
        if (Groups <= 0) throw AutogradException.Attribute($"Number of groups to divide channels in must be positive. Value of groups:{Groups}");
        long channels = self.Shape[1];
        if (channels % Groups != 0) throw AutogradException.Shape($"Number of channels must be divisible by groups. Got {channels} channels and {Groups} groups.");
        long rest = 1;
        for (int d = 2; d < self.Dim; d++) rest *= self.Shape[d];
        return self.Reshape([self.Shape[0], Groups, channels / Groups, rest]).Permute([0, 2, 1, 3]).Contiguous().Reshape(Dims.Of(self.Shape));
    }
}
