using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>A copy in another dtype: what <see cref="To"/> records.</summary>
[Op("_to_copy(self, dtype)", Hidden = true)]
public sealed partial record ToCopy(DType DType) : ComputeOp, IOp<ToCopy>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("a cast is defined by its dtypes: tests/Engine.Tests/CastTests covers every pair");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new ToCopy(DType.Float64), s.Any(3, 4))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Transfer.Into(x[0], y);

    // g in the input's dtype
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.To(saved.DType(0));
}
