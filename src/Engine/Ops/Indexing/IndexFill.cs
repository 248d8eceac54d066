using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Self with one value, a number or a 0-d tensor, over the indices of a dim that a vector names.</summary>
[Op("index_fill(self, dim, index!, value~)", InPlace = true, Page = "torch.Tensor.index_fill")]
public sealed partial record IndexFill(long Dim) : ComputeOp, IOp<IndexFill>
{
    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<IndexFill>((op, x) =>
    {
        var result = new NdArray(x[0].Shape, (double[])x[0].Values.Clone());
        IndexedSlices.Each(x[0], op.Dim, x[1], (to, _, _) => result[to] = x[2].Values[0]);
        return result;
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new IndexFill(0), s.Any(4, 3), s.Index(4, 2), s.Number(2L)),
        Sample.Of(new IndexFill(-1), s.Strided(3, 4), s.Integers(Shape.Of(3), 2, 0, 2), s.Any()),
        Sample.Of(new IndexFill(0), s.Any(), s.Index(1, 1), s.Any()),
    ];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => inputs[2]!.IsWrappedNumber ? "IndexFillBackward0" : "IndexFillBackward1";

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(1);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        _ = Shape.WrapDim(Dim, x[0].Dim);
        if (x[1].Dim > 1) throw AutogradException.Shape("Index has to be a vector/scalar");
        if (x[1].DType is not (DType.Int64 or DType.Int32)) throw AutogradException.Index("index_fill_(): Expected dtype int64 for index.");
        if (x[2].Dim != 0) throw AutogradException.Shape($"index_fill_ only supports a 0-dimensional value tensor, but got tensor with {x[2].Dim} dimension(s).");
        return new(x[0].Shape, x[0].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        int dim = Shape.WrapDim(Dim, y.Dim);
        if (x[1].Numel == 0)
        {
            if (!ReferenceEquals(x[0], y)) Transfer.Into(x[0], y);
            return;
        }
        var shape = y.Dim == 0 ? y.Shape : y.Shape.With(dim, x[1].Numel);
        AlongDim.Scatter(y, dim, IndexedSlices.Begin(x, Dim, shape, y), y.Workspace.RawCast(x[2], y.DType));
    }

    // g with zeros at the indices
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => input == 0
        ? grad.IndexFill(Dim, saved.Input(1), 0.0)
        : saved.Shape(1).Numel == 0 ? saved.Zeros(2) : grad.MaskedFill(Others(grad, saved.Input(1)), 0L).Sum();

    // Where nothing was filled; an index given twice is filled once.
    private Tensor Others(Tensor grad, Tensor index) => grad.Workspace.Ones(Dims.Of(grad.Shape), Engine.DType.Bool).IndexFill(Dim, index, false);
}
