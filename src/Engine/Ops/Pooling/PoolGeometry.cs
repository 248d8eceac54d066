namespace AutogradService.Engine.Ops;

/// <summary>Sizes of pooling, with PyTorch's refusals in their order, and the definitions.</summary>
internal static class PoolGeometry
{
    private static readonly string[] s_letters = ["T", "H", "W"];

    /// <summary>An attribute as one number for each dim.</summary>
    public static Dims Expand(Dims? values, Dims fallback, int dims, string message)
    {
        if (values is null || values.Count == 0) values = fallback;
        if (values.Count == dims) return values;
        if (values.Count != 1) throw AutogradException.Attribute(message);
        var all = new long[dims];
        Array.Fill(all, values[0]);
        return Dims.Create(all);
    }

    /// <summary>Refuses attributes whose products with sizes could wrap around: nothing of that size could ever be there.</summary>
    /// <exception cref="AutogradException">INVALID_ATTRIBUTE.</exception>
    public static void RequireModest(string name, params ReadOnlySpan<long> values)
    {
        foreach (long v in values)
            if (v is < -int.MaxValue or > int.MaxValue) throw AutogradException.Attribute($"{name} is out of range: {v}");
    }

    /// <summary>How many windows fit: rounded down, or in ceil mode up as long as the last one begins inside the input or the padding before it.</summary>
    public static long Windows(long input, long kernel, long stride, long padding, long dilation, bool ceil)
    {
        if (stride == 0) throw AutogradException.Attribute("stride should not be zero");
        if (padding < 0) throw AutogradException.Attribute($"pad must be non-negative, but got pad: {padding}");
        if (padding > ((kernel - 1) * dilation + 1) / 2)
            throw AutogradException.Attribute($"pad should be at most half of effective kernel size, but got pad={padding}, kernel_size={kernel} and dilation={dilation}");
        long room = input + 2 * padding - dilation * (kernel - 1) - 1 + (ceil ? stride - 1 : 0);
        long windows = (room >= 0 ? room / stride : -((-room + stride - 1) / stride)) + 1;
        return ceil && (windows - 1) * stride >= input + padding ? windows - 1 : windows;
    }

    /// <summary>The pooled shape, once everything is known to fit.</summary>
    public static Shape Pooled(Shape input, Dims kernel, Dims stride, Dims padding, Dims dilation, bool ceil, bool average)
    {
        int dims = kernel.Count;
        string name = average ? $"avg_pool{dims}d" : $"max_pool{dims}d";
        if (dims == 2 && !average && input.Rank is not (3 or 4)) throw AutogradException.Shape("non-empty 3D or 4D (batch mode) tensor expected for input");
        if (input.Rank != dims + 1 && input.Rank != dims + 2)
            throw AutogradException.Shape(dims == 3 ? $"{Function(name)}: Expected 4D or 5D tensor for input, but got: {input}" : $"Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for input, but got:{input}");
        RequireModest("kernel_size", kernel.Values);
        RequireModest("stride", stride.Values);
        RequireModest("padding", padding.Values);
        RequireModest("dilation", dilation.Values);
        var sizes = input.Sizes.ToArray();
        for (int d = 0; d < dims; d++)
        {
            int at = input.Rank - dims + d;
            sizes[at] = Windows(input[at], kernel[d], stride[d], padding[d], dilation[d], ceil);
        }
        RequirePositive("kernel size", "k", kernel);
        RequirePositive("stride", "d", stride);
        RequirePositive("dilation", "dilation", dilation);
        RequireElements(input, dims, name);
        var (first, size) = (input.Rank - dims, sizes[(input.Rank - dims)..]);
        if (dims == 3 && average)
            for (int d = 0; d < dims; d++)
                if (input[first + d] < kernel[d])
                    throw AutogradException.Shape($"input image (T: {input[first]} H: {input[first + 1]} W: {input[first + 2]}) smaller than kernel size (kT: {kernel[0]} kH: {kernel[1]} kW: {kernel[2]})");
        for (int d = 0; d < dims; d++)
            if (kernel[d] / 2 < padding[d])
                throw AutogradException.Attribute("pad should be smaller than or equal to half of kernel size, but got " + (dims == 3
                    ? $"kT: {kernel[0]} kW: {kernel[2]} kH: {kernel[1]} padT: {padding[0]} padW: {padding[2]} padH: {padding[1]}"
                    : $"padW = {padding[1]}, padH = {padding[0]}, kW = {kernel[1]}, kH = {kernel[0]}"));
        if (Array.Exists(size, s => s < 1))
        {
            long planes = input[first - 1];
            throw AutogradException.Shape($"Given input size: ({planes}x{string.Join("x", input.Sizes[first..].ToArray())}). Calculated output size: ({planes}x{string.Join("x", size)}). Output size is too small");
        }
        return Shape.Of(sizes);
    }

