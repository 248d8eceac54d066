namespace AutogradService.Engine.Ops;

/// <summary>Inner product of two vectors: sum of self * tensor.</summary>
[Op("dot(self, tensor)")]
public sealed partial record Dot : ComputeOp, IOp<Dot>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Dot>((_, x) => MatrixProduct.Define(x[0], x[1]));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Dot(), s.Any(5), s.Any(5)), Sample.Of(new Dot(), s.Any(0), s.Any(0))];

    /// <summary>An operand is kept only if the other one's gradient will need it.</summary>
    public override Saves Saves(NeedsGrad needs) => (needs[0] ? Engine.Saves.Input(1) : default) | (needs[1] ? Engine.Saves.Input(0) : default);

    internal override long Flops(ReadOnlySpan<TensorSpec> inputs, TensorSpec output) => 2 * inputs[0].Shape.Numel;

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        if (x[0].Dim != 1 || x[1].Dim != 1) throw AutogradException.Shape($"1D tensors expected, but got {x[0].Dim}D and {x[1].Dim}D tensors");
        if (x[0].DType != x[1].DType)
            throw new AutogradException(ErrorReason.DtypeUnsupported, $"dot : expected both vectors to have same dtype, but found {x[0].DType.TorchName} and {x[1].DType.TorchName}");
        if (x[0].Numel != x[1].Numel)
            throw AutogradException.Shape($"inconsistent tensor size, expected tensor {x[0].Shape} and src {x[1].Shape} to have the same number of elements, but got {x[0].Numel} and {x[1].Numel} elements respectively");
        if (x[0].DType == DType.Bool) throw AutogradException.DTypeUnsupported("dot", DType.Bool);
        return new(Shape.Scalar, x[0].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => MatrixProduct.Run(1, 1, 1, x[0].Numel, MatrixView.Row(x[0]), MatrixView.Column(x[1]), y);

    // d(a . b) = b . da + a . db
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => saved.Input(1 - input).Mul(grad);
}
