namespace AutogradService.Engine.Ops;

/// <summary>
/// Matrix product of tensors of any rank: the last two dims multiply, the dims before them broadcast; a vector is a row on the left and a column on the right, and its dim
/// is not in the result.
/// </summary>
[Op("matmul(self, other)")]
public sealed partial record Matmul : CompositeOp, IOp<Matmul>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Matmul>((_, x) => MatrixProduct.Define(x[0], x[1]));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Matmul(), s.Any(4), s.Any(4)),
        Sample.Of(new Matmul(), s.Any(3, 4), s.Any(4)),
        Sample.Of(new Matmul(), s.Any(4), s.Any(4, 5)),
        Sample.Of(new Matmul(), s.Any(3, 4), s.Any(4, 5)),
        Sample.Of(new Matmul(), s.Any(2, 3, 4), s.Any(4)),
        Sample.Of(new Matmul(), s.Any(4), s.Any(2, 4, 3)),
        Sample.Of(new Matmul(), s.Any(2, 3, 4), s.Any(4, 5)),
        Sample.Of(new Matmul(), s.Any(3, 4), s.Any(2, 4, 5)),
        Sample.Of(new Matmul(), s.Any(2, 3, 4), s.Any(2, 4, 5)),
        Sample.Of(new Matmul(), s.Any(1, 3, 4), s.Any(2, 4, 5)),
        Sample.Of(new Matmul(), s.Any(2, 1, 3, 4), s.Any(3, 4, 2)),
        Sample.Of(new Matmul(), s.Any(0, 3), s.Any(3, 2)),
    ];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x) => Multiply(x[0], x[1]);

    private static Tensor Multiply(Tensor a, Tensor b)
    {
        if (a.Dim == 0 || b.Dim == 0)
            throw AutogradException.Shape($"both arguments to matmul need to be at least 1D, but they are {a.Dim}D and {b.Dim}D");
        if (a.Dim <= 2 && b.Dim <= 2)
        {
            if (b.Dim == 1) return a.Dim == 1 ? a.Dot(b) : a.Mv(b);
            return a.Dim == 1 ? a.Unsqueeze(0).Mm(b).SqueezeInPlace(0) : a.Mm(b);
        }
        return Folds(a, b) ? Folded(a, b) : Batched(a, b);
    }

    // A batch times one matrix is one tall product. Folding copies a batch that is not contiguous, but the matrix's gradient is then not made once for every
    // element of the batch; so it pays if that gradient is needed, or if folding is free.
    private static bool Folds(Tensor a, Tensor b)
    {
        bool leftLarger = a.Dim >= b.Dim;
        var large = leftLarger ? a : b.Transpose(-2, -1);
        var small = leftLarger ? b : a;
        if (large.Dim < 3 || small.Dim > 2) return false;
        if (small.RequiresGrad) return true;
        if (a.Dim == 2) return false;
        if (large.Numel == 0) return true;
        for (int d = 0; d < large.Dim - 2; d++)
            if (large.StridesArray[d] != large.StridesArray[d + 1] * large.Shape[d + 1]) return false;
        return true;
    }

    private static Tensor Folded(Tensor a, Tensor b)
    {
        bool transposed = b.Dim > a.Dim;
        var large = transposed ? b.Transpose(-2, -1) : a;
        var small = !transposed ? b : a.Dim == 2 ? a.Transpose(0, 1) : a;
        var outer = large.Shape.Sizes[..^1];
        var rows = large.Reshape([Shape.Of(outer).Numel, large.Shape[-1]]);
        if (small.Dim == 1) return rows.Mv(small).UnsafeView(Dims.Create(outer));
        var product = rows.Mm(small).UnsafeView(Dims.Create([.. outer, small.Shape[1]]));
        return transposed ? product.Transpose(-2, -1).Contiguous() : product;
    }

    private static Tensor Batched(Tensor a, Tensor b)
    {
        long n = a.Dim > 1 ? a.Shape[-2] : 1, inner = a.Shape[-1];
        long depth = b.Dim > 1 ? b.Shape[-2] : b.Shape[0], p = b.Dim > 1 ? b.Shape[-1] : 1;
        var batchA = Shape.Of(a.Shape.Sizes[..Math.Max(a.Dim - 2, 0)]);
        var batchB = Shape.Of(b.Shape.Sizes[..Math.Max(b.Dim - 2, 0)]);
        if (a.Dim == 3 && b.Dim == 3 && batchA[0] != batchB[0])
        {
            if (batchA[0] == 1 && a.RequiresGrad) return Multiply(a.Squeeze(0), b);
            if (batchB[0] == 1 && b.RequiresGrad) return Multiply(a, b.Squeeze(0));
        }
        var batch = Shape.Broadcast(batchA, batchB);
        var left = a.Expand(Dims.Create([.. batch.Sizes, n, inner])).Reshape([batch.Numel, n, inner]);
        if (b.Dim == 1)
        {
            var column = b.Expand(Dims.Create([.. batch.Sizes, depth])).Reshape([batch.Numel, depth]).Unsqueeze(2);
            return left.Bmm(column).Squeeze(-1).UnsafeView(Dims.Create(a.Dim > 1 ? [.. batch.Sizes, n] : [.. batch.Sizes]));
        }
        var right = b.Expand(Dims.Create([.. batch.Sizes, depth, p])).Reshape([batch.Numel, depth, p]);
        return left.Bmm(right).UnsafeView(Dims.Create(a.Dim > 1 ? [.. batch.Sizes, n, p] : [.. batch.Sizes, p]));
    }
}