    /// <summary>The sliding windows of a pooled shape.</summary>
    public static PoolWindows Windows(Shape input, Shape output, Dims kernel, Dims stride, Dims padding, Dims dilation)
    {
        if (input.Numel == 0) return PoolWindows.None;
        var rows = new WindowRow[kernel.Count];
        for (int d = 0; d < rows.Length; d++)
        {
            int at = input.Rank - rows.Length + d;
            rows[d] = WindowRow.Sliding(input[at], output[at], kernel[d], stride[d], padding[d], dilation[d]);
        }
        return new PoolWindows(rows);
    }

    /// <summary>The even windows of a pooled shape.</summary>
    public static PoolWindows Adaptive(Shape input, Dims output)
    {
        if (input.Numel == 0) return PoolWindows.None;
        var rows = new WindowRow[output.Count];
        for (int d = 0; d < rows.Length; d++) rows[d] = WindowRow.Adaptive(input[input.Rank - rows.Length + d], output[d]);
        return new PoolWindows(rows);
    }

    /// <summary>The shape with its last dims replaced.</summary>
    public static Shape WithLast(Shape shape, Dims last) => Shape.Of([.. shape.Sizes[..^last.Count], .. last.Values]);

    /// <summary>A definition by windows: each result from the values that its window meets (and their index in the plane), and how many places the window has with padding.</summary>
    /// <param name="windows">Start, end, step of the window of an output index along a dim, before the input's edges cut it; and the end of the padding.</param>
    public static NdArray Define(NdArray x, Shape output, int dims, Func<int, long, (long Start, long End, long Step, long Limit)> windows, Func<List<(double Value, long Index)>, long, double> reduce) =>
        NdArray.Build(output, i =>
        {
            var met = new List<(double, long)>();
            long places = 1;
            int first = i.Length - dims;
            var at = (long[])i.Clone();
            for (int d = 0; d < dims; d++)
            {
                var (start, end, _, limit) = windows(d, i[first + d]);
                places *= Math.Min(end, limit) - start;
            }
            Visit(0, 0);
            return reduce(met, places);

            void Visit(int d, long index)
            {
                if (d == dims)
                {
                    met.Add((x[at], index));
                    return;
                }
                var (start, end, step, _) = windows(d, i[first + d]);
                for (long p = start; p < end; p += step)
                {
                    if (p < 0 || p >= x.Shape[first + d]) continue;
                    at[first + d] = p;
                    Visit(d + 1, index * x.Shape[first + d] + p);
                }
            }
        });

    /// <summary>The windows of sliding pooling, for <see cref="Define"/>.</summary>
    public static Func<int, long, (long, long, long, long)> SlidingOver(Shape input, Dims kernel, Dims stride, Dims padding, Dims dilation) => (d, o) =>
    {
        long start = o * stride[d] - padding[d];
        return (start, start + (kernel[d] - 1) * dilation[d] + 1, dilation[d], input[input.Rank - kernel.Count + d] + padding[d]);
    };

    /// <summary>The windows of adaptive pooling, for <see cref="Define"/>.</summary>
    public static Func<int, long, (long, long, long, long)> AdaptiveOver(Shape input, Dims output) => (d, o) =>
    {
        double size = input[input.Rank - output.Count + d];
        return ((long)Math.Floor(o * size / output[d]), (long)Math.Ceiling((o + 1) * size / output[d]), 1, long.MaxValue);
    };

    /// <summary>The first of the largest.</summary>
    public static (double Value, long Index) Largest(List<(double Value, long Index)> met) => met.First(m => m.Value == met.Max(o => o.Value));

    /// <summary>Windows over the dims of a tensor that may lack a batch, run by an op of one dim more: a dim of size 1 in front of the last.</summary>
    public static Tensor OneDim(Tensor x, Func<Tensor, Tensor> pool) => pool(x.Unsqueeze(-2)).Squeeze(-2);

    private static string Function(string name) => name == "max_pool3d" ? "max_pool3d_with_indices()" : name + "()";

    private static void RequirePositive(string what, string letter, Dims values)
    {
        foreach (long v in values.Values)
            if (v <= 0)
                throw AutogradException.Attribute($"{what} should be greater than zero, but got {string.Join(" ", values.Select((value, d) => $"{letter}{s_letters[d + 3 - values.Count]}: {value}"))}");
    }

    private static void RequireElements(Shape input, int dims, string name)
    {
        for (int d = input.Rank - dims - 1; d < input.Rank; d++)
        {
            // With a batch the channels of an image count too; of a volume, everything but the batch.
            if (input[d] != 0) continue;
            throw AutogradException.Shape(dims == 3
                ? $"{Function(name)}: Expected input's non-batch dimensions to have positive length, but input has a shape of {input} and non-batch dimension 0 has length zero!"
                : $"Expected 3D or 4D (batch mode) tensor with optional 0 dim batch size for input, but got:{input}");
        }
    }
}
