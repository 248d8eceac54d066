using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Sign: -1, 0 or 1; of real numbers the same as sign.</summary>
[Op("sgn(self)", InPlace = true)]
public sealed partial record Sgn : ComputeOp, IOp<Sgn>
{
    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(x => x > 0 ? 1 : x < 0 ? -1 : 0);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Sgn(), s.Any(3, 4)), Sample.Of(new Sgn(), s.Any()), Sample.Of(new Sgn(), s.Strided(3, 5)), Sample.Of(new Sgn(), s.Any(0))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.Map(x[0], y, new Kernel());

    // Constant but for the step at 0.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => saved.Zeros(0);

    private readonly struct Kernel : IUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, INumber<T>, IMinMaxValue<T> => 
            Vector.ConditionalSelect(Vector.GreaterThan(x, Vector<T>.Zero), Vector<T>.One, Vector.ConditionalSelect(Vector.LessThan(x, Vector<T>.Zero), Vector<T>.Zero - Vector<T>.One, Vector<T>.Zero));
    }
}
