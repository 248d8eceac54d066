namespace AutogradService.Engine.Ops;

/// <summary>What conv1d to conv3d and their transposed forms share: inputs without a batch, defaults, padding by name.</summary>
internal static class ConvolutionCall
{
    /// <summary>A convolution whose padding is given in numbers.</summary>
    public static Tensor Run(string name, int dims, Inputs x, Dims? stride, Dims? padding, Dims? dilation, long groups)
    {
        if (x.Optional(2) is { } bias && bias.DType != x[0].DType)
            throw new AutogradException(ErrorReason.DtypeUnsupported, $"Input type ({x[0].DType.CName}) and bias type ({bias.DType.CName}) should be the same");
        return Batched(name, dims, x, new Convolution(stride ?? [1], padding ?? [0], dilation ?? [1], false, [0], groups));
    }

    /// <summary>A transposed convolution.</summary>
    public static Tensor RunTransposed(string name, int dims, Inputs x, Dims? stride, Dims? padding, Dims? outputPadding, long groups, Dims? dilation) =>
        Batched(name, dims, x, new Convolution(stride ?? [1], padding ?? [0], dilation ?? [1], true, outputPadding ?? [0], groups));

    /// <summary>A convolution whose padding has a name: "valid" for none, "same" so that the output has the input's size.</summary>
    public static Tensor RunNamed(string name, int dims, Inputs x, Dims? stride, string padding, Dims? dilation, long groups)
    {
        Dims strides = stride ?? [1], dilations = dilation ?? [1];
        var input = WithBatch(name, dims, x[0]);
        Tensor result = padding switch
        {
            "valid" => Apply(input, x, new Convolution(strides, [0], dilations, false, [0], groups)),
            "same" => Same(input, x, strides, dilations, groups),
            _ => throw AutogradException.Attribute($"Invalid padding string: '{padding}'"),
        };
        return x[0].Dim == dims + 2 ? result : result.Squeeze(0);
    }

    /// <summary>The definition of the named padding, as amounts before and after each spatial dim.</summary>
    public static NdArray Define(NdArray[] x, int dims, Dims? stride, string padding, Dims? dilation, long groups)
    {
        if (padding == "valid") return Define(x, dims, new Convolution(stride ?? [1], [0], dilation ?? [1], false, [0], groups));
        var amounts = new long[2 * dims];
        for (int d = 0; d < dims; d++)
        {
            long total = (dilation is null ? 1 : dilation[dilation.Count == 1 ? 0 : d]) * (x[1].Shape[d + 2] - 1);
            amounts[2 * (dims - 1 - d)] = total / 2;
            amounts[2 * (dims - 1 - d) + 1] = total - total / 2;
        }
        var padded = ConstantPadNd.Reference.Compute(new ConstantPadNd(Dims.Create(amounts)), [x[0]])[0];
        return Define([padded, x[1], x[2]], dims, new Convolution([1], [0], dilation ?? [1], false, [0], groups));
    }

    /// <summary>The definition, of inputs with or without a batch.</summary>
    public static NdArray Define(NdArray[] x, int dims, Convolution op)
    {
        bool batched = x[0].Shape.Rank == dims + 2;
        var input = batched ? x[0] : new NdArray(Shape.Of([1, .. x[0].Shape.Sizes]), x[0].Values);
        var y = Convolution.Reference.Compute(op, [input, x[1], x[2]])[0];
        return batched ? y : new NdArray(Shape.Of(y.Shape.Sizes[1..]), y.Values);
    }

    private static Tensor Batched(string name, int dims, Inputs x, Convolution op)
    {
        var result = Apply(WithBatch(name, dims, x[0]), x, op);
        return x[0].Dim == dims + 2 ? result : result.Squeeze(0);
    }

    private static Tensor Apply(Tensor input, Inputs x, Convolution op) => input.Workspace.Apply(op, input, x[1], x.Optional(2));

    private static Tensor WithBatch(string name, int dims, Tensor input)
    {
        if (input.Dim == dims + 2) return input;
        if (input.Dim != dims + 1)
            throw AutogradException.Shape($"Expected {dims + 1}D (unbatched) or {dims + 2}D (batched) input to {name}, but got input of size: {input.Shape}");
        return input.Unsqueeze(0);
    }

    private static Tensor Same(Tensor input, Inputs x, Dims stride, Dims dilation, long groups)
    {
        var weight = x[1];
        int dims = weight.Dim - 2;
        if (dims < 1) throw AutogradException.Shape("weight should have at least three dimensions");
        if (groups <= 0) throw AutogradException.Attribute("non-positive groups is not supported");
        if (input.Dim != weight.Dim) throw ConvolutionGeometry.WrongRank(input.Shape, weight.Shape, "");
        if (stride.Count != dims && stride.Count != 1) throw AutogradException.Attribute($"stride cannot broadcast to {dims} dimensions");
        if (dilation.Count != dims && dilation.Count != 1) throw AutogradException.Attribute($"dilation cannot broadcast to {dims} dimensions");
        foreach (long s in stride.Values)
            if (s != 1) throw AutogradException.Attribute("padding='same' is not supported for strided convolutions");
        var padding = new long[dims];
        var surplus = new long[2 * dims];
        for (int d = 0; d < dims; d++)
        {
            long total = dilation[dilation.Count == 1 ? 0 : d] * (weight.Shape[d + 2] - 1);
            padding[d] = total / 2;
            // What does not divide in two goes behind, on the input itself.
            surplus[2 * (dims - 1 - d) + 1] = total % 2;
        }
        if (Array.Exists(surplus, v => v != 0)) input = input.ConstantPadNd(Dims.Create(surplus), 0L);
        return Apply(input, x, new Convolution(stride, Dims.Create(padding), dilation, false, [0], groups));
    }
}
