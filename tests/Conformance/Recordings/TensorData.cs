using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace AutogradService.Conformance.Recordings;

/// <summary>A dense host tensor as recorded: dtype by PyTorch's name, shape, and row-major little-endian bytes.</summary>
internal sealed class TensorData
{
    private static readonly Dictionary<string, (string Name, int Size)> Codes = new(StringComparer.Ordinal)
    {
        ["f8"] = ("float64", 8),
        ["f4"] = ("float32", 4),
        ["f2"] = ("float16", 2),
        ["i8"] = ("int64", 8),
        ["i4"] = ("int32", 4),
        ["i2"] = ("int16", 2),
        ["i1"] = ("int8", 1),
        ["u1"] = ("uint8", 1),
        ["b1"] = ("bool", 1),
        ["c8"] = ("complex64", 8),
        ["c16"] = ("complex128", 16),
    };

    private readonly ReadOnlyMemory<byte> _bytes;

    public TensorData(string dtype, ImmutableArray<long> shape, ReadOnlyMemory<byte> bytes, bool requiresGrad = false, bool wasContiguous = true)
    {
        DType = dtype;
        Shape = shape;
        _bytes = bytes;
        RequiresGrad = requiresGrad;
        WasContiguous = wasContiguous;
        Count = shape.Aggregate(1L, (product, size) => checked(product * size));
    }

    /// <summary>PyTorch's dtype name without the <c>torch.</c> prefix, for example <c>float64</c>.</summary>
    public string DType { get; }

    /// <summary>The sizes; empty for a 0-d tensor.</summary>
    public ImmutableArray<long> Shape { get; }

    /// <summary>The number of elements.</summary>
    public long Count { get; }

    /// <summary>Flag <c>g</c> of the recording.</summary>
    public bool RequiresGrad { get; }

    /// <summary>False when the recording carries flag <c>n</c>: the tensor had other than row-major strides.</summary>
    public bool WasContiguous { get; }

    /// <summary>The elements, row-major and little-endian.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.Span;

    /// <summary>Whether the dtype is one of the complex dtypes, which this project leaves out.</summary>
    public bool IsComplex => DType.StartsWith("complex", StringComparison.Ordinal);

    /// <summary>A float64 tensor of the given values.</summary>
    public static TensorData OfDoubles(ReadOnlySpan<double> values, ImmutableArray<long> shape, bool requiresGrad = false) =>
        new("float64", shape, MemoryMarshal.AsBytes(values).ToArray(), requiresGrad);

    /// <summary>An int64 tensor of the given values.</summary>
    public static TensorData OfLongs(ReadOnlySpan<long> values, ImmutableArray<long> shape) =>
        new("int64", shape, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>A tensor cut out of a <c>.bin</c> file. <paramref name="code"/> is the recording's dtype code, for example <c>f8</c>.</summary>
    /// <exception cref="FormatException">The code is unknown or the slice lies outside the file.</exception>
    public static TensorData FromRecording(string code, ImmutableArray<long> shape, int offset, string flags, ReadOnlyMemory<byte> file)
    {
        if (!Codes.TryGetValue(code, out var dtype))
            throw new FormatException($"Unknown dtype code '{code}'.");
        var length = checked((int)(shape.Aggregate(1L, (product, size) => product * size) * dtype.Size));
        if (offset < 0 || length > file.Length - offset)
            throw new FormatException($"A tensor at {offset}, {length} bytes, lies outside its file of {file.Length} bytes.");
        return new TensorData(dtype.Name, shape, file.Slice(offset, length), flags.Contains('g'), !flags.Contains('n'));
    }

    /// <summary>Element <paramref name="index"/> as a double; bool is 0 or 1. int64 above 2^53 rounds: compare those bytewise.</summary>
    public double this[long index] => DType switch
    {
        "float64" => BinaryPrimitives.ReadDoubleLittleEndian(Element(index, 8)),
        "float32" => BinaryPrimitives.ReadSingleLittleEndian(Element(index, 4)),
        "float16" => (double)BinaryPrimitives.ReadHalfLittleEndian(Element(index, 2)),
        "bfloat16" => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadInt16LittleEndian(Element(index, 2)) << 16),
        "int64" => BinaryPrimitives.ReadInt64LittleEndian(Element(index, 8)),
        "int32" => BinaryPrimitives.ReadInt32LittleEndian(Element(index, 4)),
        "int16" => BinaryPrimitives.ReadInt16LittleEndian(Element(index, 2)),
        "int8" => (sbyte)Element(index, 1)[0],
        "uint8" => Element(index, 1)[0],
        "bool" => Element(index, 1)[0] != 0 ? 1 : 0,
        _ => throw new NotSupportedException($"Elements of {DType} have no double value."),
    };

    /// <summary>Whether an element has the same bytes in another tensor of this dtype and shape.</summary>
    public bool ElementEquals(TensorData other, long index)
    {
        var size = (int)(Bytes.Length / Count);
        return Element(index, size).SequenceEqual(other.Element(index, size));
    }

    /// <summary>All elements as doubles.</summary>
    public double[] ToDoubles()
    {
        var values = new double[Count];
        for (var i = 0; i < values.Length; i++)
            values[i] = this[i];
        return values;
    }

    /// <summary>This tensor in float64 if it is float32, itself otherwise.</summary>
    public TensorData Widened() =>
        DType != "float32" ? this : new TensorData("float64", Shape, MemoryMarshal.AsBytes<double>(ToDoubles()).ToArray(), RequiresGrad, WasContiguous);

    /// <summary>The bytes of a buffer of twice the size of which this tensor is every second element: how a strided tensor is made.</summary>
    public byte[] Spread()
    {
        var size = Count == 0 ? 0 : (int)(Bytes.Length / Count);
        var spread = new byte[Bytes.Length * 2];
        for (var i = 0; i < Count; i++)
            Bytes.Slice(i * size, size).CopyTo(spread.AsSpan(i * size * 2));
        return spread;
    }

    /// <summary>The strides of this tensor within <see cref="Spread"/>, in elements.</summary>
    public long[] SpreadStrides()
    {
        var strides = new long[Shape.Length];
        for (var (dim, stride) = (Shape.Length - 1, 2L); dim >= 0; stride *= Shape[dim--])
            strides[dim] = stride;
        return strides;
    }

    private ReadOnlySpan<byte> Element(long index, int size) => Bytes.Slice(checked((int)index * size), size);

    public override string ToString() => $"{DType}[{string.Join(", ", Shape)}]";
}
