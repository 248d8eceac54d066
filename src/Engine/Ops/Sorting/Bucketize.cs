namespace AutogradService.Engine.Ops;

/// <summary>In which bucket each element falls: where it would go into the sorted boundaries, before equal ones or, if right, after.</summary>
[Op("bucketize(self~!, boundaries!, out_int32, right)")]
public sealed partial record Bucketize(bool OutInt32 = false, bool Right = false) : CompositeOp, IOp<Bucketize>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Bucketize>((op, x) => NdArray.Build(x[0].Shape, i => x[1].Values.Count(b => op.Right ? b <= x[0][i] : b < x[0][i])));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Bucketize(), s.Any(2, 3), s.Values(Shape.Of(3), 0, 1, 2)), Sample.Of(new Bucketize(true, true), s.Values(Shape.Of(3), 1, 0, 3), s.Values(Shape.Of(3), 0, 1, 2)), Sample.Of(new Bucketize(), s.Number(1L), s.Values(Shape.Of(2), 0, 1))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        if (x[1].Dim != 1) throw AutogradException.Shape($"boundaries tensor must be 1 dimension, but got dim({x[1].Dim})");
        return x[1].Searchsorted(x[0], OutInt32, Right);
    }
}
