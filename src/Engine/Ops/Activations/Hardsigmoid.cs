using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Sigmoid made of straight lines: min(max(x + 3, 0), 6) / 6.</summary>
[Op("hardsigmoid(self)", InPlace = true)]
public sealed partial record Hardsigmoid : ComputeOp, IOp<Hardsigmoid>
{
    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => Math.Min(Math.Max(x + 3, 0), 6) / 6);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Hardsigmoid(), s.Any(3, 4)), Sample.Of(new Hardsigmoid(), s.Any()), Sample.Of(new Hardsigmoid(), s.Strided(3, 5)), Sample.Of(new Hardsigmoid(), s.Any(0))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.MapFloat("hardsigmoid_cpu", x[0], y, new Kernel());

    // Slope 1/6 strictly inside (-3, 3), else 0.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => saved.Input(0).Gt(-3).LogicalAnd(saved.Input(0).Lt(3)).Where(grad / 6, 0);

    private readonly struct Kernel : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> =>
            Vector.Min(Vector.Max(x + Vector.Create(T.CreateTruncating(3.0)), Vector<T>.Zero), Vector.Create(T.CreateTruncating(6.0))) / Vector.Create(T.CreateTruncating(6.0));
    }
}
