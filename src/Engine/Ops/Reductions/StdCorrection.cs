using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Standard deviation over dims, or of all elements: sqrt(sum of (x - mean)^2 / (n - correction)), correction 1 unless given; NaN where nothing is left to divide by.</summary>
[Op("std.correction(self, dim, correction, keepdim)")]
public sealed partial record StdCorrection(Dims? Dim = null, Scalar? Correction = null, bool Keepdim = false) : ComputeOp, IOp<StdCorrection>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<StdCorrection>((op, x) => NdArray.Build(ReducedDims.Shape(x[0].Shape, op.Dim, op.Keepdim), i => Math.Sqrt(Deviation.Define(x[0], op.Dim, op.Correction, op.Keepdim)[i])));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new StdCorrection(), s.Any(3, 4)),
        Sample.Of(new StdCorrection([1]), s.Any(3, 4)),
        Sample.Of(new StdCorrection([0], 0L, true), s.Any(3, 4)),
        Sample.Of(new StdCorrection([0, -1], 0.5), s.Any(2, 3, 4)),
        Sample.Of(new StdCorrection([1]), s.Strided(3, 5)),
        Sample.ForwardOnly(new StdCorrection(), s.Any()),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0) | Engine.Saves.Output;

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => Deviation.Infer(x[0], Dim, Keepdim);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        RowLoop.RunFloat("std", ReducedDims.Rows(x[0], Dim), y, new Deviation.Kernel((Correction ?? 1L).Real, root: true));
    }

    // d sqrt(v) = dv / (2 sqrt(v)); of constant elements, where that is 0 / 0, the derivative is 0 by convention.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        var y = saved.Output();
        return Deviation.VarBackward(grad.Div(y.Mul(2L)).MaskedFill(y.Eq(0L), 0L), saved.Input(0), Dim, Correction, Keepdim);
    }
}
