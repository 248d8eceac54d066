namespace AutogradService.Engine;

/// <summary>A plain row-major array of float64, for writing definitions with indices and loops.</summary>
public sealed class NdArray(Shape shape, double[] values)
{
    /// <summary>Zeros.</summary>
    public NdArray(params ReadOnlySpan<long> sizes) : this(Shape.Of(sizes), new double[Shape.Of(sizes).Numel])
    {
    }

    /// <summary>The sizes.</summary>
    public Shape Shape => shape;

    /// <summary>The elements.</summary>
    public double[] Values => values;

    /// <summary>An element.</summary>
    public double this[params ReadOnlySpan<long> index]
    {
        get => values[Flat(index)];
        set => values[Flat(index)] = value;
    }

    /// <summary>A tensor's values.</summary>
    public static NdArray Of(Tensor t) => new(t.Shape, t.ToDoubles());

    /// <summary>Every index of a shape, row-major.</summary>
    public static IEnumerable<long[]> Indices(Shape shape)
    {
        var index = new long[shape.Rank];
        for (long n = 0; n < shape.Numel; n++)
        {
            yield return (long[])index.Clone();
            for (int d = shape.Rank - 1; d >= 0; d--)
            {
                if (++index[d] < shape[d]) break;
                index[d] = 0;
            }
        }
    }

    /// <summary>An array of f(index).</summary>
    public static NdArray Build(Shape shape, Func<long[], double> f)
    {
        var result = new NdArray(shape, new double[shape.Numel]);
        long n = 0;
        foreach (var index in Indices(shape)) result.Values[n++] = f(index);
        return result;
    }

    /// <summary>The element that an index of a larger, broadcast shape reads.</summary>
    public double Broadcast(ReadOnlySpan<long> index)
    {
        Span<long> own = stackalloc long[shape.Rank];
        for (int d = 0; d < own.Length; d++) own[d] = shape[d] == 1 ? 0 : index[index.Length - own.Length + d];
        return this[own];
    }

    /// <summary>For reductions: the values along some dims, in row-major order, for each index of the others.</summary>
    /// <param name="dims">Dims to collect; all if null.</param>
    /// <param name="keepdim">Keep them with size 1.</param>
    /// <param name="reduce">From the collected values to one.</param>
    public NdArray Reduce(IEnumerable<long>? dims, bool keepdim, Func<double[], double> reduce)
    {
        var reduced = new bool[Math.Max(shape.Rank, 1)];
        foreach (long d in dims ?? Enumerable.Range(0, shape.Rank).Select(i => (long)i)) reduced[Shape.WrapDim(d, shape.Rank)] = true;
        var sizes = new List<long>();
        var inner = new List<long>();
        for (int d = 0; d < shape.Rank; d++)
        {
            if (reduced[d]) inner.Add(shape[d]);
            if (!reduced[d]) sizes.Add(shape[d]);
            else if (keepdim) sizes.Add(1);
        }
        var innerShape = Shape.Of(inner.ToArray());
        return Build(Shape.Of(sizes.ToArray()), outer =>
        {
            var collected = new List<double>();
            foreach (var part in Indices(innerShape))
            {
                var index = new long[shape.Rank];
                for (int d = 0, o = 0, p = 0; d < shape.Rank; d++)
                {
                    index[d] = reduced[d] ? part[p++] : outer[o++];
                    if (reduced[d] && keepdim) o++;
                }
                collected.Add(this[index]);
            }
            return reduce([.. collected]);
        });
    }

    private long Flat(ReadOnlySpan<long> index)
    {
        long flat = 0;
        for (int d = 0; d < index.Length; d++)
        {
            if (index[d] < 0 || index[d] >= shape[d]) throw new ArgumentOutOfRangeException(nameof(index));
            flat = flat * shape[d] + index[d];
        }
        return flat;
    }
}

/// <summary>The definition of an op, as plain as it can be written: what its forward is tested against.</summary>
public sealed class Reference
{
    private readonly Func<Op, NdArray?[], NdArray[]>? _compute;

    private Reference(Func<Op, NdArray?[], NdArray[]>? compute, string? reason)
    {
        _compute = compute;
        Reason = reason;
    }

    /// <summary>Why there is none.</summary>
    public string? Reason { get; }

    /// <summary>Whether there is one.</summary>
    public bool Exists => _compute is not null;

    /// <summary>A function of one element.</summary>
    public static Reference Map(Func<double, double> f) => new((_, x) => [NdArray.Build(x[0]!.Shape, i => f(x[0]![i]))], null);

    /// <summary>A function of two broadcast elements.</summary>
    public static Reference Map(Func<double, double, double> f) =>
        new((_, x) => [NdArray.Build(Shape.Broadcast(x[0]!.Shape, x[1]!.Shape), i => f(x[0]!.Broadcast(i), x[1]!.Broadcast(i)))], null);

    /// <summary>A function of one element and the op's attributes.</summary>
    public static Reference Map<TOp>(Func<TOp, double, double> f) where TOp : Op => new((op, x) => [NdArray.Build(x[0]!.Shape, i => f((TOp)op, x[0]![i]))], null);

    /// <summary>A function of two broadcast elements and the op's attributes.</summary>
    public static Reference Map<TOp>(Func<TOp, double, double, double> f) where TOp : Op =>
        new((op, x) => [NdArray.Build(Shape.Broadcast(x[0]!.Shape, x[1]!.Shape), i => f((TOp)op, x[0]!.Broadcast(i), x[1]!.Broadcast(i)))], null);

    /// <summary>Any function of the inputs.</summary>
    public static Reference Of<TOp>(Func<TOp, NdArray[], NdArray> f) where TOp : Op => new((op, x) => [f((TOp)op, x!)], null);

    /// <summary>Any function with several results.</summary>
    public static Reference Many<TOp>(Func<TOp, NdArray[], NdArray[]> f) where TOp : Op => new((op, x) => f((TOp)op, x!), null);

    /// <summary>No plain definition: says why, and what tests the op instead.</summary>
    public static Reference None(string reason) => new(null, reason);

    /// <summary>Computes the expected results.</summary>
    public NdArray[] Compute(Op op, NdArray?[] inputs) => _compute!(op, inputs);
}
