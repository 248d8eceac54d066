namespace AutogradService.Engine.Ops;

/// <summary>Vandermonde matrix: row i holds the powers of x[i], from n - 1 down to 0, or upwards if increasing.</summary>
[Op("vander(x, n, increasing)")]
public sealed partial record Vander(long? N = null, bool Increasing = false) : CompositeOp, IOp<Vander>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Vander>((op, x) =>
    {
        long n = op.N ?? x[0].Shape[0];
        return NdArray.Build(Shape.Of(x[0].Shape[0], n), i => Math.Pow(x[0][i[0]], op.Increasing ? i[1] : n - 1 - i[1]));
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Vander(), s.Any(3)), Sample.Of(new Vander(4, true), s.Any(3)), Sample.Of(new Vander(1), s.Any(2)), Sample.Of(new Vander(0), s.Any(2))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        var v = x[0];
        if (v.Dim != 1) throw AutogradException.Shape("x must be a one-dimensional tensor.");
        long n = N ?? v.Shape[0];
        if (n < 0) throw AutogradException.Attribute("N must be non-negative.");
        var result = workspace.Ones([v.Shape[0], n], v.DType == DType.Bool || v.DType.IsInteger ? DType.Int64 : v.DType);
        if (n == 0) return result;
        var ones = result.Narrow(1, 0, 1);
        if (n > 1) ones = workspace.Cat([ones, v.Unsqueeze(1).Expand([v.Shape[0], n - 1]).Cumprod(1)], 1);
        return Increasing ? ones : ones.Flip([1]);
    }
}
