using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>The nearest number with some decimals, ties to even; negative decimals round to tens, hundreds and so on.</summary>
[Op("round(self, decimals)", InPlace = true)]
public sealed partial record Round(long Decimals = 0) : ComputeOp, IOp<Round>
{
    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map<Round>((op, x) => Math.Round(x * Math.Pow(10, op.Decimals), MidpointRounding.ToEven) / Math.Pow(10, op.Decimals));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Round(), s.Any(3, 4)),
        Sample.ForwardOnly(new Round(), s.Values(Shape.Of(4), 0.5, 1.5, -0.5, -2.5)),
        Sample.Of(new Round(), s.Strided(3, 5)),
        Sample.Of(new Round(), s.Any()),
        Sample.Of(new Round(), s.Any(0)),
    ];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => Decimals == 0 ? "RoundBackward0" : "RoundBackward1";

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => x[0].DType == DType.Bool || Decimals != 0 && !x[0].DType.IsFloatingPoint
        ? throw AutogradException.DTypeUnsupported("round_cpu", x[0].DType)
        : new(x[0].Shape, x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        if (!y.DType.IsFloatingPoint) Transfer.Into(x[0], y);
        else if (Decimals == 0) Elementwise.MapFloat("round", x[0], y, new Kernel());
        else Elementwise.MapFloat("round", x[0], y, new ToDecimals(Decimals));
    }

    // Constant between the steps.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => saved.Zeros(0);

    private readonly struct Kernel : IFloatUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => VectorMath.Round(x);
    }

    private readonly struct ToDecimals(long decimals) : IFloatUnaryKernel
    {
        // A positive power of ten is exact where a negative one is not: it divides instead.
        private readonly double _power = Math.Pow(10, Math.Abs((double)decimals));

        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            var power = Vector.Create(T.CreateTruncating(_power));
            return decimals > 0 ? VectorMath.Round(x * power) / power : VectorMath.Round(x / power) * power;
        }
    }
}
