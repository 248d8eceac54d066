using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Mean over dims, or of all elements: sum / n; NaN of no elements.</summary>
[Op("mean(self, dim, keepdim, dtype)")]
public sealed partial record Mean(Dims? Dim = null, bool Keepdim = false, DType? DType = null) : ComputeOp, IOp<Mean>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Mean>((op, x) => x[0].Reduce(ReducedDims.OrAll(op.Dim), op.Keepdim, v => v.Sum() / v.Length));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Mean(), s.Any(3, 4)),
        Sample.Of(new Mean([1]), s.Any(3, 4)),
        Sample.Of(new Mean([0], true), s.Any(3, 4)),
        Sample.Of(new Mean([0, -1]), s.Any(2, 3, 4)),
        Sample.Of(new Mean([1]), s.Strided(3, 5)),
        Sample.Of(new Mean(), s.Any()),
        Sample.Of(new Mean([0]), s.Any(0, 3)),
        Sample.Of(new Mean([0], DType: Engine.DType.Float64), s.Any(3, 2)),
    ];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => Dim is null ? "MeanBackward0" : "MeanBackward1";

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        var dtype = DType ?? x[0].DType;
        if (!dtype.IsFloatingPoint)
            throw new AutogradException(ErrorReason.DtypeUnsupported, $"mean(): could not infer output dtype. {(DType is null ? "Input" : "Optional")} dtype must be either a floating point or complex dtype. Got: {dtype.TorchName}");
        return new(ReducedDims.Shape(x[0].Shape, Dim, Keepdim), dtype);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        ReductionBlocks.Of(y.Workspace.RawCast(x[0], y.DType), Dim).Sum(y);
        Elementwise.MapFloat("mean", y, y, new Divide(ReducedDims.Count(x[0].Shape, Dim)));
    }

    // Every element gets 1/n of the mean's gradient.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) =>
        ReducedDims.Restore(grad, saved.Shape(0), Dim, Keepdim).Expand(Dims.Of(saved.Shape(0))).Div(ReducedDims.Count(saved.Shape(0), Dim));

    private readonly struct Divide(long n) : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => x / Vector.Create(T.CreateTruncating(n));
    }
}
