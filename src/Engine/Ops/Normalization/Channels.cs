namespace AutogradService.Engine.Ops;

/// <summary>A batch by its channels (dim 1): all that belongs to a channel is a row.</summary>
internal static class Channels
{
    /// <summary>The elements as channels x the rest.</summary>
    public static Tensor Rows(Tensor x) => x.Transpose(0, 1).Reshape([x.Shape[1], x.Numel / x.Shape[1]]);

    /// <summary>Rows as the batch they came from.</summary>
    public static Tensor Back(Tensor rows, Shape shape) => rows.Reshape(Dims.Create([shape[1], shape[0], .. shape.Sizes[2..]])).Transpose(0, 1);

    /// <summary>A number for each channel, so that it broadcasts over the batch.</summary>
    public static Tensor Spread(Tensor perChannel, int rank)
    {
        var sizes = new long[rank];
        Array.Fill(sizes, 1);
        sizes[1] = perChannel.Numel;
        return perChannel.Reshape(Dims.Create(sizes));
    }

    /// <summary>All dims but the channels.</summary>
    public static Dims Others(int rank) => Dims.Create([0, .. Enumerable.Range(2, rank - 2).Select(d => (long)d)]);

    /// <summary>The definition of batch normalisation; inputs as batch_norm has them.</summary>
    public static NdArray Define(NdArray[] x, bool training, double eps)
    {
        var input = x[0];
        var others = Others(input.Shape.Rank);
        var mean = input.Reduce(others, false, v => v.Average());
        var variance = input.Reduce(others, false, v => v.Sum(e => (e - v.Average()) * (e - v.Average())) / v.Length);
        if (!training) (mean, variance) = (x[1], x[2]);
        return NdArray.Build(input.Shape, i => (input[i] - mean[i[1]]) / Math.Sqrt(variance[i[1]] + eps) * (x[3]?[i[1]] ?? 1) + (x[4]?[i[1]] ?? 0));
    }
}
