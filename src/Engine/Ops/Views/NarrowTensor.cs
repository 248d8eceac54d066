namespace AutogradService.Engine.Ops;

/// <summary>A view of length consecutive indices of a dim, from the index that a 0-d integer tensor holds.</summary>
[Op("narrow.Tensor(self, dim, start!, length)")]
public sealed partial record NarrowTensor(long Dim, long Length) : CompositeOp, IOp<NarrowTensor>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<NarrowTensor>((op, x) => Narrow.Reference.Compute(new Narrow(op.Dim, (long)x[1].Values[0], op.Length), x)[0]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new NarrowTensor(0, 2), s.Any(4, 2), s.Integers(Shape.Scalar, 1)), Sample.Of(new NarrowTensor(-1, 1), s.Any(4, 2), s.Integers(Shape.Scalar, -1))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        if (x[1].Dim != 0 || !x[1].DType.IsInteger) throw AutogradException.Attribute("start must be an 0-dim integral Tensor.");
        return x[0].Narrow(Dim, (long)x[1].Item(), Length);
    }
}
