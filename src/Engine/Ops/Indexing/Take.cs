namespace AutogradService.Engine.Ops;

/// <summary>Elements of self by their place in row-major order; negative places count from the end.</summary>
[Op("take(self, index!)")]
public sealed partial record Take : ComputeOp, IOp<Take>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Take>((_, x) => NdArray.Build(x[1].Shape, i => x[0].Values[(int)x[1][i] is var n && n < 0 ? n + x[0].Values.Length : n]));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Take(), s.Any(3, 4), s.Index(12, 2, 3)), Sample.Of(new Take(), s.Strided(2, 3), s.Integers(Shape.Of(3), -1, 0, -6)), Sample.Of(new Take(), s.Any(), s.Index(1)), Sample.Of(new Take(), s.Any(2), s.Index(1, 0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(1);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        if (x[1].DType != DType.Int64) throw AutogradException.Attribute($"take(): Expected a long tensor for index, but got {x[1].DType.TorchName}");
        if (x[0].Numel == 0 && x[1].Numel != 0) throw AutogradException.Index("take(): tried to take from an empty tensor");
        return new(x[1].Shape, x[0].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        var flat = AlongDim.Flat(y.Workspace.RawContiguous(x[0]));
        AlongDim.Gather(flat, 0, AlongDim.Flat(AlongDim.Places(x[1], flat.Numel)), AlongDim.Flat(y));
    }

    // zeros with g added at the indices
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.NewZeros(Dims.Of(saved.Shape(0))).Put(saved.Input(1), grad, accumulate: true);
}
