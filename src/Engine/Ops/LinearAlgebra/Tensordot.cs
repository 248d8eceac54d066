namespace AutogradService.Engine.Ops;

/// <summary>Sum of products over pairs of dims, dims_self of self with dims_other of other; the result has the other dims, those of self first. One matrix product.</summary>
[Op("tensordot(self, other, dims_self, dims_other)")]
public sealed partial record Tensordot(Dims DimsSelf, Dims DimsOther) : CompositeOp, IOp<Tensordot>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Tensordot>((op, x) =>
    {
        int[] a = [.. op.DimsSelf.Select(d => Shape.WrapDim(d, x[0].Shape.Rank))], b = [.. op.DimsOther.Select(d => Shape.WrapDim(d, x[1].Shape.Rank))];
        int[] restA = [.. Enumerable.Range(0, x[0].Shape.Rank).Except(a)], restB = [.. Enumerable.Range(0, x[1].Shape.Rank).Except(b)];
        var inner = Shape.Of([.. a.Select(d => x[0].Shape[d])]);
        return NdArray.Build(Shape.Of([.. restA.Select(d => x[0].Shape[d]), .. restB.Select(d => x[1].Shape[d])]), i => NdArray.Indices(inner).Sum(k =>
        {
            long[] l = new long[x[0].Shape.Rank], r = new long[x[1].Shape.Rank];
            for (int n = 0; n < restA.Length; n++) l[restA[n]] = i[n];
            for (int n = 0; n < restB.Length; n++) r[restB[n]] = i[restA.Length + n];
            for (int n = 0; n < a.Length; n++) (l[a[n]], r[b[n]]) = (k[n], k[n]);
            return x[0][l] * x[1][r];
        }));
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Tensordot([-1], [0]), s.Any(2, 3), s.Any(3, 4)),
        Sample.Of(new Tensordot([0, 2], [1, 0]), s.Any(2, 3, 4), s.Any(4, 2)),
        Sample.Of(new Tensordot([], []), s.Any(2), s.Any(3)),
        Sample.Of(new Tensordot([0, 1], [0, 1]), s.Any(2, 3), s.Any(2, 3)),
    ];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        Tensor a = x[0], b = x[1];
        if (DimsSelf.Count != DimsOther.Count) throw AutogradException.Attribute("both dimension lists should have same length");
        if (a.DType != b.DType)
            throw new AutogradException(ErrorReason.DtypeUnsupported, "tensordot: both inputs should have same dtype");
        if (DimsSelf.Count > 0 && (a.Dim == 0 || b.Dim == 0)) throw AutogradException.Index($"Dimension specified as {(a.Dim == 0 ? DimsSelf : DimsOther)[0]} but tensor has no dimensions");
        bool[] summedA = new bool[a.Dim], summedB = new bool[b.Dim];
        long[] dimsA = new long[DimsSelf.Count], dimsB = new long[DimsSelf.Count];
        long depth = 1;
        for (int i = 0; i < dimsA.Length; i++)
        {
            int p = Shape.WrapDim(DimsSelf[i], a.Dim), q = Shape.WrapDim(DimsOther[i], b.Dim);
            if (summedA[p]) throw AutogradException.Attribute($"dim {p} appears multiple times in the list of dims");
            if (summedB[q]) throw AutogradException.Attribute($"dim {q} appears multiple times in the list of dims");
            (summedA[p], summedB[q], dimsA[i], dimsB[i]) = (true, true, p, q);
            long m = a.Shape[p], n = b.Shape[q];
            if (n == 1 && m != 1) a = a.Sum([p], true);
            else if (m == 1 && n != 1) b = b.Sum([q], true);
            else if (m == n) depth *= m;
            else throw AutogradException.Shape($"contracted dimensions need to match, but first has size {m} in dim {p} and second has size {n} in dim {q}");
        }
        long[] restA = [.. Enumerable.Range(0, a.Dim).Where(d => !summedA[d]).Select(d => (long)d)], restB = [.. Enumerable.Range(0, b.Dim).Where(d => !summedB[d]).Select(d => (long)d)];
        long[] sizesA = [.. restA.Select(d => a.Shape[(int)d])], sizesB = [.. restB.Select(d => b.Shape[(int)d])];
        var left = a.Permute(Dims.Create([.. restA, .. dimsA])).Reshape([Shape.Of(sizesA).Numel, depth]);
        var right = b.Permute(Dims.Create([.. dimsB, .. restB])).Reshape([depth, Shape.Of(sizesB).Numel]);
        return left.Mm(right).Reshape(Dims.Create([.. sizesA, .. sizesB]));
    }
}
