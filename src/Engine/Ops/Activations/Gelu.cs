using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Gaussian error linear unit: x Phi(x) with Phi the normal distribution, exact or, with approximate "tanh", by a tanh.</summary>
/// <remarks>Hendrycks and Gimpel, "Gaussian Error Linear Units (GELUs)", 2016.</remarks>
[Op("gelu(self, approximate)", InPlace = true)]
public sealed partial record Gelu(string Approximate = "none") : ComputeOp, IOp<Gelu>
{
    /// <summary>sqrt(2 / pi), in the tanh approximation 0.5 x (1 + tanh(Beta (x + Kappa x^3))).</summary>
    internal const double Beta = 0.79788456080286535588;

    /// <summary>The factor of the cube in the tanh approximation.</summary>
    internal const double Kappa = 0.044715;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map<Gelu>((op, x) => op.Approximate == "none"
        ? 0.5 * x * (1 + ScalarMath.Erf(x / Math.Sqrt(2)))
        : 0.5 * x * (1 + Math.Tanh(Beta * (x + Kappa * x * x * x))));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Gelu(), s.Any(3, 4)), Sample.Of(new Gelu("tanh"), s.Any(3, 4)), Sample.Of(new Gelu(), s.Strided(3, 5)), Sample.Of(new Gelu("tanh"), s.Any()), Sample.Of(new Gelu(), s.Any(0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => Approximate is "none" or "tanh"
        ? new(x[0].Shape, x[0].DType)
        : throw AutogradException.Attribute("approximate argument must be either none or tanh.");

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        if (Approximate == "none") StagedLoop.MapFloat("GeluKernelImpl", x[0], y, new Exact());
        else Elementwise.MapFloat("GeluKernelImpl", x[0], y, new ByTanh());
    }

    // d(x Phi(x)) = (Phi(x) + x phi(x)) dx
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.GeluBackward(saved.Input(0), Approximate);

    private readonly struct Exact : IStagedKernel
    {
        public Vector<T> Begin<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => VectorMath.GeluBegin(x);

        public Vector<T> Middle<T>(Vector<T> s) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => VectorMath.GeluMiddle(s);

        public Vector<T> End<T>(Vector<T> x, Vector<T> s) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => VectorMath.GeluEnd(x, s);

        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => VectorMath.Gelu(x);
    }

    private readonly struct ByTanh : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> =>
            x * T.CreateTruncating(0.5) * (Vector<T>.One + VectorMath.Tanh((x + x * x * x * T.CreateTruncating(Kappa)) * T.CreateTruncating(Beta)));
    }
}
