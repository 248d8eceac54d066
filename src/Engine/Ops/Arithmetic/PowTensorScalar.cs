using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Power of a tensor by a number: self ^ exponent.</summary>
[Op("pow.Tensor_Scalar(self, exponent)", InPlace = true, Hidden = true)]
public sealed partial record PowTensorScalar(Scalar Exponent) : ComputeOp, IOp<PowTensorScalar>
{
    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map<PowTensorScalar>((op, x) => Math.Pow(x, op.Exponent.Real));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new PowTensorScalar(2L), s.Any(3, 4)),
        Sample.Of(new PowTensorScalar(3L), s.Strided(3, 5)),
        Sample.Of(new PowTensorScalar(5L), s.Any()),
        Sample.Of(new PowTensorScalar(0.5), s.Positive(4)),
        Sample.Of(new PowTensorScalar(-0.5), s.Positive(4)),
        Sample.Of(new PowTensorScalar(-1.0), s.Positive(4)),
        Sample.Of(new PowTensorScalar(-2.0), s.Positive(4)),
        Sample.Of(new PowTensorScalar(1.7), s.Positive(4)),
        Sample.Of(new PowTensorScalar(0L), s.Any(4)),
        Sample.Of(new PowTensorScalar(1L), s.Any(4)),
        Sample.Of(new PowTensorScalar(2L), s.Any(0)),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        var dtype = DTypes.ResultType(x[0], Exponent);
        if (dtype == DType.Bool) throw AutogradException.DTypeUnsupported("pow", dtype);
        if (!dtype.IsFloatingPoint && Exponent.Integer < 0) throw AutogradException.Attribute("Integers to negative integer powers are not allowed.");
        return new(x[0].Shape, dtype);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        var self = y.Workspace.RawCast(x[0], y.DType);
        switch (Exponent.Real)
        {
            case 2: Elementwise.Map(self, y, new Squared()); break;
            case 3: Elementwise.Map(self, y, new Cubed()); break;
            case 0.5: Elementwise.Map(self, y, new Root()); break;
            case -0.5: Elementwise.Map(self, y, new InverseRoot()); break;
            case -1: Elementwise.Map(self, y, new Inverse()); break;
            case -2: Elementwise.Map(self, y, new InverseSquared()); break;
            default: Elementwise.Map(self, y.Workspace.RawFull(Shape.Scalar, Exponent, y.DType), y, new Power()); break;
        }
    }

    // d x^n = n x^(n-1) dx; exactly zero for n = 0, where x^(n-1) may be infinite
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        if (Exponent.Real == 0) return saved.Zeros(0);
        var self = saved.Input(0);
        Scalar lower = Exponent.IsFloat ? Exponent.Real - 1 : Exponent.Integer - 1;
        return grad * (lower.Real == 1 ? self : self.PowTensorScalar(lower)).Mul(Exponent);
    }

    private readonly struct Squared : IUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, INumber<T>, IMinMaxValue<T> => x * x;
    }

    private readonly struct Cubed : IUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, INumber<T>, IMinMaxValue<T> => x * x * x;
    }

    private readonly struct Root : IUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, INumber<T>, IMinMaxValue<T> => VectorMath.Sqrt(x);
    }

    private readonly struct InverseRoot : IUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, INumber<T>, IMinMaxValue<T> => VectorMath.Rsqrt(x);
    }

    private readonly struct Inverse : IUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, INumber<T>, IMinMaxValue<T> => Vector<T>.One / x;
    }

    private readonly struct InverseSquared : IUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, INumber<T>, IMinMaxValue<T> => Vector<T>.One / (x * x);
    }
}
