using System.Collections;
using System.Runtime.CompilerServices;

namespace AutogradService.Client;

/// <summary>A list of integers: sizes, dims, repeats. Written <c>[2, 3]</c>; one number counts as a list of one.</summary>
[CollectionBuilder(typeof(Dims), nameof(Create))]
public sealed class Dims : IReadOnlyList<long>, IEquatable<Dims>
{
    private readonly long[] _values;

    private Dims(long[] values) => _values = values;

    /// <inheritdoc/>
    public int Count => _values.Length;

    /// <summary>The integers.</summary>
    public ReadOnlySpan<long> Values => _values;

    /// <inheritdoc/>
    public long this[int index] => _values[index];

    /// <summary>Makes a list.</summary>
    public static Dims Create(ReadOnlySpan<long> values) => new(values.ToArray());

    /// <summary>A list of one.</summary>
    public static implicit operator Dims(long value) => new([value]);

    /// <summary>A list of one.</summary>
    public static implicit operator Dims(int value) => new([value]);

    /// <summary>A copy of the array.</summary>
    public static implicit operator Dims(long[] values) => new([.. values]);

    /// <summary>A copy of the array.</summary>
    public static implicit operator Dims(int[] values) => new(Array.ConvertAll(values, static v => (long)v));

    /// <inheritdoc/>
    public bool Equals(Dims? other) => other is not null && _values.AsSpan().SequenceEqual(other._values);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Dims);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (long value in _values) hash.Add(value);
        return hash.ToHashCode();
    }

    /// <inheritdoc/>
    public override string ToString() => $"[{string.Join(", ", _values)}]";

    /// <inheritdoc/>
    public IEnumerator<long> GetEnumerator() => ((IEnumerable<long>)_values).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _values.GetEnumerator();
}
