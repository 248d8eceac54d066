namespace AutogradService.Engine.Ops;

/// <summary>Matrices with the elements above a diagonal set to zero.</summary>
[Op("tril(self, diagonal)", InPlace = true)]
public sealed partial record Tril(long Diagonal = 0) : ComputeOp, IOp<Tril>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Tril>((op, x) => NdArray.Build(x[0].Shape, i => i[^1] - i[^2] <= op.Diagonal ? x[0][i] : 0));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Tril(), s.Any(3, 4)), Sample.Of(new Tril(1), s.Any(2, 3, 3)), Sample.Of(new Tril(-1), s.Strided(4, 3)), Sample.Of(new Tril(-9), s.Any(2, 2)), Sample.Of(new Tril(), s.Any(0, 2))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => Triangle.Infer("tril", x[0]);

    // Row r keeps the columns up to r + diagonal.
    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => Triangle.Clear(x[0], y, row => row + Diagonal + 1, _ => y.Shape[-1]);

    // the same triangle of g
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Tril(Diagonal);
}
