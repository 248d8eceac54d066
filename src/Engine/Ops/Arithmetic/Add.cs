using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Sum with a factor: self + alpha * other. On truth values, logical or.</summary>
[Op("add(self~, other~)", InPlace = true)]
public sealed partial record Add(Scalar? Alpha = null) : ComputeOp, IOp<Add>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Common;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map<Add>((op, a, b) => a + (op.Alpha ?? 1.0).Real * b);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Add(), s.Any(3, 4), s.Any(3, 4)),
        Sample.Of(new Add(2L), s.Any(3, 4), s.Any(4)),
        Sample.Of(new Add(), s.Any(2, 1, 3), s.Any(4, 1)),
        Sample.Of(new Add(), s.Any(), s.Number(2L)),
        Sample.Of(new Add(), s.Strided(3, 5), s.Any(3, 1)),
        Sample.Of(new Add(), s.Any(0, 3), s.Any(3)),
    ];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        if (Alpha is { IsFloat: true } && !x.CommonDType.IsFloatingPoint)
            throw AutogradException.Attribute("For integral input tensors, argument alpha must not be a floating point number.");
        return new(x.BroadcastShape(), x.CommonDType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        if (y.DType == DType.Bool) Elementwise.Map(x[0], x[1], y, new Or());
        else if (Alpha is { } alpha && alpha.Real != 1) Elementwise.Map(x[0], x[1], y, new Scaled(alpha));
        else Elementwise.Map(x[0], x[1], y, new Plain());
    }

    // d(a + alpha b) = da + alpha db
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => input == 1 && Alpha is { } alpha && alpha.Real != 1 ? grad.Mul(alpha) : grad;

    private readonly struct Plain : IBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T>, IMinMaxValue<T> => a + b;
    }

    private readonly struct Scaled(Scalar alpha) : IBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T>, IMinMaxValue<T> => a + b * alpha.To<T>();
    }

    private readonly struct Or : IBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T>, IMinMaxValue<T> => a | b;
    }
}
