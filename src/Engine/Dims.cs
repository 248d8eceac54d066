using System.Collections;
using System.Runtime.CompilerServices;

namespace AutogradService.Engine;

/// <summary>A list of integers as an op's attribute: dims, sizes, repeats. Compared by value, unlike an array.</summary>
[CollectionBuilder(typeof(Dims), nameof(Create))]
public sealed class Dims : IEquatable<Dims>, IReadOnlyList<long>
{
    private readonly long[] _values;

    private Dims(long[] values) => _values = values;

    /// <summary>No integers.</summary>
    public static Dims Empty { get; } = new([]);

    /// <summary>The integers.</summary>
    public ReadOnlySpan<long> Values => _values;

    /// <inheritdoc/>
    public int Count => _values.Length;

    /// <inheritdoc/>
    public long this[int index] => _values[index];

    /// <summary>Makes a list.</summary>
    public static Dims Create(ReadOnlySpan<long> values) => new(values.ToArray());

    /// <summary>The sizes of a shape.</summary>
    public static Dims Of(Shape shape) => new(shape.Sizes.ToArray());

    /// <inheritdoc/>
    public bool Equals(Dims? other) => other is not null && _values.AsSpan().SequenceEqual(other._values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Dims);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (long v in _values) hash.Add(v);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => Shape.Format(_values);

    /// <inheritdoc/>
    public IEnumerator<long> GetEnumerator() => ((IEnumerable<long>)_values).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _values.GetEnumerator();
}
