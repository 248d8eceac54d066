using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Limits elements to [min, max], both numbers: min(max(x, min), max).</summary>
[Op("clamp.Scalar(self, min, max)", InPlace = true, Hidden = true)]
public sealed partial record ClampScalar(Scalar? Min = null, Scalar? Max = null) : ComputeOp, IOp<ClampScalar>
{
    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map<ClampScalar>((op, x) => Math.Min(Math.Max(x, op.Min?.Real ?? double.NegativeInfinity), op.Max?.Real ?? double.PositiveInfinity));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new ClampScalar(-1L, 1L), s.Any(3, 4)),
        Sample.Of(new ClampScalar(0.5), s.Any(3, 4)),
        Sample.Of(new ClampScalar(null, 1L), s.Strided(3, 5)),
        Sample.Of(new ClampScalar(1L, -1L), s.Any()),
        Sample.ForwardOnly(new ClampScalar(0L, 1L), s.Values(Shape.Of(2), double.NaN, 3)),
        Sample.Of(new ClampScalar(0L), s.Any(0, 2)),
    ];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "ClampBackward1";

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        if (Min is null && Max is null) throw AutogradException.Attribute("torch.clamp: At least one of 'min' or 'max' must not be None");
        var dtype = DTypes.ResultType(x[0], Min, Max);
        return dtype != DType.Bool ? new(x[0].Shape, dtype) : throw AutogradException.DTypeUnsupported("clamp_scalar_cpu", dtype);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        var self = y.Workspace.RawCast(x[0], y.DType);
        if (Min is { } min && Max is { } max) Elementwise.Map(self, y, new Both(min, max));
        else if (Min is { } low) Elementwise.Map(self, y, new Low(low));
        else Elementwise.Map(self, y, new High(Max!.Value));
    }

    // The gradient passes inside and at the bounds; it stops outside, and at NaN.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        var self = saved.Input(0);
        if (Min is not { } min) return self.Le(Max!.Value).Where(grad, 0);
        return (Max is { } max ? self.Ge(min).LogicalAnd(self.Le(max)) : self.Ge(min)).Where(grad, 0);
    }

    private readonly struct Both(Scalar min, Scalar max) : IUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, INumber<T>, IMinMaxValue<T> => Vector.Min(Vector.Max(x, Vector.Create(min.To<T>())), Vector.Create(max.To<T>()));
    }

    private readonly struct Low(Scalar min) : IUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, INumber<T>, IMinMaxValue<T> => Vector.Max(x, Vector.Create(min.To<T>()));
    }

    private readonly struct High(Scalar max) : IUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> x) where T : unmanaged, INumber<T>, IMinMaxValue<T> => Vector.Min(x, Vector.Create(max.To<T>()));
    }
}
