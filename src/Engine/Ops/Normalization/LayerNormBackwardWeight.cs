using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>The derivative of layer_norm in its weight: grad_output times the standardised input, summed over the dims before the normalised ones.</summary>
[Op("_layer_norm_backward_weight(grad_output, input, normalized_shape, eps)", Hidden = true)]
public sealed partial record LayerNormBackwardWeight(Dims NormalizedShape, double Eps) : ComputeOp, IOp<LayerNormBackwardWeight>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("a derivative's building block: the gradient checks of native_layer_norm, to the second order, cover it");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ? [Sample.Of(new LayerNormBackwardWeight([4], 0.1), s.Any(3, 4), s.Any(3, 4)), Sample.Of(new LayerNormBackwardWeight([3, 2], 0.1), s.Any(2, 3, 2), s.Any(2, 3, 2))]
        : [];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.FirstInputs(2);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(Shape.Of(NormalizedShape.Values), x[1].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        var product = y.Workspace.RawEmpty(x[1].Shape, y.DType);
        NormalizedRows.Forward(x[1], null, null, product, NormalizedShape, Eps);
        Elementwise.Map(product, x[0], product, new Times());
        if (product.Dim == NormalizedShape.Count) Transfer.Into(product, y);
        else ReductionBlocks.Of(product, NormalizedRows.Split(product.Dim, NormalizedShape.Count).Leading).Sum(y);
    }

    // Its product with G is the product of g with layer_norm(x) of weight G: so for g that, for x its derivative in x.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => input == 0
        ? saved.Input(1).NativeLayerNorm(NormalizedShape, grad, null, Eps)
        : saved.Input(0).LayerNormBackwardInput(saved.Input(1), grad, NormalizedShape, Eps);

    private readonly struct Times : IBinaryKernel
    {
        public System.Numerics.Vector<T> Invoke<T>(System.Numerics.Vector<T> a, System.Numerics.Vector<T> b) where T : unmanaged, System.Numerics.INumber<T>, System.Numerics.IMinMaxValue<T> => a * b;
    }
}
