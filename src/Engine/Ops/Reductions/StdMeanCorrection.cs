using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Standard deviation over dims, or of all elements, and the mean; correction 1 unless given.</summary>
[Op("std_mean.correction(self, dim, correction, keepdim) -> (std, mean)")]
public sealed partial record StdMeanCorrection(Dims? Dim = null, Scalar? Correction = null, bool Keepdim = false) : MultiOp, IOp<StdMeanCorrection>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<StdMeanCorrection>((op, x) =>
        [NdArray.Build(ReducedDims.Shape(x[0].Shape, op.Dim, op.Keepdim), i => Math.Sqrt(Deviation.Define(x[0], op.Dim, op.Correction, op.Keepdim)[i])), x[0].Reduce(ReducedDims.OrAll(op.Dim), op.Keepdim, v => v.Average())]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ? [Sample.Of(new StdMeanCorrection(), s.Any(3, 4)), Sample.Of(new StdMeanCorrection([1], 0L, true), s.Any(3, 4)), Sample.Of(new StdMeanCorrection([0]), s.Strided(3, 5))]
        : [];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0) | Engine.Saves.OutputAt(0);

    /// <inheritdoc/>
    public override TensorSpec[] Infer(Inputs x)
    {
        var spec = Deviation.Infer(x[0], Dim, Keepdim);
        return [spec, spec];
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor[] y)
    {
        using var scope = x[0].Workspace.Scope();
        var rows = ReducedDims.Rows(x[0], Dim);
        RowLoop.RunFloat("std_mean", rows, y[0], new Deviation.Kernel((Correction ?? 1L).Real, root: true));
        RowLoop.RunFloat("std_mean", rows, y[1], new Deviation.MeanKernel());
    }

    // As for std and mean, added up.
    /// <inheritdoc/>
    public override Tensor? Vjp(int input, Grads grads, Saved saved)
    {
        var shape = saved.Shape(0);
        var mean = grads[1] is { } g ? ReducedDims.Restore(g, shape, Dim, Keepdim).Expand(Dims.Of(shape)).Div(ReducedDims.Count(shape, Dim)) : null;
        if (grads[0] is not { } v) return mean;
        var y = saved.Output();
        v = v.Div(y.Mul(2L)).MaskedFill(y.Eq(0L), 0L);
        var deviation = Deviation.VarBackward(v, saved.Input(0), Dim, Correction, Keepdim);
        return mean is null ? deviation : deviation.Add(mean);
    }
}
