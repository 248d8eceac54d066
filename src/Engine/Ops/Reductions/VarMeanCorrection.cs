using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Variance over dims, or of all elements, and the mean; correction 1 unless given.</summary>
[Op("var_mean.correction(self, dim, correction, keepdim) -> (var, mean)")]
public sealed partial record VarMeanCorrection(Dims? Dim = null, Scalar? Correction = null, bool Keepdim = false) : MultiOp, IOp<VarMeanCorrection>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<VarMeanCorrection>((op, x) =>
        [Deviation.Define(x[0], op.Dim, op.Correction, op.Keepdim), x[0].Reduce(ReducedDims.OrAll(op.Dim), op.Keepdim, v => v.Average())]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ? [Sample.Of(new VarMeanCorrection(), s.Any(3, 4)), Sample.Of(new VarMeanCorrection([1], 0L, true), s.Any(3, 4)), Sample.Of(new VarMeanCorrection([0]), s.Strided(3, 5))]
        : [];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

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
        RowLoop.RunFloat("var_mean", rows, y[0], new Deviation.Kernel((Correction ?? 1L).Real, root: false));
        RowLoop.RunFloat("var_mean", rows, y[1], new Deviation.MeanKernel());
    }

    // As for var and mean, added up.
    /// <inheritdoc/>
    public override Tensor? Vjp(int input, Grads grads, Saved saved)
    {
        var shape = saved.Shape(0);
        var mean = grads[1] is { } g ? ReducedDims.Restore(g, shape, Dim, Keepdim).Expand(Dims.Of(shape)).Div(ReducedDims.Count(shape, Dim)) : null;
        if (grads[0] is not { } v) return mean;
        var deviation = Deviation.VarBackward(v, saved.Input(0), Dim, Correction, Keepdim);
        return mean is null ? deviation : deviation.Add(mean);
    }
}
