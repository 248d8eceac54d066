namespace AutogradService.Engine.Ops;

/// <summary>A tensor of one value; without a dtype, of the number's kind: bool, int64 or float32.</summary>
[Op("full(size, fill_value, dtype)")]
public sealed partial record Full(Dims Size, Scalar FillValue, DType? DType = null) : ComputeOp, IOp<Full>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Full>((op, _) => NdArray.Build(Shape.Of(op.Size.Values), _ => op.FillValue.Real));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Full([2, 3], 3L, s.DType)), Sample.Of(new Full([], 1.5)), Sample.Of(new Full([2], 7L)), Sample.Of(new Full([0, 2], true))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(Shape.Of(Size.Values), DType ?? Kind(FillValue));

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Kernels.Fill.All(y, FillValue);

    /// <summary>The dtype of a tensor made from a number.</summary>
    internal static DType Kind(Scalar number) => number.IsFloat ? DTypes.DefaultFloat : number.DType;
}
