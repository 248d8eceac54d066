namespace AutogradService.Engine.Ops;

/// <summary>
/// Sum of products over labelled dims: "ij,jk->ik" multiplies matrices. Labels that the output lacks are summed; a label repeated in an operand takes its diagonal;
/// "..." broadcasts. Operands are contracted from the left.
/// </summary>
[Op("einsum(equation, operands*)")]
public sealed partial record Einsum(string Equation) : CompositeOp, IOp<Einsum>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("every sample is a sum of products that tests/Engine.Tests/Ops/EinsumTests compares with the op that it stands for");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Einsum("ij,jk->ik"), s.Any(3, 4), s.Any(4, 2)),
        Sample.Of(new Einsum("bij,bjk"), s.Any(2, 3, 4), s.Any(2, 4, 2)),
        Sample.Of(new Einsum("ii->i"), s.Any(3, 3)),
        Sample.Of(new Einsum("i...->..."), s.Any(3, 2, 2)),
        Sample.Of(new Einsum("...ik, ...j -> ij"), s.Any(2, 3, 4), s.Any(3)),
        Sample.Of(new Einsum("i,j->ij"), s.Any(3), s.Any(2)),
        Sample.Of(new Einsum("i,ij,j->"), s.Any(3), s.Any(3, 2), s.Any(2)),
        Sample.Of(new Einsum("ijk,ik->j"), s.Any(2, 3, 4), s.Any(2, 4)),
    ];

    /// <inheritdoc/>
    public override Tensor Compose(Workspace workspace, Inputs x)
    {
        if (x.Count == 0) throw AutogradException.Attribute("einsum(): must provide at least one operand");
        var given = new Tensor[x.Count];
        for (int i = 0; i < given.Length; i++) given[i] = x[i];
        var plan = new EinsumPlan(Equation, given);
        var operands = new Tensor[given.Length];
        for (int i = 0; i < operands.Length; i++) operands[i] = plan.Aligned(given[i], i);
        var uses = Uses(operands, plan);
        var product = operands[0];
        for (int i = 1; i < operands.Length; i++) product = Contract(product, operands[i], uses, plan);
        if (plan.Rank == plan.OutputRank) return product;
        // Where there was something to contract with, what is to be summed has been, and only dims of size 1 are left of it.
        return operands.Length > 1
            ? product.View(Dims.Create(product.Shape.Sizes[..plan.OutputRank]))
            : product.Sum(Dims.Create([.. Enumerable.Range(plan.OutputRank, plan.Rank - plan.OutputRank).Select(d => (long)d)]));
    }

    // How many operands have each dim; sizes other than 1 must agree.
    private static int[] Uses(Tensor[] operands, EinsumPlan plan)
    {
        var uses = new int[plan.Rank];
        for (int d = 0; d < plan.Rank; d++)
        {
            long size = 1;
            for (int i = 0; i < operands.Length; i++)
            {
                long own = operands[i].Shape[d];
                if (own == 1) continue;
                if (size != 1 && own != size)
                    throw AutogradException.Shape($"einsum(): subscript has size {own} for operand {i} which does not broadcast with previously seen size {size}");
                size = own;
                uses[d]++;
            }
        }
        return uses;
    }

    private static Tensor Contract(Tensor a, Tensor b, int[] uses, EinsumPlan plan)
    {
        List<long> both = [], onlyA = [], onlyB = [];
        for (int d = plan.OutputRank; d < plan.Rank; d++)
        {
            if (a.Shape[d] != 1 && b.Shape[d] != 1)
            {
                if (--uses[d] != 1) continue;
                both.Add(d);
                uses[d] = 0;
            }
            else if (uses[d] == 1 && (a.Shape[d] != 1 || b.Shape[d] != 1))
            {
                (a.Shape[d] != 1 ? onlyA : onlyB).Add(d);
                uses[d] = 0;
            }
        }
        if (onlyA.Count > 0) a = a.Sum(Dims.Create([.. onlyA]), keepdim: true);
        if (onlyB.Count > 0) b = b.Sum(Dims.Create([.. onlyB]), keepdim: true);
        return both.Count == 0 ? a.Mul(b) : PairProduct(a, b, [.. both]);
    }

    // A batched matrix product: dims of both operands that stay are the batch, those of one are rows or columns, summed ones lie between.
    private static Tensor PairProduct(Tensor a, Tensor b, long[] summed)
    {
        List<long> batch = [], left = [], right = [];
        for (int d = 0; d < a.Dim; d++)
        {
            if (Array.IndexOf(summed, d) >= 0) continue;
            (a.Shape[d] == 1 ? right : b.Shape[d] == 1 ? left : batch).Add(d);
        }
        long Size(Tensor t, IEnumerable<long> dims) => dims.Aggregate(1L, (n, d) => n * t.Shape[(int)d]);
        long groups = Size(a, batch), rows = Size(a, left), depth = Size(a, summed), columns = Size(b, right);
        var x = a.Permute(Dims.Create([.. batch, .. left, .. summed, .. right])).Reshape([groups, rows, depth]);
        var y = b.Permute(Dims.Create([.. batch, .. summed, .. right, .. left])).Reshape([groups, depth, columns]);
        long[] order = [.. batch, .. left, .. summed, .. right];
        var sizes = new long[order.Length];
        var back = new long[order.Length];
        for (int i = 0; i < order.Length; i++)
        {
            int d = (int)order[i];
            sizes[i] = Array.IndexOf(summed, d) >= 0 ? 1 : a.Shape[d] == 1 ? b.Shape[d] : a.Shape[d];
            back[d] = i;
        }
        return x.Bmm(y).View(Dims.Create(sizes)).Permute(Dims.Create(back));
    }
}
