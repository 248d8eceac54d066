using System.Diagnostics.CodeAnalysis;

namespace AutogradService.Engine;

/// <summary>The sizes of a tensor: immutable, compared by value. Rank 0 is a scalar.</summary>
public sealed class Shape : IEquatable<Shape>
{
    /// <summary>The largest rank that kernels and the wire take.</summary>
    public const int RankMax = 64;

    private readonly long[] _sizes;

    private Shape(long[] sizes, long numel)
    {
        _sizes = sizes;
        Numel = numel;
        ContiguousStrides = StridesOf(sizes);
    }

    /// <summary>The shape of a 0-d tensor.</summary>
    public static Shape Scalar { get; } = new([], 1);

    /// <summary>Number of dims.</summary>
    public int Rank => _sizes.Length;

    /// <summary>Number of elements.</summary>
    public long Numel { get; }

    /// <summary>Row-major strides, in elements; a size of 0 counts as 1, as in PyTorch.</summary>
    internal long[] ContiguousStrides { get; }

    /// <summary>The sizes.</summary>
    public ReadOnlySpan<long> Sizes => _sizes;

    /// <summary>The size of one dim; negative dims count from the end.</summary>
    public long this[int dim] => _sizes[dim < 0 ? dim + _sizes.Length : dim];

    /// <summary>Makes a shape; sizes must not be negative and their product must fit 63 bits.</summary>
    /// <exception cref="AutogradException">INVALID_SHAPE.</exception>
    public static Shape Of(params ReadOnlySpan<long> sizes)
    {
        if (sizes.Length == 0) return Scalar;
        if (sizes.Length > RankMax)
            throw new AutogradException(ErrorReason.InvalidShape, $"a tensor has at most {RankMax} dimensions, but got {sizes.Length}");
        long numel = 1;
        bool overflow = false, empty = false;
        foreach (long s in sizes)
        {
            if (s < 0)
                throw new AutogradException(ErrorReason.InvalidShape, $"Trying to create tensor with negative dimension {s}: {Format(sizes)}");
            if (s == 0) empty = true;
            else if (numel > long.MaxValue / 16 / s) overflow = true; // 16: bytes of the widest element, with room to spare
            else numel *= s;
        }
        if (overflow && !empty)
            throw new AutogradException(ErrorReason.InvalidShape, $"Storage size calculation overflowed with sizes={Format(sizes)}");
        return new Shape(sizes.ToArray(), empty ? 0 : numel);
    }

    /// <summary>Resolves a possibly negative dim. A 0-d tensor takes -1 and 0, as in PyTorch.</summary>
    /// <exception cref="AutogradException">DIM_OUT_OF_RANGE.</exception>
    public static int WrapDim(long dim, int rank)
    {
        int range = Math.Max(rank, 1);
        if (dim < -range || dim >= range)
            throw AutogradException.Index($"Dimension out of range (expected to be in range of [{-range}, {range - 1}], but got {dim})");
        return (int)(dim < 0 ? dim + range : dim);
    }

    /// <summary>The shape that both broadcast to.</summary>
    /// <exception cref="AutogradException">SHAPE_MISMATCH, with PyTorch's wording.</exception>
    public static Shape Broadcast(Shape a, Shape b)
    {
        if (ReferenceEquals(a, b) || b.Rank == 0) return a;
        return a.Rank == 0 || a.Equals(b) ? b : BroadcastSizes(a, b);
    }

    private static Shape BroadcastSizes(Shape a, Shape b)
    {
        int rank = Math.Max(a.Rank, b.Rank);
        Span<long> sizes = stackalloc long[rank];
        for (int i = 1; i <= rank; i++)
        {
            long x = i <= a.Rank ? a._sizes[^i] : 1, y = i <= b.Rank ? b._sizes[^i] : 1;
            if (x != y && x != 1 && y != 1)
                throw AutogradException.Shape($"The size of tensor a ({x}) must match the size of tensor b ({y}) at non-singleton dimension {rank - i}");
            sizes[^i] = x == 1 ? y : x;
        }
        if (sizes.SequenceEqual(a._sizes)) return a;
        return sizes.SequenceEqual(b._sizes) ? b : Of(sizes);
    }

    /// <summary>Whether this shape broadcasts to the target without growing it.</summary>
    public bool BroadcastsTo(Shape target)
    {
        if (Rank > target.Rank) return false;
        for (int i = 1; i <= Rank; i++)
            if (_sizes[^i] != 1 && _sizes[^i] != target._sizes[^i]) return false;
        return true;
    }

    /// <summary>This shape with one dim removed.</summary>
    internal Shape Without(int dim)
    {
        Span<long> sizes = stackalloc long[Rank - 1];
        for (int i = 0, j = 0; i < Rank; i++)
            if (i != dim) sizes[j++] = _sizes[i];
        return Of(sizes);
    }

    /// <summary>This shape with one size replaced.</summary>
    internal Shape With(int dim, long size)
    {
        Span<long> sizes = stackalloc long[Rank];
        _sizes.CopyTo(sizes);
        sizes[dim] = size;
        return Of(sizes);
    }

    /// <inheritdoc/>
    public bool Equals([NotNullWhen(true)] Shape? other) => ReferenceEquals(this, other) || other is not null && _sizes.AsSpan().SequenceEqual(other._sizes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Shape);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (long s in _sizes) hash.Add(s);
        return hash.ToHashCode();
    }

    /// <summary>[2, 3], as PyTorch's messages print sizes.</summary>
    public override string ToString() => Format(_sizes);

    internal static string Format(ReadOnlySpan<long> sizes)
    {
        var text = new System.Text.StringBuilder("[");
        for (int i = 0; i < sizes.Length; i++) text.Append(i == 0 ? "" : ", ").Append(sizes[i]);
        return text.Append(']').ToString();
    }

    private static long[] StridesOf(long[] sizes)
    {
        if (sizes.Length == 0) return [];
        var strides = new long[sizes.Length];
        long step = 1;
        for (int i = sizes.Length - 1; i >= 0; i--)
        {
            strides[i] = step;
            step *= Math.Max(sizes[i], 1);
        }
        return strides;
    }
}
