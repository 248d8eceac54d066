namespace AutogradService.Engine.Ops;

/// <summary>What embedding_bag records: sums, means or maxima over bags of rows of a weight matrix, each bag beginning at its offset.</summary>
[Op("_embedding_bags(weight, indices!, offsets!, per_sample_weights?, mode, scale_grad_by_freq, include_last_offset, padding_idx)", Hidden = true)]
public sealed partial record EmbeddingBags(string Mode, bool ScaleGradByFreq = false, bool IncludeLastOffset = false, long? PaddingIdx = null) : ComputeOp, IOp<EmbeddingBags>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("what embedding_bag is made of; that op's definition covers it");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s)
    {
        if (!s.IsFloat) yield break;
        foreach (string mode in (string[])["sum", "mean", "max"])
            yield return Sample.Of(new EmbeddingBags(mode), s.Any(4, 3), s.Integers(Shape.Of(5), 1, 0, 2, 3, 1), s.Integers(Shape.Of(3), 0, 2, 2), null);
    }

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "EmbeddingBagBackward0";

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(1) | Engine.Saves.Input(2) | Engine.Saves.Input(3) | (needs[3] || Mode == "max" ? Engine.Saves.Input(0) : default);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        Tensor weight = x[0], indices = x[1], offsets = x[2];
        foreach (var (t, name, n) in ((Tensor, string, int)[])[(indices, "indices", 1), (offsets, "offsets", 1)])
            if (t.DType is not (DType.Int64 or DType.Int32))
                throw AutogradException.Attribute($"Expected tensor for argument #{n} '{name}' to have one of the following scalar types: Long, Int; but got torch.{t.DType.TorchName}Tensor instead (while checking arguments for embedding_bag)");
        if (indices.DType != offsets.DType)
            throw new AutogradException(ErrorReason.DtypeUnsupported, $"expected scalar type {indices.DType.TorchName} but found {offsets.DType.TorchName}");
        if (!weight.DType.IsFloatingPoint)
            throw AutogradException.Attribute($"Expected tensor for argument #1 'weight' to have one of the following scalar types: Half, BFloat16, Float, Double; but got torch.{weight.DType.TorchName}Tensor instead (while checking arguments for embedding_bag)");
        if (x.Optional(3) is { } factors && factors.DType != weight.DType)
            throw new AutogradException(ErrorReason.DtypeUnsupported,
                $"Expected tensor for argument #1 'weight' to have the same type as tensor for argument #1 'per_sample_weights'; but type torch.{weight.DType.TorchName}Tensor does not equal torch.{factors.DType.TorchName}Tensor (while checking arguments for embedding_bag)");
        if (IncludeLastOffset && offsets.Numel < 1) throw AutogradException.Shape("include_last_offset: number of offset should be at least 1");
        return new(Shape.Of(offsets.Numel - (IncludeLastOffset ? 1 : 0), weight.Shape[1]), weight.DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        if (y.Numel == 0) return;
        using var scope = y.Workspace.Scope();
        using var mode = y.Workspace.NoGrad();
        var indices = AlongDim.Checked(x[1], x[0].Shape[0], AlongDim.OutOfRangeInSelf);
        var bags = Bags(indices, x[2]);
        var weight = x[0].Alias();
        if (Mode == "max")
        {
            Kernels.Transfer.Into(Largest(weight, indices, bags.Numbers, y.Shape), y);
            return;
        }
        var rows = weight.IndexSelect(0, indices).Mul(bags.Shares.To(y.DType).Unsqueeze(1));
        if (x.Optional(3) is { } factors) rows = rows.Mul(factors.Unsqueeze(1));
        Kernels.Fill.All(y, 0L);
        AlongDim.Add(y, 0, AlongDim.Spread(bags.Numbers, rows.Shape, 0), rows);
    }

    // A row gets its bag's gradient times its share of the bag (1, or 1 / count for a mean, 0 for padding) and its weight; a weight the product of that gradient and its row.
    // Of a maximum, the first row that has it gets all.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        if (grad.Numel == 0) return saved.Zeros(input);
        long rows = saved.Shape(0)[0];
        var indices = AlongDim.Checked(saved.Input(1), rows, AlongDim.OutOfRangeInSelf);
        var bags = Bags(indices, saved.Input(2));
        if (Mode == "max")
        {
            var winners = Winners(saved.Input(0), indices, bags.Numbers, grad.Shape);
            var empty = winners.Lt(0L);
            return grad.NewZeros(Dims.Of(saved.Shape(0))).ScatterAdd(0, winners.MaskedFill(empty, 0L), grad.MaskedFill(empty, 0L));
        }
        var each = grad.IndexSelect(0, bags.Numbers).Mul(bags.Shares.To(grad.DType).Unsqueeze(1));
        if (input == 3) return each.Mul(saved.Input(0).IndexSelect(0, indices)).Sum([1]);
        if (saved.OptionalInput(3) is { } factors) each = each.Mul(factors.Unsqueeze(1));
        return each.EmbeddingDenseBackward(indices, rows, null, ScaleGradByFreq);
    }

    // For each index the number of its bag (-1 before the first), and what share of the bag it is.
    private (Tensor Numbers, Tensor Shares) Bags(Tensor indices, Tensor offsets)
    {
        var workspace = indices.Workspace;
        long[] rows = indices.ToArray<long>(), starts = workspace.RawContiguous(workspace.RawCast(offsets, DType.Int64)).ToArray<long>();
        long n = rows.Length;
        if (starts.Length > 0 && starts[0] != 0)
            throw AutogradException.Attribute($"offsets[0] has to be 0, i.e., the first sequence in the mini-batch has to start from position 0. However, got {starts[0]}");
        if (starts.Length > 0 && starts[^1] > n)
            throw AutogradException.Attribute($"offsets[-1] can not be greater than input's length({n}) but got offsets[-1] of {starts[^1]}");
        var numbers = new long[n];
        var counts = new long[starts.Length + 1];
        int bag = -1;
        for (long i = 0; i < n; i++)
        {
            while (bag + 1 < starts.Length && starts[bag + 1] <= i) bag++;
            numbers[i] = Math.Max(0, Math.Min(bag, starts.Length - 1 - (IncludeLastOffset ? 1 : 0)));
            if (rows[i] != PaddingIdx) counts[numbers[i]]++;
        }
        var shares = new double[n];
        for (long i = 0; i < n; i++) shares[i] = starts.Length == 0 || rows[i] == PaddingIdx || IncludeLastOffset && i >= starts[^1] ? 0 : Mode == "mean" ? 1.0 / counts[numbers[i]] : 1;
        return (workspace.FromArray<long>(numbers, Shape.Of(n)), workspace.FromArray<double>(shares, Shape.Of(n)));
    }

    // The rows with the largest element of each bag and column; -1 in an empty bag.
    private Tensor Winners(Tensor weight, Tensor indices, Tensor bags, Shape shape)
    {
        var values = weight.ToDoubles();
        long[] rows = indices.ToArray<long>(), numbers = bags.ToArray<long>();
        long columns = shape[1];
        var winners = new long[shape.Numel];
        Array.Fill(winners, -1);
        for (long i = 0; i < rows.Length && shape[0] > 0; i++)
        {
            if (rows[i] == PaddingIdx) continue;
            for (long c = 0; c < columns; c++)
            {
                ref long best = ref winners[numbers[i] * columns + c];
                if (best < 0 || values[rows[i] * columns + c] > values[best * columns + c]) best = rows[i];
            }
        }
        return weight.Workspace.FromArray<long>(winners, shape);
    }

    private Tensor Largest(Tensor weight, Tensor indices, Tensor bags, Shape shape)
    {
        var winners = Winners(weight, indices, bags, shape);
        var empty = winners.Lt(0L);
        return weight.Shape[0] == 0 ? weight.NewZeros(Dims.Of(shape)) : weight.Gather(0, winners.MaskedFill(empty, 0L)).MaskedFill(empty, 0L);
    }
}
