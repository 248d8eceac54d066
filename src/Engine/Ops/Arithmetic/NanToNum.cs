namespace AutogradService.Engine.Ops;

/// <summary>Replaces NaN by a number (0) and the infinities by others (the dtype's greatest and least).</summary>
[Op("nan_to_num(self, nan, posinf, neginf)", InPlace = true)]
public sealed partial record NanToNum(double? Nan = null, double? Posinf = null, double? Neginf = null) : CompositeOp, IOp<NanToNum>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("fills in the defaults of the overload that has them all, which has a definition of its own");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new NanToNum(), s.Any(3, 4)),
        Sample.Of(new NanToNum(1, 2, 3), s.Strided(3, 5)),
        Sample.ForwardOnly(new NanToNum(Posinf: 7), s.Values(Shape.Of(3), double.NaN, double.PositiveInfinity, double.NegativeInfinity)),
        Sample.Of(new NanToNum(), s.Any(0)),
    ];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => workspace.Apply(Complete(x[0].DType), x[0]);

    internal override Tensor ComposeInPlace(Workspace workspace, Inputs x) => workspace.ApplyInPlace(Complete(x[0].DType), x[0]);

    private NanToNumFinite Complete(DType dtype)
    {
        double greatest = dtype switch { DType.Float64 => double.MaxValue, DType.Float16 => (double)Half.MaxValue, DType.BFloat16 => BitConverter.UInt32BitsToSingle(0x7F7F0000), _ => float.MaxValue };
        return new(Nan ?? 0, Posinf ?? greatest, Neginf ?? -greatest);
    }
}
