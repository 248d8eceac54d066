using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>How a kernel moves over an input of any number of spatial dims, plainly or transposed: sizes, refusals with PyTorch's wording, and the definition.</summary>
internal readonly record struct ConvolutionGeometry(Dims Stride, Dims Padding, Dims Dilation, bool Transposed, Dims OutputPadding, long Groups)
{
    private const int Dims3 = 3;

    /// <summary>The shape of the result, once everything is known to fit.</summary>
    public Shape OutputShape(Shape input, Shape weight, Shape? bias)
    {
        Check(input, weight, bias);
        var sizes = new long[input.Rank];
        sizes[0] = input[0];
        sizes[1] = Transposed ? weight[1] * Groups : weight[0];
        for (int d = 2; d < sizes.Length; d++)
        {
            long extent = Dilation[d - 2] * (weight[d] - 1) + 1;
            sizes[d] = Transposed
                ? (input[d] - 1) * Stride[d - 2] - 2 * Padding[d - 2] + extent + OutputPadding[d - 2]
                : (input[d] + 2 * Padding[d - 2] - extent) / Stride[d - 2] + 1;
        }
        if (Transposed) CheckTransposed(input, sizes);
        return Shape.Of(sizes);
    }

    /// <summary>The output padding with which the transposed convolution of an output gives back the input's size.</summary>
    public Dims OutputPaddingFor(Shape input, Shape output, ReadOnlySpan<long> kernel)
    {
        var padding = new long[kernel.Length];
        for (int d = 0; d < padding.Length; d++)
            padding[d] = input[d + 2] - ((output[d + 2] - 1) * Stride[d] - 2 * Padding[d] + Dilation[d] * (kernel[d] - 1) + 1);
        return Dims.Create(padding);
    }

    /// <summary>A result cut to the size of what it is the gradient for; an output padding beyond the stride makes it larger.</summary>
    public static Tensor Cut(Tensor gradient, Shape shape)
    {
        for (int d = 2; d < shape.Rank; d++)
            if (gradient.Shape[d] > shape[d]) gradient = gradient.Narrow(d, 0, shape[d]);
        return gradient;
    }

    /// <summary>The plans for the output of given shape: several for a transposed convolution with a stride.</summary>
    public IReadOnlyList<ConvolutionPlan> Plans(Shape input, Shape weight, Shape output)
    {
        long[] i = Spatial(input.Sizes[2..]), k = Spatial(weight.Sizes[2..]), o = Spatial(output.Sizes[2..]);
        long[] stride = Spatial(Stride.Values), padding = Spatial(Padding.Values, 0), dilation = Spatial(Dilation.Values);
        long rows = output[1] / Groups, channels = input[1] / Groups;
        return Transposed
            ? ConvolutionPlan.Transposed(input[0], Groups, rows, channels, i, k, o, stride, padding, dilation)
            : [ConvolutionPlan.Of(input[0], Groups, rows, channels, i, k, o, stride, padding, dilation)];
    }

    /// <summary>The definition: y[n, o, q] = bias[o] + sum over channels i of o's group and taps k of w[o, i, k] x[n, i, q stride + k dilation - padding]; transposed, the input's and the output's place change roles.</summary>
    public NdArray Define(NdArray x, NdArray w, NdArray? bias)
    {
        var shape = OutputShape(x.Shape, w.Shape, bias?.Shape);
        var y = NdArray.Build(shape, i => bias is null ? 0 : bias[i[1]]);
        bool transposed = Transposed;
        ForEachProduct(transposed ? shape : x.Shape, transposed ? x.Shape : shape, w.Shape, (large, small, tap) =>
        {
            if (transposed) y[large] += x[small] * w[tap];
            else y[small] += x[large] * w[tap];
        });
        return y;
    }

    /// <summary>Every triple (place of the larger side, place of the smaller one, weight) that a convolution multiplies.</summary>
    public void ForEachProduct(Shape larger, Shape smaller, Shape weight, Action<long[], long[], long[]> visit)
    {
        long perGroup = smaller[1] / Groups;
        foreach (var small in NdArray.Indices(smaller))
            foreach (var tap in NdArray.Indices(Shape.Of([weight[1], .. weight.Sizes[2..]])))
            {
                var large = (long[])small.Clone();
                large[1] = small[1] / perGroup * weight[1] + tap[0];
                bool inside = true;
                for (int d = 2; d < large.Length; d++)
                {
                    large[d] = small[d] * Stride[d - 2] + tap[d - 1] * Dilation[d - 2] - Padding[d - 2];
                    inside &= large[d] >= 0 && large[d] < larger[d];
                }
                if (inside) visit(large, small, [small[1], .. tap]);
            }
    }

    /// <summary>Sizes of up to three spatial dims as three.</summary>
    private static long[] Spatial(ReadOnlySpan<long> sizes, long fill = 1)
    {
        var three = new long[Dims3];
        Array.Fill(three, fill);
        sizes.CopyTo(three.AsSpan(Dims3 - sizes.Length));
        return three;
    }

    private void Check(Shape input, Shape weight, Shape? bias)
    {
        PoolGeometry.RequireModest("padding", Padding.Values);
        PoolGeometry.RequireModest("output_padding", OutputPadding.Values);
        PoolGeometry.RequireModest("stride", Stride.Values);
        PoolGeometry.RequireModest("dilation", Dilation.Values);
        PoolGeometry.RequireModest("groups", Groups);
        if (Any(Padding, v => v < 0)) throw AutogradException.Attribute("negative padding is not supported");
        if (Any(OutputPadding, v => v < 0)) throw AutogradException.Attribute("negative output_padding is not supported");
        if (Any(Stride, v => v <= 0)) throw AutogradException.Attribute("non-positive stride is not supported");
        if (Any(Dilation, v => v <= 0)) throw AutogradException.Attribute("dilation should be greater than zero");
        if (Groups <= 0) throw AutogradException.Attribute("non-positive groups is not supported");
        if (input.Rank != weight.Rank) throw WrongRank(input, weight, " ");
        if (weight[0] < Groups)
            throw AutogradException.Shape($"Given groups={Groups}, expected weight to be at least {Groups} at dimension 0, but got weight of size {weight} instead");
        if (weight[0] % Groups != 0)
            throw AutogradException.Shape($"Given groups={Groups}, expected weight to be divisible by {Groups} at dimension 0, but got weight of size [{weight}] instead");
        string prefix = Transposed ? "Given transposed=1" : $"Given groups={Groups}";
        long channels = Transposed ? weight[0] : weight[1] * Groups, outputs = Transposed ? weight[1] * Groups : weight[0];
        if (input[1] != channels)
            throw AutogradException.Shape($"{prefix}, weight of size {weight}, expected input{input} to have {channels} channels, but got {input[1]} channels instead");
        if (bias is not null && (bias.Rank != 1 || bias[0] != outputs))
            throw AutogradException.Shape($"{(Transposed ? prefix + ", weight" : "Given weight")} of size {weight}, expected bias to be 1-dimensional with {outputs} elements, but got bias of size {bias} instead");
        for (int d = 2; d < weight.Rank; d++)
            if (weight[d] == 0) throw AutogradException.Shape($"kernel size should be greater than zero, but got weight of size {weight}");
        for (int d = 2; d < input.Rank; d++)
            if (input[d] == 0) throw AutogradException.Shape($"Expected {input.Rank - 1}D or {input.Rank}D (batch mode) tensor with optional 0 dim batch size for input, but got:{input}");
        if (Transposed) return;
        var padded = new long[input.Rank - 2];
        var extent = new long[padded.Length];
        bool fits = true;
        for (int d = 0; d < padded.Length; d++)
        {
            padded[d] = input[d + 2] + 2 * Padding[d];
            extent[d] = Dilation[d] * (weight[d + 2] - 1) + 1;
            fits &= padded[d] >= extent[d];
        }
        if (!fits)
            throw AutogradException.Shape($"Calculated padded input size per channel: ({string.Join(" x ", padded)}). Kernel size: ({string.Join(" x ", extent)}). Kernel size can't be greater than actual input size");
    }

    private void CheckTransposed(Shape input, long[] output)
    {
        for (int d = 0; d < OutputPadding.Count; d++)
            if (OutputPadding[d] >= Stride[d] && OutputPadding[d] >= Dilation[d])
                throw AutogradException.Attribute($"output padding must be smaller than either stride or dilation, but got {Named("output_padding", OutputPadding, 0)} {Named("stride", Stride, 1)} {Named("dilation", Dilation, 1)}");
        if (Array.Exists(output[2..], o => o < 1) && input.Numel > 0)
            throw AutogradException.Shape($"Given input size per channel: ({string.Join(" x ", input.Sizes[2..].ToArray())}). Calculated output size per channel: ({string.Join(" x ", output[2..])}). Output size is too small");
    }

    // PyTorch treats one spatial dim as two.
    private static string Named(string name, Dims values, long first)
    {
        long[] all = values.Count == 1 ? [first, values[0]] : [.. values.Values];
        string[] dims = all.Length == 2 ? ["height", "width"] : ["depth", "height", "width"];
        return string.Join(" ", all.Select((v, d) => $"{name}_{dims[d]}: {v}"));
    }

    /// <summary>The refusal of an input whose rank is not the weight's.</summary>
    public static AutogradException WrongRank(Shape input, Shape weight, string space) =>
        AutogradException.Shape($"Expected {weight.Rank}-dimensional input for {weight.Rank}-dimensional weight{space}{weight}, but got {input.Rank}-dimensional input of size {input} instead");

    private static bool Any(Dims values, Predicate<long> condition)
    {
        foreach (long v in values.Values)
            if (condition(v)) return true;
        return false;
    }
}
