using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>A fresh copy's memory under another shape; not a view to autograd, as nothing else can see it.</summary>
[Op("_unsafe_view(self, size)", Hidden = true)]
public sealed partial record UnsafeView(Dims Size) : ComputeOp, IOp<UnsafeView>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<UnsafeView>((op, x) => new NdArray(View.Resolve(op.Size, x[0].Shape), x[0].Values));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new UnsafeView([4, 3]), s.Any(3, 4))];

    private protected override bool MayTake => true;

    private protected override Tensor? Take(Inputs x) =>
        x[0].IsContiguous ? x[0].Alias(View.Resolve(Size, x[0].Shape), View.Resolve(Size, x[0].Shape).ContiguousStrides, x[0].Offset) : null;

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(View.Resolve(Size, x[0].Shape), x[0].DType);

    /// <inheritdoc/>
    public override unsafe void Forward(Inputs x, Tensor y) => Transfer.Cast(x[0], y.DType, y.Data);

    // g in the input's shape
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Reshape(Dims.Of(saved.Shape(0)));
}
