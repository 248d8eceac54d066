using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Rectified linear unit: max(x, 0).</summary>
[Op("relu(self)", InPlace = true)]
public sealed partial record Relu : ComputeOp, IOp<Relu>
{
    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => x > 0 ? x : 0);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Relu(), s.Any(3, 4)), Sample.Of(new Relu(), s.Any()), Sample.Of(new Relu(), s.Strided(3, 5)), Sample.Of(new Relu(), s.Any(0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Output;

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => x[0].DType != DType.Bool
        ? new(x[0].Shape, x[0].DType)
        : throw new AutogradException(ErrorReason.DtypeUnsupported, "Boolean inputs not supported for relu");

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.Map(x[0], y, new Kernel());

    // The gradient passes where the result is positive; 0 at 0.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.ThresholdBackward(saved.Output(), 0);

    private readonly struct Kernel : IUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, INumber<T>, IMinMaxValue<T> => Vector.ConditionalSelect(Vector.LessThanOrEqual(x, Vector<T>.Zero), Vector<T>.Zero, x);
    }
}
