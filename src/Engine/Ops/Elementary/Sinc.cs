using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Normalized sinc: sin(pi x) / (pi x), 1 at 0.</summary>
[Op("sinc(self)", InPlace = true)]
public sealed partial record Sinc : ComputeOp, IOp<Sinc>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => x == 0 ? 1 : Math.Sin(Math.PI * x) / (Math.PI * x));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Sinc(), s.Positive(3, 4)), Sample.Of(new Sinc(), s.Positive()), Sample.Of(new Sinc(), s.Positive(5, 3).Transpose(0, 1)), Sample.ForwardOnly(new Sinc(), s.Values(Shape.Of(2), 0, 1)), Sample.Of(new Sinc(), s.Any(0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("sinc", x[0], y, new Kernel());

    // d sinc x = (pi x cos(pi x) - sin(pi x)) / (pi x^2) dx, and 0 at 0
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        var x = saved.Input(0);
        Tensor angle = x * Math.PI, scale = angle * x;
        return scale.Eq(0).Where(0, grad * ((angle * angle.Cos() - angle.Sin()) / scale));
    }

    private readonly struct Kernel : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            var angle = x * T.CreateTruncating(Math.PI);
            return Vector.ConditionalSelect(Vector.Equals(x, Vector<T>.Zero), Vector<T>.One, VectorMath.Sin(angle) / angle);
        }
    }
}
