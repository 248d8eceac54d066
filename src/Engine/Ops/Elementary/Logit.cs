using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Inverse of the sigmoid: log(x / (1 - x)), of x limited to [eps, 1 - eps] if eps is given.</summary>
[Op("logit(self, eps)", InPlace = true)]
public sealed partial record Logit(double? Eps = null) : ComputeOp, IOp<Logit>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map<Logit>((op, x) =>
    {
        double z = op.Eps is { } eps ? Math.Min(Math.Max(x, eps), 1 - eps) : x;
        return Math.Log(z / (1 - z));
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Logit(), s.Probability(3, 4)), Sample.Of(new Logit(0.2), s.Probability(3, 4)), Sample.Of(new Logit(), s.Probability(5, 3).Transpose(0, 1)), Sample.Of(new Logit(), s.Probability()), Sample.Of(new Logit(), s.Probability(0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("logit", x[0], y, new Kernel(Eps ?? double.NegativeInfinity));

    // d log(x / (1 - x)) = dx / (x (1 - x)); outside the limits 0, and without limits NaN outside [0, 1]
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        var x = saved.Input(0);
        double low = Eps ?? 0;
        var inside = x.Ge(low).LogicalAnd(x.Le(1 - low));
        return inside.Where(grad / (x * (1 - x)), Eps is null ? double.NaN : 0.0);
    }

    private readonly struct Kernel(double eps) : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            var low = Vector.Create(T.CreateTruncating(eps));
            var z = Vector.Min(Vector.Max(x, low), Vector<T>.One - low);
            return VectorMath.Log(z / (Vector<T>.One - z));
        }
    }
}
