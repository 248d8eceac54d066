using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Limits elements to [min_val, max_val]; unlike clamp, no gradient passes at the bounds.</summary>
[Op("hardtanh(self, min_val, max_val)", InPlace = true)]
public sealed partial record Hardtanh(Scalar? MinVal = null, Scalar? MaxVal = null) : ComputeOp, IOp<Hardtanh>
{
    private Scalar Low => MinVal ?? -1L;

    private Scalar High => MaxVal ?? 1L;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map<Hardtanh>((op, x) => Math.Min(Math.Max(x, op.Low.Real), op.High.Real));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Hardtanh(), s.Any(3, 4)), Sample.Of(new Hardtanh(0L, 6L), s.Any(3, 4)), Sample.Of(new Hardtanh(-2L, 0L), s.Strided(3, 5)), Sample.Of(new Hardtanh(), s.Any()), Sample.Of(new Hardtanh(), s.Any(0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        if (x[0].DType == DType.Bool) throw new AutogradException(ErrorReason.DtypeUnsupported, "Bool inputs not supported for hardtanh");
        if (x[0].DType == DType.UInt8 && (Low.Real < 0 || High.Real < 0)) throw AutogradException.Attribute("cannot do hardtanh on an unsigned type with negative limits");
        return new(x[0].Shape, x[0].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.Map(x[0], y, new Kernel(Low, High));

    // The gradient passes strictly inside.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.HardtanhBackward(saved.Input(0), Low, High);

    private readonly struct Kernel(Scalar low, Scalar high) : IUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, INumber<T>, IMinMaxValue<T> => Vector.Min(Vector.Max(x, Vector.Create(low.To<T>())), Vector.Create(high.To<T>()));
    }
}
