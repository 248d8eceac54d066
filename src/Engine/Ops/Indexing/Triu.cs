namespace AutogradService.Engine.Ops;

/// <summary>Matrices with the elements below a diagonal set to zero.</summary>
[Op("triu(self, diagonal)", InPlace = true)]
public sealed partial record Triu(long Diagonal = 0) : ComputeOp, IOp<Triu>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Triu>((op, x) => NdArray.Build(x[0].Shape, i => i[^1] - i[^2] >= op.Diagonal ? x[0][i] : 0));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Triu(), s.Any(3, 4)), Sample.Of(new Triu(1), s.Any(2, 3, 3)), Sample.Of(new Triu(-1), s.Strided(4, 3)), Sample.Of(new Triu(9), s.Any(2, 2)), Sample.Of(new Triu(), s.Any(0, 2))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => Triangle.Infer("triu", x[0]);

    // Row r keeps the columns from r + diagonal on.
    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Triangle.Clear(x[0], y, _ => 0, row => row + Diagonal);

    // the same triangle of g
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Triu(Diagonal);
}
