using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Smooth maximum with 0: log(1 + e^(beta x)) / beta, and x itself where beta x exceeds the threshold.</summary>
[Op("softplus(self, beta, threshold)")]
public sealed partial record Softplus(double Beta = 1, double Threshold = 20) : ComputeOp, IOp<Softplus>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Map<Softplus>((op, x) => x * op.Beta > op.Threshold ? x : Math.Log(1 + Math.Exp(op.Beta * x)) / op.Beta);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Softplus(), s.Any(3, 4)),
        Sample.Of(new Softplus(2, 1), s.Any(3, 4)),
        Sample.Of(new Softplus(3), s.Strided(3, 5)),
        Sample.Of(new Softplus(), s.Any()),
        Sample.Of(new Softplus(), s.Any(0)),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("softplus_cpu", x[0], y, new Kernel(Beta, Threshold));

    // d log(1 + e^(beta x)) / beta = sigmoid(beta x) dx
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.SoftplusBackward(saved.Input(0), Beta, Threshold);

    private readonly struct Kernel(double beta, double threshold) : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            var factor = Vector.Create(T.CreateTruncating(beta));
            var scaled = x * factor;
            return Vector.ConditionalSelect(Vector.GreaterThan(scaled, Vector.Create(T.CreateTruncating(threshold))), x, VectorMath.Log1p(VectorMath.Exp(scaled)) / factor);
        }
    }
}
