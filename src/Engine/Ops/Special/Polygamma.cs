using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>The nth derivative of digamma: (-1)^(n+1) n! times the sum of (x + k)^-(n+1) over k from 0, for n above 0.</summary>
[Op("polygamma(n, self)")]
public sealed partial record Polygamma(long N) : ComputeOp, IOp<Polygamma>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map<Polygamma>((op, x) => op.N == 0 ? ScalarMath.Digamma(x) : op.Summed(x));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Polygamma(1), s.Positive(3, 4)),
        Sample.Of(new Polygamma(2), s.Positive(3)),
        Sample.Of(new Polygamma(0), s.Positive()),
        Sample.Of(new Polygamma(3), s.Positive(5, 3).Transpose(0, 1)),
        Sample.ForwardOnly(new Polygamma(1), s.Values(Shape.Of(2), -0.5, 12)),
        Sample.Of(new Polygamma(1), s.Positive(0)),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => N >= 0
        ? new(x[0].Shape, x.CommonDType)
        : throw AutogradException.Attribute("polygamma(n, x) does not support negative n.");

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("polygamma", x[0], y, new Kernel(N));

    // d psi_n(x) = psi_(n+1)(x) dx
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Mul(saved.Workspace.Polygamma(N + 1, saved.Input(0)));

    // The sum up to a thousand, and the integral, half a term and the first correction for the rest.
    private double Summed(double x)
    {
        if (x <= 0 && x == Math.Floor(x)) return double.PositiveInfinity;
        double sum = 0, factorial = 1, z = x + 1000;
        for (int k = 999; k >= 0; k--) sum += Math.Pow(x + k, -(N + 1));
        for (long k = 2; k <= N; k++) factorial *= k;
        sum += Math.Pow(z, -N) / N + Math.Pow(z, -(N + 1)) / 2 + (N + 1) * Math.Pow(z, -(N + 2)) / 12;
        return (N % 2 == 0 ? -1 : 1) * factorial * sum;
    }

    private readonly struct Kernel(long n) : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => Lanes.Map<T, Pair>(Vector.Create(T.CreateTruncating(n)), x);
    }

    private readonly struct Pair : Lanes.IPairFunction
    {
        public static T Invoke<T>(T n, T x) where T : unmanaged, INumber<T>, IMinMaxValue<T> => T.CreateTruncating(ScalarMath.Polygamma(long.CreateTruncating(n), double.CreateTruncating(x)));
    }
}
