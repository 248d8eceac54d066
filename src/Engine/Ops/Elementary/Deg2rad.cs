using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Degrees to radians: x pi / 180.</summary>
[Op("deg2rad(self)", InPlace = true)]
public sealed partial record Deg2rad : ComputeOp, IOp<Deg2rad>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => x * Math.PI / 180);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Deg2rad(), s.Any(3, 4)), Sample.Of(new Deg2rad(), s.Any()), Sample.Of(new Deg2rad(), s.Strided(3, 5)), Sample.Of(new Deg2rad(), s.Any(0))];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "Deg2RadBackward0";

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("deg2rad", x[0], y, new Kernel());

    // g pi / 180
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Mul(Math.PI / 180);

    private readonly struct Kernel : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => x * T.CreateTruncating(Math.PI / 180);
    }
}
