using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Power of a tensor by a tensor: self ^ exponent.</summary>
[Op("pow.Tensor_Tensor(self, exponent)", InPlace = true, Hidden = true)]
public sealed partial record PowTensorTensor : ComputeOp, IOp<PowTensorTensor>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Common;

    private protected override bool AliasSafe => true;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Map(Math.Pow);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new PowTensorTensor(), s.Positive(3, 4), s.Positive(3, 4)),
        Sample.Of(new PowTensorTensor(), s.Positive(3, 4), s.Positive(3, 1)),
        Sample.Of(new PowTensorTensor(), s.Positive(5, 3).Transpose(0, 1), s.Positive()),
        Sample.Of(new PowTensorTensor(), s.Positive(), s.Positive(2, 2)),
        Sample.Of(new PowTensorTensor(), s.Positive(0, 3), s.Positive(3)),
    ];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "PowBackward1";

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.FirstInputs(2) | (needs[1] ? Engine.Saves.Output : default);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => x.CommonDType != DType.Bool
        ? new(x.BroadcastShape(), x.CommonDType)
        : throw AutogradException.DTypeUnsupported("pow", DType.Bool);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Elementwise.Map(x[0], x[1], y, new Power());

    // y = x^n: dy = n x^(n-1) dx + y log(x) dn; zero in x where n = 0, and in n where x = 0 and n is not negative
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        Tensor self = saved.Input(0), exponent = saved.Input(1);
        return input == 0
            ? exponent.Eq(0).Where(0, grad * (exponent * self.PowTensorTensor(exponent - 1)))
            : self.Eq(0).LogicalAnd(exponent.Ge(0)).Where(0, grad * (saved.Output() * self.Log()));
    }
}
