namespace AutogradService.Engine.Ops;

/// <summary>Power: self ^ exponent, either of them a tensor or a number.</summary>
[Op("pow(self~, exponent~)", InPlace = true)]
public sealed partial record Pow : CompositeOp, IOp<Pow>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("chooses between the overloads for numbers and for tensors, which have definitions of their own");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Pow(), s.Positive(3, 4), s.Positive(4)),
        Sample.Of(new Pow(), s.Any(3, 4), s.Number(2L)),
        Sample.Of(new Pow(), s.Number(2L), s.Positive(3)),
        Sample.Of(new Pow(), s.Positive(0), s.Number(0.5)),
    ];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        if (x[0].IsWrappedNumber && x[1].IsWrappedNumber) throw AutogradException.NumbersOnly("pow", x[0], x[1]);
        if (x[1].IsWrappedNumber) return workspace.Apply(new PowTensorScalar(Scalar.Of(x[1])), x[0]);
        return x[0].IsWrappedNumber
            ? workspace.Apply(new PowScalar(Scalar.Of(x[0])), x[1])
            : workspace.Apply(new PowTensorTensor(), x[0], x[1]);
    }

    internal override Tensor ComposeInPlace(Workspace workspace, Inputs x) => x[1].IsWrappedNumber
        ? workspace.ApplyInPlace(new PowTensorScalar(Scalar.Of(x[1])), x[0])
        : workspace.ApplyInPlace(new PowTensorTensor(), x[0], x[1]);
}
