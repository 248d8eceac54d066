using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Sum over dims, or of all elements, NaN counting as zero.</summary>
[Op("nansum(self, dim, keepdim, dtype)")]
public sealed partial record Nansum(Dims? Dim = null, bool Keepdim = false, DType? DType = null) : ComputeOp, IOp<Nansum>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Nansum>((op, x) => x[0].Reduce(ReducedDims.OrAll(op.Dim), op.Keepdim, v => v.Where(e => !double.IsNaN(e)).Sum()));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Nansum(), s.Any(3, 4)),
        Sample.Of(new Nansum([1], true), s.Any(3, 4)),
        Sample.Of(new Nansum([0]), s.Strided(3, 5)),
        Sample.ForwardOnly(new Nansum([0]), s.IsFloat ? s.Values(Shape.Of(2, 2), 1, double.NaN, 2, 3) : s.Any(2, 2)),
        Sample.Of(new Nansum(), s.Any(0)),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) =>
        new(ReducedDims.Shape(x[0].Shape, Dim, Keepdim), DType ?? (x[0].DType.IsFloatingPoint ? x[0].DType : Engine.DType.Int64));

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        var sum = Truth.Wide(y);
        var clean = y.Workspace.RawEmpty(x[0].Shape, sum.DType);
        Elementwise.Map(Truth.Wide(x[0], y), clean, new NanToZero());
        ReductionBlocks.Of(clean, Dim).Sum(sum);
        Truth.Narrow(sum, y);
    }

    // As for sum, except that NaN, having counted as constants, get none.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) =>
        ReducedDims.Restore(grad, saved.Shape(0), Dim, Keepdim).Expand(Dims.Of(saved.Shape(0))).Mul(saved.Input(0).Isnan().LogicalNot());

    private readonly struct NanToZero : IUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, INumber<T>, IMinMaxValue<T> => Vector.ConditionalSelect(Vector.Equals(x, x), x, Vector<T>.Zero);
    }
}
