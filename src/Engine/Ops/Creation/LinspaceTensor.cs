namespace AutogradService.Engine.Ops;

/// <summary>So many numbers from start to end, which 0-d tensors hold.</summary>
[Op("linspace.Tensor_Tensor(start!, end!, steps, dtype)")]
public sealed partial record LinspaceTensor(long Steps, DType? DType = null) : CompositeOp, IOp<LinspaceTensor>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<LinspaceTensor>((op, x) => Linspace.Reference.Compute(new Linspace(x[0].Values[0], x[1].Values[0], op.Steps), x)[0]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new LinspaceTensor(5, Engine.DType.Float64), s.Any(), s.Any())];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        if (x[0].Dim != 0 || x[1].Dim != 0)
            throw AutogradException.Shape($"linspace only supports 0-dimensional start and end tensors, but got start with {x[0].Dim} dimension(s) and end with {x[1].Dim} dimension(s).");
        return workspace.Linspace(x[0].Item(), x[1].Item(), Steps, DType);
    }
}
