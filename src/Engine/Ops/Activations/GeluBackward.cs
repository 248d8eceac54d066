using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Gradient of gelu: grad (Phi(x) + x phi(x)), or the derivative of the tanh approximation.</summary>
[Op("gelu_backward(grad_output, self, approximate)", Hidden = true)]
public sealed partial record GeluBackward(string Approximate = "none") : ComputeOp, IOp<GeluBackward>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Map<GeluBackward>((op, g, x) =>
    {
        if (op.Approximate == "none") return g * (0.5 * (1 + ScalarMath.Erf(x / Math.Sqrt(2))) + x * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI));
        double t = Math.Tanh(Gelu.Beta * (x + Gelu.Kappa * x * x * x));
        return g * (0.5 * (1 + t) + 0.5 * x * (1 - t * t) * Gelu.Beta * (1 + 3 * Gelu.Kappa * x * x));
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new GeluBackward(), s.Any(3, 4), s.Any(3, 4)), Sample.Of(new GeluBackward("tanh"), s.Any(3, 4), s.Any(3, 4)), Sample.Of(new GeluBackward(), s.Any(4), s.Strided(3, 4)), Sample.Of(new GeluBackward("tanh"), s.Any(), s.Any())];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(1) | (needs[1] ? Engine.Saves.Input(0) : default);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x.BroadcastShape(), x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        if (Approximate == "none") Elementwise.MapFloat("GeluBackwardKernelImpl", x[0], x[1], y, new Exact());
        else Elementwise.MapFloat("GeluBackwardKernelImpl", x[0], x[1], y, new ByTanh());
    }

    // Exact: f = Phi + x phi, f' = (2 - x^2) phi.
    // By tanh: with t = tanh(u(x)) and s = 1 - t^2, f = (1 + t)/2 + x s u'/2, f' = s u' + x s (u'' - 2 t u'^2)/2.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        var x = saved.Input(1);
        if (input == 0) return grad.GeluBackward(x, Approximate);
        var square = x * x;
        if (Approximate == "none") return grad * saved.Input(0) * ((2 - square) * (square * -0.5).Exp() * (1 / Math.Sqrt(2 * Math.PI)));
        var t = (x * (1 + square * Gelu.Kappa) * Gelu.Beta).Tanh();
        var s = 1 - t * t;
        var slope = (1 + square * (3 * Gelu.Kappa)) * Gelu.Beta;
        return grad * saved.Input(0) * (s * slope + x * s * (x * (6 * Gelu.Kappa * Gelu.Beta) - 2 * t * slope * slope) * 0.5);
    }

    private readonly struct Exact : IFloatBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> grad, Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> =>
            grad * (VectorMath.NormalCdf(x) + x * VectorMath.NormalDensity(x));
    }

    private readonly struct ByTanh : IFloatBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> grad, Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            var square = x * x;
            var t = VectorMath.Tanh((x + x * square * T.CreateTruncating(Gelu.Kappa)) * T.CreateTruncating(Gelu.Beta));
            var slope = (Vector<T>.One + square * T.CreateTruncating(3 * Gelu.Kappa)) * T.CreateTruncating(Gelu.Beta);
            return grad * T.CreateTruncating(0.5) * (Vector<T>.One + t + x * (Vector<T>.One - t * t) * slope);
        }
    }
}
