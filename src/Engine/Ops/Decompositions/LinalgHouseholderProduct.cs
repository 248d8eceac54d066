namespace AutogradService.Engine.Ops;

/// <summary>The first columns of the product of reflectors 1 - tau v v^T, where v stands in a column of self below a 1 on the diagonal, zeros above.</summary>
[Op("linalg_householder_product(self, tau)")]
public sealed partial record LinalgHouseholderProduct : CompositeOp, IOp<LinalgHouseholderProduct>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<LinalgHouseholderProduct>((_, x) => MatrixDefinitions.Each(x[0], new NdArray(Shape.Of([.. x[1].Shape.Sizes, 1]), x[1].Values), (a, tau) =>
    {
        int m = a.GetLength(0), n = a.GetLength(1);
        var q = MatrixDefinitions.Identity(m);
        for (int k = 0; k < tau.GetLength(0); k++)
        {
            double V(int i) => i < k ? 0 : i == k ? 1 : a[i, k];
            q = MatrixDefinitions.Multiply(q, MatrixDefinitions.Build(m, m, (i, j) => (i == j ? 1 : 0) - tau[k, 0] * V(i) * V(j)));
        }
        return MatrixDefinitions.Build(m, n, (i, j) => q[i, j]);
    }));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new LinalgHouseholderProduct(), MatrixSamples.Any(s, 4, 3), MatrixSamples.Any(s, 3)), Sample.Of(new LinalgHouseholderProduct(), MatrixSamples.Any(s, 2, 3, 3), MatrixSamples.Any(s, 2, 2))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        Tensor a = x[0], tau = x[1];
        if (a.Dim < 2) throw AutogradException.Shape("torch.linalg.householder_product: input must have at least 2 dimensions.");
        if (a.Shape[-2] < a.Shape[-1]) throw AutogradException.Shape("torch.linalg.householder_product: input.shape[-2] must be greater than or equal to input.shape[-1]");
        if (tau.Dim != a.Dim - 1)
            throw AutogradException.Shape($"torch.linalg.householder_product: Expected tau to have one dimension less than input, but got tau.ndim equal to {tau.Dim} and input.ndim is equal to {a.Dim}");
        if (a.Shape[-1] < tau.Shape[-1]) throw AutogradException.Shape("torch.linalg.householder_product: input.shape[-1] must be greater than or equal to tau.shape[-1]");
        MatrixChecks.RequireFloat(a, "torch.linalg.householder_product");
        long m = a.Shape[-2], n = a.Shape[-1];
        var eye = workspace.Eye(m, dtype: a.DType);
        var v = a.Tril(-1) + eye.Narrow(-1, 0, n);
        var q = eye.Narrow(-1, 0, n).Expand(Dims.Of(a.Shape));
        for (long k = tau.Shape[-1] - 1; k >= 0; k--)
        {
            var column = v.Narrow(-1, k, 1);
            q = q - tau.Narrow(-1, k, 1).Unsqueeze(-1).Mul(column).Matmul(column.Transpose(-2, -1).Matmul(q));
        }
        return q;
    }
}
