using System.Collections.Immutable;

namespace AutogradService.Client;

/// <summary>A tensor's elements, read from the server: row-major, with their shape. Converts to <c>T[]</c> (flat), <c>T[,]</c>, <c>T[,,]</c> and <c>T</c>.</summary>
/// <typeparam name="T">float, double, long, int, bool, byte, sbyte, short or Half.</typeparam>
public sealed class TensorValue<T> where T : unmanaged
{
    private readonly T[] _elements;

    internal TensorValue(T[] elements, ImmutableArray<long> shape)
    {
        _elements = elements;
        Shape = shape;
    }

    /// <summary>Size of each dimension, outermost first; empty for a 0-d tensor.</summary>
    public ImmutableArray<long> Shape { get; }

    /// <summary>Number of elements.</summary>
    public int Count => _elements.Length;

    /// <summary>The elements, row-major.</summary>
    public ReadOnlySpan<T> Span => _elements;

    /// <summary>An element.</summary>
    /// <param name="index">One index for each dimension; negative ones count from the end.</param>
    /// <exception cref="ArgumentOutOfRangeException">An index lies outside its dimension, or there are more or fewer than dimensions.</exception>
    [System.Runtime.CompilerServices.IndexerName("At")]
    public T this[params ReadOnlySpan<long> index]
    {
        get
        {
            if (index.Length != Shape.Length) throw new ArgumentOutOfRangeException(nameof(index), $"{index.Length} indices for {Shape.Length} dimensions");
            long flat = 0;
            for (int d = 0; d < index.Length; d++)
            {
                long i = index[d] < 0 ? index[d] + Shape[d] : index[d];
                if ((ulong)i >= (ulong)Shape[d]) throw new ArgumentOutOfRangeException(nameof(index), $"index {index[d]} is out of bounds for dimension {d} with size {Shape[d]}");
                flat = flat * Shape[d] + i;
            }
            return _elements[flat];
        }
    }

    /// <summary>The element of a one-element tensor.</summary>
    /// <exception cref="InvalidOperationException">There are more, or none.</exception>
    public T Item() => _elements.Length == 1 ? _elements[0] : throw new InvalidOperationException($"a Tensor with {_elements.Length} elements cannot be converted to Scalar");

    /// <summary>The elements, row-major, whatever the shape.</summary>
    public T[] ToArray() => [.. _elements];

    /// <summary>The elements of a matrix.</summary>
    /// <exception cref="InvalidCastException">It does not have two dimensions.</exception>
    public T[,] ToArray2D() => (T[,])Shaped(2);

    /// <summary>The elements of a tensor with three dimensions.</summary>
    /// <exception cref="InvalidCastException">It has more or fewer.</exception>
    public T[,,] ToArray3D() => (T[,,])Shaped(3);

    /// <summary>An array of the tensor's own shape; of one element for a 0-d tensor.</summary>
    public Array ToNdArray() => Shape.Length <= 1 ? ToArray() : Shaped(Shape.Length);

    /// <summary>The elements, row-major, whatever the shape.</summary>
    public static implicit operator T[](TensorValue<T> value) => value.ToArray();

    /// <summary>The elements of a matrix.</summary>
    public static implicit operator T[,](TensorValue<T> value) => value.ToArray2D();

    /// <summary>The elements of a tensor with three dimensions.</summary>
    public static implicit operator T[,,](TensorValue<T> value) => value.ToArray3D();

    /// <summary>The element of a one-element tensor.</summary>
    public static implicit operator T(TensorValue<T> value) => value.Item();

    private Array Shaped(int rank)
    {
        if (Shape.Length != rank) throw new InvalidCastException($"a tensor of shape [{string.Join(", ", Shape)}] has {Shape.Length} dimensions, not {rank}");
        var sizes = new int[rank];
        for (int d = 0; d < rank; d++) sizes[d] = checked((int)Shape[d]);
        // Only ranks 2 and up come here; the array types of ranks 2 and 3 are named above, so they exist in compiled-ahead programs.
        Array array = rank switch
        {
            2 => new T[sizes[0], sizes[1]],
            3 => new T[sizes[0], sizes[1], sizes[2]],
            _ => OfRank(sizes),
        };
        if (_elements.Length > 0)
            System.Runtime.InteropServices.MemoryMarshal.AsBytes(_elements.AsSpan()).CopyTo(Elements.BytesOf<T>(array));
        return array;
    }

    [System.Diagnostics.CodeAnalysis.UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Ahead-of-time compiled programs get NotSupportedException above rank 4, as documented.")]
    private static Array OfRank(int[] sizes) => sizes.Length == 4 ? new T[sizes[0], sizes[1], sizes[2], sizes[3]] : Array.CreateInstance(typeof(T), sizes);
}
