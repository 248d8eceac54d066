using System.Runtime.InteropServices;

namespace AutogradService.Client;

/// <summary>
/// What a function is given: an array, a number, or a tensor of a session, which stays where it is. Made by conversion. Arrays are read when the call is made; elements of another
/// dtype than the parameter's are converted. An array with one dimension may stand for any shape, row-major.
/// </summary>
public readonly struct FunctionInput
{
    private readonly object? _source;
    private readonly DType _dtype;
    private readonly int _start;
    private readonly int _length;
    private readonly long[]? _shape;

    private FunctionInput(Array array, DType dtype, long[]? shape = null)
    {
        _source = array;
        _dtype = dtype;
        _length = checked(array.Length * dtype.ItemSize);
        _shape = shape ?? (array.Rank > 1 ? Elements.ShapeOf(array) : null);
    }

    private FunctionInput(Array array, int start, int length, DType dtype, long[]? shape)
    {
        _source = array;
        _start = start;
        _length = length;
        _dtype = dtype;
        _shape = shape;
    }

    private FunctionInput(Tensor tensor) => _source = tensor;

    /// <summary>The session's tensor, if it is one.</summary>
    internal Tensor? Tensor => _source as Tensor;

    /// <summary>Whether there is anything.</summary>
    internal bool IsGiven => _source is not null;

    /// <summary>The elements.</summary>
    internal ReadOnlySpan<byte> Bytes => Elements.BytesOf((Array)_source!, _dtype.ItemSize).Slice(_start, _length);

    /// <summary>Their number of bytes.</summary>
    internal int ByteCount => _length;

    /// <summary>Size of each dimension; null: whatever the parameter's is.</summary>
    internal long[]? Shape => _shape;

    /// <summary>The elements of any array.</summary>
    /// <exception cref="NotSupportedException">No dtype holds its elements.</exception>
    public static FunctionInput Of(Array array)
    {
        ArgumentNullException.ThrowIfNull(array);
        return new(array, DTypes.Of(array.GetType().GetElementType()!));
    }

    /// <summary>Elements given row-major.</summary>
    /// <param name="elements">The elements; not copied if they are part of an array.</param>
    /// <param name="shape">Size of each dimension; null: whatever the parameter's is.</param>
    public static FunctionInput Of<T>(ReadOnlyMemory<T> elements, Dims? shape = null) where T : unmanaged
    {
        var dtype = DTypes.Of<T>();
        long[]? sizes = shape?.Values.ToArray();
        return MemoryMarshal.TryGetArray(elements, out var part)
            ? new(part.Array!, checked(part.Offset * dtype.ItemSize), checked(part.Count * dtype.ItemSize), dtype, sizes)
            : new(elements.ToArray(), dtype, sizes);
    }

    /// <summary>A tensor of a session, by handle.</summary>
    public static implicit operator FunctionInput(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        return new(tensor);
    }

    /// <summary>A result of a call.</summary>
    public static implicit operator FunctionInput(FunctionValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        byte[] bytes = value.Bytes.ToArray();
        return new(bytes, 0, bytes.Length, value.DType, [.. value.Shape]);
    }

    /// <summary>Elements.</summary>
    public static implicit operator FunctionInput(float[] array) => Of(array);

    /// <summary>Elements.</summary>
    public static implicit operator FunctionInput(float[,] array) => Of(array);

    /// <summary>Elements.</summary>
    public static implicit operator FunctionInput(float[,,] array) => Of(array);

    /// <summary>Elements.</summary>
    public static implicit operator FunctionInput(float[,,,] array) => Of(array);

    /// <summary>Elements.</summary>
    public static implicit operator FunctionInput(double[] array) => Of(array);

    /// <summary>Elements.</summary>
    public static implicit operator FunctionInput(double[,] array) => Of(array);

    /// <summary>Elements.</summary>
    public static implicit operator FunctionInput(long[] array) => Of(array);

    /// <summary>Elements.</summary>
    public static implicit operator FunctionInput(long[,] array) => Of(array);

    /// <summary>Elements.</summary>
    public static implicit operator FunctionInput(int[] array) => Of(array);

    /// <summary>Elements.</summary>
    public static implicit operator FunctionInput(bool[] array) => Of(array);

    /// <summary>Elements.</summary>
    public static implicit operator FunctionInput(byte[] array) => Of(array);

    /// <summary>A 0-d tensor.</summary>
    public static implicit operator FunctionInput(float number) => new(new[] { number }, DType.Float32, []);

    /// <summary>A 0-d tensor.</summary>
    public static implicit operator FunctionInput(double number) => new(new[] { number }, DType.Float64, []);

    /// <summary>A 0-d tensor.</summary>
    public static implicit operator FunctionInput(long number) => new(new[] { number }, DType.Int64, []);

    /// <summary>The same with the elements in a dtype.</summary>
    internal FunctionInput In(DType dtype)
    {
        if (_source is Tensor || _dtype == dtype) return this;
        byte[] converted = Elements.Convert(Bytes, _dtype, dtype);
        return new(converted, 0, converted.Length, dtype, _shape);
    }
}
