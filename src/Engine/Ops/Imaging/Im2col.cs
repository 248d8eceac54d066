namespace AutogradService.Engine.Ops;

/// <summary>The blocks that a kernel meets when it slides over images, each as a column: batch x (channels kernel) x blocks. torch.nn.functional.unfold.</summary>
[Op("im2col(self, kernel_size, dilation, padding, stride)")]
public sealed partial record Im2col(Dims KernelSize, Dims? Dilation = null, Dims? Padding = null, Dims? Stride = null) : ComputeOp, IOp<Im2col>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Im2col>((op, x) =>
    {
        var (blocks, shape) = op.Blocks(x[0].Shape);
        return NdArray.Build(shape, i => blocks.At(i[^1], i[^2] % blocks.Size) is { } at ? x[0][[.. i[..^2], i[^2] / blocks.Size, at.Row, at.Column]] : 0);
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Im2col([2]), s.Any(2, 2, 3, 4)),
        Sample.Of(new Im2col([3, 2], [1, 2], [1], [2, 1]), s.Any(2, 4, 4)),
        Sample.Of(new Im2col([1]), s.Any(1, 2, 3, 2)),
        Sample.Of(new Im2col([2], null, [1], [3]), s.Any(0, 2, 3, 3)),
    ];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "Im2ColBackward0";

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(Blocks(x[0].Shape).Shape, x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        Blocks(x[0].Shape).Blocks.Read(y.Workspace.RawContiguous(x[0]), y, x[0].Dim == 4 ? x[0].Shape[0] : 1, x[0].Shape[-3]);
    }

    // Linear: an element collects the gradients of all blocks that show it.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Col2im(Dims.Create(saved.Shape(0).Sizes[^2..]), KernelSize, Dilation, Padding, Stride);

    private (SlidingBlocks Blocks, Shape Shape) Blocks(Shape input)
    {
        bool fits = input.Rank is 3 or 4;
        for (int d = input.Rank == 4 ? 1 : 0; d < input.Rank; d++) fits &= input[d] != 0;
        var blocks = SlidingBlocks.Of(KernelSize, Dilation, Padding, Stride, fits ? input[-2] : 0, fits ? input[-1] : 0);
        if (!fits)
            throw AutogradException.Shape($"Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and other non-zero dimensions for input, but got: {input}");
        if (blocks.Rows < 1 || blocks.Columns < 1)
            throw AutogradException.Shape($"Given input with spatial size ({blocks.Height}, {blocks.Width}), kernel_size={SlidingBlocks.Text(blocks.Kernel)}, dilation={SlidingBlocks.Text(blocks.Dilation)}, padding={SlidingBlocks.Text(blocks.Padding)}, calculated shape of the array of sliding blocks as ({blocks.Rows}, {blocks.Columns}), but its components must be at least one.");
        return (blocks, Shape.Of([.. input.Sizes[..^3], input[-3] * blocks.Size, blocks.Rows * blocks.Columns]));
    }
}
