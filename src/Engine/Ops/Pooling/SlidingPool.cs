namespace AutogradService.Engine.Ops;

/// <summary>What the public forms of sliding pooling share: attributes as PyTorch spells them, and one dim as two.</summary>
internal static class SlidingPool
{
    private static readonly string[] s_counts = ["", "one int", "two ints", "three ints"];

    /// <summary>Max pooling over two or three dims: values and indices.</summary>
    public static Tensor[] Max(Tensor x, int dims, Dims kernelSize, Dims? stride, Dims? padding, Dims? dilation, bool ceilMode)
    {
        string name = $"max_pool{dims}d", count = s_counts[dims];
        if (dims == 1) return MaxOfOneDim(x, kernelSize, stride, padding, dilation, ceilMode);
        var kernel = PoolGeometry.Expand(kernelSize, [], dims, $"{name}: kernel_size must either be a single int, or a tuple of {count}");
        var op = new MaxPoolWithIndices(
            kernel,
            PoolGeometry.Expand(stride, kernel, dims, $"{name}: stride must either be omitted, a single int, or a tuple of {count}"),
            PoolGeometry.Expand(padding, [0], dims, $"{name}: padding must either be a single int, or a tuple of {count}"),
            PoolGeometry.Expand(dilation, [1], dims, $"{name}: dilation must be either a single int, or a tuple of {count}"),
            ceilMode);
        return x.Workspace.ApplyMany(op, x);
    }

    /// <summary>Average pooling.</summary>
    public static Tensor Average(Tensor x, int dims, Dims kernelSize, Dims? stride, Dims? padding, bool ceilMode, bool countIncludePad, long? divisorOverride)
    {
        string name = $"avg_pool{dims}d", count = s_counts[dims], either = dims == 2 ? "must either be" : "must be";
        if (dims == 1)
        {
            RequireRank(name, x, 2, 3);
            Dims length = [1, One(name, "kernel_size", kernelSize)];
            Dims step = stride is null || stride.Count == 0 ? length : [1, One(name, "stride", stride)];
            return PoolGeometry.OneDim(x, t => t.AvgPool(length, step, [0, One(name, "padding", padding ?? [0])], ceilMode, countIncludePad));
        }
        var kernel = PoolGeometry.Expand(kernelSize, [], dims, $"{name}: kernel_size {either} a single int, or a tuple of {count}");
        return x.AvgPool(
            kernel,
            PoolGeometry.Expand(stride, kernel, dims, $"{name}: stride {either} omitted, a single int, or a tuple of {count}"),
            PoolGeometry.Expand(padding, [0], dims, $"{name}: padding {either} a single int, or a tuple of {count}"),
            ceilMode, countIncludePad, divisorOverride);
    }

    /// <summary>Refuses other ranks, as the forms of one dim do.</summary>
    public static void RequireRank(string name, Tensor x, int least, int most)
    {
        if (x.Dim < least || x.Dim > most)
            throw AutogradException.Shape($"Expected {least} to {most} dimensions, but got {x.Dim}-dimensional tensor for argument #1 'self' (while checking arguments for {name})");
    }

    /// <summary>The only number of an attribute.</summary>
    public static long One(string name, string attribute, Dims values) =>
        values.Count == 1 ? values[0] : throw AutogradException.Attribute($"{name}() argument '{attribute}' should contain one int (got {values.Count})");

    /// <summary>The definition of max pooling in the public forms' attributes.</summary>
    public static NdArray[] DefineMax(NdArray x, int dims, Dims kernelSize, Dims? stride, Dims? padding, Dims? dilation, bool ceilMode)
    {
        var kernel = PoolGeometry.Expand(kernelSize, [], dims, "");
        return MaxPoolWithIndices.Reference.Compute(
            new MaxPoolWithIndices(Deep(kernel, 1), Deep(PoolGeometry.Expand(stride, kernel, dims, ""), 1), Deep(PoolGeometry.Expand(padding, [0], dims, ""), 0), Deep(PoolGeometry.Expand(dilation, [1], dims, ""), 1), ceilMode),
            [Deep(x, dims)]).Select(y => Flat(y, dims)).ToArray();
    }

    /// <summary>The definition of average pooling in the public forms' attributes.</summary>
    public static NdArray DefineAverage(NdArray x, int dims, Dims kernelSize, Dims? stride, Dims? padding, bool ceilMode, bool countIncludePad, long? divisor)
    {
        var kernel = PoolGeometry.Expand(kernelSize, [], dims, "");
        return Flat(AvgPool.Reference.Compute(
            new AvgPool(Deep(kernel, 1), Deep(PoolGeometry.Expand(stride, kernel, dims, ""), 1), Deep(PoolGeometry.Expand(padding, [0], dims, ""), 0), ceilMode, countIncludePad, divisor),
            [Deep(x, dims)])[0], dims);
    }

    /// <summary>One dim as two, for definitions.</summary>
    public static NdArray Deep(NdArray x, int dims) => dims > 1 ? x : new NdArray(Shape.Of([.. x.Shape.Sizes[..^1], 1, x.Shape[-1]]), x.Values);

    /// <summary>Two dims as one again.</summary>
    public static NdArray Flat(NdArray x, int dims) => dims > 1 ? x : new NdArray(x.Shape.Without(x.Shape.Rank - 2), x.Values);

    /// <summary>An attribute of one dim as of two.</summary>
    public static Dims Deep(Dims values, long first) => values.Count > 1 ? values : [first, values[0]];

    private static Tensor[] MaxOfOneDim(Tensor x, Dims kernelSize, Dims? stride, Dims? padding, Dims? dilation, bool ceilMode)
    {
        if (x.Dim is not (2 or 3)) throw AutogradException.Shape($"max_pool1d() Expected 2D or 3D input tensor, but got {x.Shape}");
        long kernel = Only("kernel_size must be an int, list of ints or tuple of ints", kernelSize);
        long step = stride is null || stride.Count == 0 ? kernel : Only("stride must be None, an int, list of ints, or tuple of ints", stride);
        long pad = Only("padding must be an int, list of ints, or tuple of ints", padding ?? [0]);
        long apart = Only("dilation must be an int, list of ints, or tuple of ints", dilation ?? [1]);
        Require(kernel > 0, $"kernel_size must be greater than zero, but got {kernel}");
        Require(step > 0, $"stride must be greater than zero, but got {step}");
        Require(pad >= 0, $"padding must be non-negative, but got {pad}");
        Require(pad <= kernel / 2, $"padding should be at most half of kernel size, but got padding={pad} and kernel_size={kernel}");
        Require(apart > 0, $"dilation must be greater than zero, but got {apart}");
        long windows = PoolGeometry.Windows(x.Shape[-1], kernel, step, pad, apart, ceilMode);
        Require(windows > 0, $"Invalid computed output size: {windows}");
        var results = x.Workspace.ApplyMany(new MaxPoolWithIndices([1, kernel], [1, step], [0, pad], [1, apart], ceilMode), x.Unsqueeze(-2));
        return [results[0].Squeeze(-2), results[1].Squeeze(-2)];

        static long Only(string rule, Dims values) =>
            values.Count == 1 ? values[0] : throw AutogradException.Attribute($"max_pool1d() {rule} of size 1 but got size {values.Count}");

        static void Require(bool holds, string message)
        {
            if (!holds) throw AutogradException.Attribute("max_pool1d() " + message);
        }
    }
}
