using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Replaces NaN and the infinities by the numbers given.</summary>
[Op("nan_to_num.finite(self, nan, posinf, neginf)", InPlace = true, Hidden = true)]
public sealed partial record NanToNumFinite(double Nan, double Posinf, double Neginf) : ComputeOp, IOp<NanToNumFinite>
{
    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map<NanToNumFinite>((op, x) => double.IsNaN(x) ? op.Nan : double.IsPositiveInfinity(x) ? op.Posinf : double.IsNegativeInfinity(x) ? op.Neginf : x);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new NanToNumFinite(0, 1, -1), s.Any(3, 4)),
        Sample.Of(new NanToNumFinite(0, 1, -1), s.Strided(3, 5)),
        Sample.Of(new NanToNumFinite(0, 1, -1), s.Any()),
        Sample.Of(new NanToNumFinite(0, 1, -1), s.Any(0)),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        if (y.DType.IsFloatingPoint) Elementwise.MapFloat("nan_to_num", x[0], y, new Kernel(Nan, Posinf, Neginf));
        else Transfer.Into(x[0], y);
    }

    // The gradient passes where the number was kept.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Mul(saved.Input(0).Isfinite());

    private readonly struct Kernel(double nan, double posinf, double neginf) : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            x = Vector.ConditionalSelect(Vector.Equals(x, Vector.Create(T.PositiveInfinity)), Vector.Create(T.CreateTruncating(posinf)), x);
            x = Vector.ConditionalSelect(Vector.Equals(x, Vector.Create(T.NegativeInfinity)), Vector.Create(T.CreateTruncating(neginf)), x);
            return Vector.ConditionalSelect(Vector.Equals(x, x), x, Vector.Create(T.CreateTruncating(nan)));
        }
    }
}
