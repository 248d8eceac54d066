namespace AutogradService.Engine.Ops;

/// <summary>The values that unique found, with the input's history to refuse by: PyTorch lists unique among the differentiable functions, with words instead of a formula.</summary>
[Op("unique_values(self, values!, function)", Hidden = true)]
public sealed partial record UniqueValues(string Function) : ComputeOp, IOp<UniqueValues>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("passes values on: SortingTests asks unique for its refusal");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.ForwardOnly(new UniqueValues("_unique2"), s.Any(3), s.Any(2)), Sample.ForwardOnly(new UniqueValues("unique_dim"), s.Any(0, 3), s.Any(0, 3))];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "torch::autograd::NotImplemented";

    private protected override bool MayTake => true;

    private protected override Tensor? Take(Inputs x) => x[1].Alias(x[1].Shape, x[1].StridesArray, x[1].Offset);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[1].Shape, x[1].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Kernels.Transfer.Into(x[1], y);

    // None: the gradient of equal elements would not be unique.
    /// <inheritdoc/>
    public override Tensor? Vjp(int input, Tensor grad, Saved saved) =>
        throw new AutogradException(ErrorReason.NotDifferentiable, $"the derivative for '{Function}' is not implemented.", TorchErrorType.NotImplementedError);
}
