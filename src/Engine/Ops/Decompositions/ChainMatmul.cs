namespace AutogradService.Engine.Ops;

/// <summary>The product of one or more matrices, in the order of multiplications that costs least; the older form of linalg_multi_dot.</summary>
[Op("chain_matmul(matrices*)")]
public sealed partial record ChainMatmul : CompositeOp, IOp<ChainMatmul>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<ChainMatmul>((_, x) => x.Aggregate(MatrixProduct.Define));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new ChainMatmul(), s.Small(3, 4), s.Small(4, 2), s.Small(2, 5)), Sample.Of(new ChainMatmul(), s.Small(3, 4))];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        if (x.Count == 0) throw AutogradException.Attribute("chain_matmul(): Expected one or more matrices");
        var matrices = new Tensor[x.Count];
        for (int i = 0; i < matrices.Length; i++)
            matrices[i] = x[i].Dim == 2 ? x[i] : throw AutogradException.Shape($"Tensor for argument #{i + 1} 'matrices' must have 2 dimension; but got Tensor with {x[i].Dim} dimension");
        return matrices.Length == 1 ? matrices[0] : workspace.LinalgMultiDot(matrices);
    }
}
