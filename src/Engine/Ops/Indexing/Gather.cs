namespace AutogradService.Engine.Ops;

/// <summary>Elements of self where an index leads along a dim: y[i] = self[i with i[dim] = index[i]].</summary>
[Op("gather(self, dim, index!)")]
public sealed partial record Gather(long Dim) : ComputeOp, IOp<Gather>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Gather>((op, x) =>
    {
        var result = new NdArray(x[1].Shape.Sizes);
        ScatterRules.Each(x[0], op.Dim, x[1], (from, to) => result[to] = x[0][from]);
        return result;
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Gather(0), s.Any(3, 4), s.Index(3, 2, 3)),
        Sample.Of(new Gather(-1), s.Any(2, 3), s.Index(3, 2, 5)),
        Sample.Of(new Gather(1), s.Strided(3, 4), s.Index(4, 3, 2)),
        Sample.Of(new Gather(0), s.Any(), s.Index(1)),
        Sample.Of(new Gather(0), s.Any(3), s.Index(3, 4)),
        Sample.Of(new Gather(0), s.Any(3, 4), s.Index(3, 0, 4)),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(1);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        var (self, index) = (x[0], x[1]);
        int dim = Shape.WrapDim(Dim, self.Dim);
        if (index.Numel == 0) return new(index.Shape, self.DType);
        if (index.DType != DType.Int64) throw AutogradException.Attribute("gather(): Expected dtype int64 for index");
        if (Math.Max(index.Dim, 1) != Math.Max(self.Dim, 1)) throw AutogradException.Shape("Index tensor must have the same number of dimensions as input tensor");
        for (int d = 0; d < index.Dim; d++)
            if (d != dim && index.Shape[d] > AlongDim.SizeOf(self, d))
                throw AutogradException.Shape($"Size does not match at dimension {d} expected index {index.Shape} to be no larger than self {self.Shape} apart from dimension {dim}");
        return new(index.Shape, self.DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        int dim = Shape.WrapDim(Dim, x[0].Dim);
        long size = AlongDim.SizeOf(x[0], dim);
        AlongDim.Gather(x[0], dim, AlongDim.Checked(x[1], size, AlongDim.OutOfBounds(dim, size)), y);
    }

    // Every element read adds its gradient to where it was read.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.NewZeros(Dims.Of(saved.Shape(0))).ScatterAdd(Dim, saved.Input(1), grad);
}
