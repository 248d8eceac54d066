using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Absolute value: |x|.</summary>
[Op("abs(self)", InPlace = true)]
public sealed partial record Abs : ComputeOp, IOp<Abs>
{
    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => Math.Abs(x));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Abs(), s.Any(3, 4)), Sample.Of(new Abs(), s.Any()), Sample.Of(new Abs(), s.Strided(3, 5)), Sample.Of(new Abs(), s.Any(0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.Map(x[0], y, new Kernel());

    // d|x| = sign(x) dx: 0 at 0
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Mul(saved.Input(0).Sign());

    private readonly struct Kernel : IUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, INumber<T>, IMinMaxValue<T> => Vector.Abs(x);
    }
}
