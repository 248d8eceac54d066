namespace AutogradService.Engine.Ops;

/// <summary>Columns (batch x (channels kernel) x blocks) added to images where im2col would have taken them from: the adjoint of im2col. torch.nn.functional.fold.</summary>
[Op("col2im(self, output_size, kernel_size, dilation, padding, stride)")]
public sealed partial record Col2im(Dims OutputSize, Dims KernelSize, Dims? Dilation = null, Dims? Padding = null, Dims? Stride = null) : ComputeOp, IOp<Col2im>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Col2im>((op, x) =>
    {
        var (blocks, shape) = op.Blocks(x[0].Shape);
        var y = new NdArray(shape.Sizes);
        foreach (var i in NdArray.Indices(x[0].Shape))
            if (blocks.At(i[^1], i[^2] % blocks.Size) is { } at) y[[.. i[..^2], i[^2] / blocks.Size, at.Row, at.Column]] += x[0][i];
        return y;
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Col2im([3, 4], [2]), s.Any(2, 8, 6)),
        Sample.Of(new Col2im([4, 4], [3, 2], [1, 2], [1], [2, 1]), s.Any(12, 8)),
        Sample.Of(new Col2im([3, 3], [2], null, [1], [3]), s.Any(0, 8, 4)),
    ];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "Col2ImBackward0";

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(Blocks(x[0].Shape).Shape, x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        if (y.Numel == 0) return;
        var sum = Truth.Wide(y);
        Blocks(x[0].Shape).Blocks.Add(y.Workspace.RawContiguous(Truth.Wide(x[0], y)), sum, y.Numel / (y.Shape[-1] * y.Shape[-2]));
        Truth.Narrow(sum, y);
    }

    // Linear: a column's element gets the gradient of the pixel that it was added to.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Im2col(KernelSize, Dilation, Padding, Stride);

    private (SlidingBlocks Blocks, Shape Shape) Blocks(Shape input)
    {
        var size = SlidingBlocks.Pair(OutputSize, "output_size");
        var blocks = SlidingBlocks.Of(KernelSize, Dilation, Padding, Stride, size[0], size[1]);
        if (!(input.Rank == 2 && input[0] != 0 && input[1] != 0 || input.Rank == 3 && input[1] != 0 && input[2] != 0))
            throw AutogradException.Shape($"Expected 2D or 3D (batch mode) tensor for input with possibly 0 batch size and non-zero dimensions for input, but got: {input}");
        if (input[-2] % blocks.Size != 0)
            throw AutogradException.Shape($"Expected size of input's dimension 1 to be divisible by the product of kernel_size, but got input.size(1)={input[-2]} and kernel_size={SlidingBlocks.Text(blocks.Kernel)}.");
        if (blocks.Rows < 1 || blocks.Columns < 1 || input[-1] != blocks.Rows * blocks.Columns)
            throw AutogradException.Shape($"Given output_size={SlidingBlocks.Text(size)}, kernel_size={SlidingBlocks.Text(blocks.Kernel)}, dilation={SlidingBlocks.Text(blocks.Dilation)}, padding={SlidingBlocks.Text(blocks.Padding)}, stride={SlidingBlocks.Text(blocks.Stride)}, expected size of input's dimension 2 to match the calculated number of sliding blocks {blocks.Rows} * {blocks.Columns} = {blocks.Rows * blocks.Columns}, but got input.size(2)={input[-1]}.");
        return (blocks, Shape.Of([.. input.Sizes[..^2], input[-2] / blocks.Size, size[0], size[1]]));
    }
}
