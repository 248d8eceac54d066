namespace AutogradService.Engine.Ops;

/// <summary>The last dims with its edges repeated: what pad records with mode replicate.</summary>
[Op("replication_pad(self, padding)", Hidden = true)]
public sealed partial record ReplicationPad(Dims Padding) : ComputeOp, IOp<ReplicationPad>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<ReplicationPad>((op, x) => NdArray.Build(PadMap.Target(x[0].Shape, op.Padding, false), i =>
    {
        for (int d = 0; d < i.Length; d++) i[d] = PadMap.Of(x[0].Shape, op.Padding, false, d)[i[d]];
        return x[0][i];
    }));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new ReplicationPad([1, 2]), s.Any(2, 3)), Sample.Of(new ReplicationPad([2, 1, 1, 0]), s.Any(2, 3, 4)), Sample.Of(new ReplicationPad([0, 1, 1, 1, 1, 0]), s.Any(1, 2, 3, 2)), Sample.Of(new ReplicationPad([1, 1]), s.Strided(2, 3))];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => $"ReplicationPad{Padding.Count / 2}DBackward0";

    /// <summary>PyTorch keeps the input too, although only its shape is needed: so does the second derivative know it, as zero.</summary>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(PadMap.Target(x[0].Shape, Padding, false), x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        PadMap.Read(y.Workspace.RawContiguous(x[0]), y, Padding, false);
    }

    // g added up where elements were shown several times
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.ReplicationPadBackward(saved.Input(0), Padding);
}
