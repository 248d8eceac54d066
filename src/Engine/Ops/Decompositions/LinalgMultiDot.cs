namespace AutogradService.Engine.Ops;

/// <summary>The product of several matrices, in the order of multiplications that costs least; the first may be a row vector, the last a column vector.</summary>
[Op("linalg_multi_dot(tensors*)")]
public sealed partial record LinalgMultiDot : CompositeOp, IOp<LinalgMultiDot>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<LinalgMultiDot>((_, x) => x.Aggregate(MatrixProduct.Define));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new LinalgMultiDot(), s.Small(3, 4), s.Small(4, 2)),
        Sample.Of(new LinalgMultiDot(), s.Small(3), s.Small(3, 4), s.Small(4)),
        Sample.Of(new LinalgMultiDot(), s.Small(3, 4), s.Small(4, 2), s.Small(2, 5), s.Small(5)),
        Sample.Of(new LinalgMultiDot(), s.Small(2, 3), s.Small(3, 5), s.Small(5, 1), s.Small(1, 4), s.Small(4, 2)),
    ];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        int n = x.Count;
        if (n < 2) throw AutogradException.Attribute($"multi_dot(): expected at least 2 tensors but got {n}");
        var factors = new Tensor[n];
        for (int i = 0; i < n; i++) factors[i] = x[i];
        var shape = new List<long>();
        if (x[0].Dim == 1) factors[0] = x[0].Unsqueeze(0);
        else if (x[0].Dim == 2) shape.Add(x[0].Shape[0]);
        else throw AutogradException.Shape($"multi_dot(): the first tensor must be 1D or 2D but got {x[0].Dim}D");
        if (x[n - 1].Dim == 1) factors[^1] = x[n - 1].Unsqueeze(-1);
        else if (x[n - 1].Dim == 2) shape.Add(x[n - 1].Shape[1]);
        else throw AutogradException.Shape($"multi_dot(): the last tensor must be 1D or 2D but got {x[n - 1].Dim}D");
        for (int i = 1; i < n - 1; i++)
            if (x[i].Dim != 2) throw AutogradException.Shape($"multi_dot(): tensor {i} must be 2D but got {x[i].Dim}D");
        for (int i = 1; i < n; i++)
        {
            if (x[i].DType != x[0].DType)
                throw new AutogradException(ErrorReason.DtypeUnsupported, $"multi_dot(): all tensors must have be the same dtype but tensor 0 is {x[0].DType.CName} and tensor {i} {x[i].DType.CName}");
            if (factors[i - 1].Shape[1] != factors[i].Shape[0])
                throw AutogradException.Shape($"multi_dot(): tensors {i - 1} and {i} with shapes {x[i - 1].Shape} and {x[i].Shape} cannot be multiplied");
        }
        return Multiply(factors, Splits(factors), 0, n - 1).View(Dims.Create([.. shape]));
    }

    // The chain of sizes, cheapest first (Cormen et al., Introduction to Algorithms, 15.2): where to cut the factors i .. j.
    private static int[,] Splits(Tensor[] factors)
    {
        int n = factors.Length;
        var sizes = new double[n + 1];
        for (int i = 0; i < n; i++) sizes[i] = factors[i].Shape[0];
        sizes[n] = factors[^1].Shape[1];
        var costs = new double[n, n];
        var splits = new int[n, n];
        for (int length = 1; length < n; length++)
            for (int i = 0; i + length < n; i++)
            {
                int j = i + length;
                costs[i, j] = double.PositiveInfinity;
                for (int k = i; k < j; k++)
                {
                    double cost = costs[i, k] + costs[k + 1, j] + sizes[i] * sizes[k + 1] * sizes[j + 1];
                    // Of equal ones the last cut for three factors, the first for more, as PyTorch has it.
                    if (cost < costs[i, j] || n == 3 && cost == costs[i, j]) (costs[i, j], splits[i, j]) = (cost, k);
                }
            }
        return splits;
    }

    // Recursion as deep as there are factors, which a call's limit on operands bounds.
    private static Tensor Multiply(Tensor[] factors, int[,] splits, int i, int j) =>
        i == j ? factors[i] : Multiply(factors, splits, i, splits[i, j]).Mm(Multiply(factors, splits, splits[i, j] + 1, j));
}
