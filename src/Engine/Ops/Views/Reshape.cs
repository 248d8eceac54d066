namespace AutogradService.Engine.Ops;

/// <summary>The elements in another shape: a view where strides allow it, else a copy.</summary>
[Op("reshape(self, shape)")]
public sealed partial record Reshape(Dims Shape) : CompositeOp, IOp<Reshape>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Reshape>((op, x) => new NdArray(View.Resolve(op.Shape, x[0].Shape), x[0].Values));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Reshape([4, 3]), s.Any(3, 4)), Sample.Of(new Reshape([-1]), s.Strided(3, 4)), Sample.Of(new Reshape([1]), s.Any()), Sample.Of(new Reshape([0, 5]), s.Any(0, 2))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        var shape = View.Resolve(Shape, x[0].Shape);
        return View.StridesFor(x[0], shape) is not null
            ? x[0].View(Dims.Of(shape))
            : x[0].Clone(Clone.RowMajor).UnsafeView(Dims.Of(shape));
    }
}
