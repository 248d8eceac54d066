using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Mish: x tanh(log(1 + e^x)).</summary>
[Op("mish(self)", InPlace = true)]
public sealed partial record Mish : ComputeOp, IOp<Mish>
{
    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => x * Math.Tanh(Math.Log(1 + Math.Exp(x))));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Mish(), s.Any(3, 4)), Sample.Of(new Mish(), s.Any()), Sample.Of(new Mish(), s.Strided(3, 5)), Sample.Of(new Mish(), s.Any(0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("mish", x[0], y, new Kernel());

    // t = tanh(softplus(x)): d(x t) = (t + x sigmoid(x) (1 - t^2)) dx
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        var x = saved.Input(0);
        var t = x.Softplus().Tanh();
        return grad * (t + x * x.Sigmoid() * (1 - t * t));
    }

    private readonly struct Kernel : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => x * VectorMath.Tanh(VectorMath.Log1p(VectorMath.Exp(x)));
    }
}
