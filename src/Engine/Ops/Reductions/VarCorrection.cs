using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Variance over dims, or of all elements: sum of (x - mean)^2 / (n - correction), correction 1 unless given; NaN where nothing is left to divide by.</summary>
[Op("var.correction(self, dim, correction, keepdim)")]
public sealed partial record VarCorrection(Dims? Dim = null, Scalar? Correction = null, bool Keepdim = false) : ComputeOp, IOp<VarCorrection>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<VarCorrection>((op, x) => Deviation.Define(x[0], op.Dim, op.Correction, op.Keepdim));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new VarCorrection(), s.Any(3, 4)),
        Sample.Of(new VarCorrection([1]), s.Any(3, 4)),
        Sample.Of(new VarCorrection([0], 0L, true), s.Any(3, 4)),
        Sample.Of(new VarCorrection([0, -1], 0.5), s.Any(2, 3, 4)),
        Sample.Of(new VarCorrection([1]), s.Strided(3, 5)),
        Sample.ForwardOnly(new VarCorrection(), s.Any()),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => Deviation.Infer(x[0], Dim, Keepdim);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        RowLoop.RunFloat("var", ReducedDims.Rows(x[0], Dim), y, new Deviation.Kernel((Correction ?? 1L).Real, root: false));
    }

    // d var = 2 / (n - c) * sum of (x - mean) dx; the mean's own part cancels.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => Deviation.VarBackward(grad, saved.Input(0), Dim, Correction, Keepdim);
}
