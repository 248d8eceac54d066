namespace AutogradService.Engine.Ops;

/// <summary>The indices of a dim that a vector of int64 or int32 names, in its order.</summary>
[Op("index_select(self, dim, index!)")]
public sealed partial record IndexSelect(long Dim) : ComputeOp, IOp<IndexSelect>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<IndexSelect>((op, x) =>
    {
        if (x[0].Shape.Rank == 0) return x[0];
        int dim = Shape.WrapDim(op.Dim, x[0].Shape.Rank);
        return NdArray.Build(x[0].Shape.With(dim, x[1].Values.Length), i =>
        {
            i[dim] = (long)x[1].Values[i[dim]];
            return x[0][i];
        });
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new IndexSelect(0), s.Any(3, 4), s.Index(3, 5)),
        Sample.Of(new IndexSelect(-1), s.Strided(3, 4), s.Index(4, 2)),
        Sample.Of(new IndexSelect(1), s.Any(2, 3, 2), s.Index(3)),
        Sample.Of(new IndexSelect(0), s.Any(), s.Index(1, 1)),
        Sample.Of(new IndexSelect(0), s.Any(3, 2), s.Index(3, 0)),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(1);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        int dim = Shape.WrapDim(Dim, x[0].Dim);
        CheckVector("index_select()", x[1]);
        if (x[0].Dim == 0 && x[1].Numel != 1)
            throw AutogradException.Shape($"index_select(): Index to scalar can have only 1 value, got {x[1].Numel} value(s)");
        return new(x[0].Dim == 0 ? x[0].Shape : x[0].Shape.With(dim, x[1].Numel), x[0].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        int dim = Shape.WrapDim(Dim, x[0].Dim);
        var index = AlongDim.Checked(x[1], AlongDim.SizeOf(x[0], dim), AlongDim.OutOfRangeInSelf);
        AlongDim.Gather(x[0], dim, AlongDim.Spread(index, y.Shape, dim), y);
    }

    // zeros with g added at the indices
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.NewZeros(Dims.Of(saved.Shape(0))).IndexAdd(Dim, saved.Input(1), grad);

    /// <summary>Refuses what is no vector of indices.</summary>
    internal static void CheckVector(string op, Tensor index)
    {
        if (index.Dim > 1) throw AutogradException.Index($"{op}: Index is supposed to be a vector");
        if (index.DType is not (DType.Int64 or DType.Int32)) throw AutogradException.Attribute($"{op}: Expected dtype int32/int64 for index");
    }
}
