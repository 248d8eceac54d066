using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Exponential linear unit: scale * x where positive, else scale * alpha * (e^(input_scale x) - 1).</summary>
[Op("elu(self, alpha, scale, input_scale)", InPlace = true)]
public sealed partial record Elu(double Alpha = 1, double Scale = 1, double InputScale = 1) : ComputeOp, IOp<Elu>
{
    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map<Elu>((op, x) => op.Scale * (x > 0 ? x : op.Alpha * (Math.Exp(op.InputScale * x) - 1)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Elu(), s.Any(3, 4)), Sample.Of(new Elu(1.5, 2, 0.5), s.Any(3, 4)), Sample.Of(new Elu(2), s.Strided(3, 5)), Sample.Of(new Elu(), s.Any()), Sample.Of(new Elu(), s.Any(0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("elu_cpu", x[0], y, new Kernel(Alpha * Scale, Scale, InputScale));

    // Slope scale where positive, else scale alpha input_scale e^(input_scale x), also at 0.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.EluBackward(saved.Input(0), Alpha, Scale, InputScale);

    private readonly struct Kernel(double below, double above, double inputScale) : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => Vector.ConditionalSelect(
            Vector.GreaterThan(x, Vector<T>.Zero), x * T.CreateTruncating(above), VectorMath.Expm1(x * T.CreateTruncating(inputScale)) * T.CreateTruncating(below));
    }
}
