namespace AutogradService.Engine.Ops;

/// <summary>Whether two tensors have the same shape and elements, as a 0-d truth value; NaN equals nothing.</summary>
[Op("equal(self, other)")]
public sealed partial record Equal : CompositeOp, IOp<Equal>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Equal>((_, x) => new NdArray(Shape.Scalar, [x[0].Shape.Equals(x[1].Shape) && x[0].Values.Zip(x[1].Values).All(p => p.First == p.Second) ? 1 : 0]));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s)
    {
        var a = s.Any(3, 2);
        return [Sample.Of(new Equal(), a, a.Clone()), Sample.Of(new Equal(), a, s.Any(3, 2)), Sample.Of(new Equal(), a, s.Any(2)), Sample.Of(new Equal(), s.Any(0), s.Any(0))];
    }

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        if (x[0].DType != x[1].DType)
            throw new AutogradException(ErrorReason.DtypeUnsupported, $"Expected object of data type {x[0].DType.CName} but got data type {x[1].DType.CName} for argument 'other' in call to equal");
        return x[0].Shape.Equals(x[1].Shape) ? x[0].Eq(x[1]).All() : workspace.RawFull(Shape.Scalar, false, DType.Bool);
    }
}
