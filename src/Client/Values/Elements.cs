using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AutogradService.Client;

/// <summary>Elements as bytes and back.</summary>
internal static class Elements
{
    /// <summary>The bytes of an array of any rank, row-major.</summary>
    public static Span<byte> BytesOf<T>(Array array) where T : unmanaged =>
        MemoryMarshal.CreateSpan(ref MemoryMarshal.GetArrayDataReference(array), checked(array.Length * Unsafe.SizeOf<T>()));

    /// <summary>The bytes of an array whose element type only the run time knows.</summary>
    public static Span<byte> BytesOf(Array array, DType dtype) => MemoryMarshal.CreateSpan(ref MemoryMarshal.GetArrayDataReference(array), checked(array.Length * dtype.ItemSize));

    /// <summary>All bytes of an array of unmanaged elements, which may be those of other elements than the ones it is declared to hold.</summary>
    public static Span<byte> BytesOf(Array array, int itemSize) =>
        MemoryMarshal.CreateSpan(ref MemoryMarshal.GetArrayDataReference(array), checked(array is byte[] ? array.Length : array.Length * itemSize));

    /// <summary>Sizes of an array.</summary>
    public static long[] ShapeOf(Array array)
    {
        var shape = new long[array.Rank];
        for (int d = 0; d < shape.Length; d++) shape[d] = array.GetLongLength(d);
        return shape;
    }

    /// <summary>Elements of some dtype, converted to a C# type; floats are truncated and integers wrap, as casts do.</summary>
    public static T[] Decode<T>(ReadOnlySpan<byte> bytes, DType dtype) where T : unmanaged
    {
        var result = GC.AllocateUninitializedArray<T>(bytes.Length / dtype.ItemSize); // every element is written
        if (dtype != DType.BFloat16 && DTypes.Of<T>() == dtype)
        {
            bytes.CopyTo(MemoryMarshal.AsBytes(result.AsSpan()));
            return result;
        }
        for (int i = 0; i < result.Length; i++)
            result[i] = dtype.IsFloatingPoint ? FromReal<T>(RealAt(bytes, dtype, i)) : FromInteger<T>(IntegerAt(bytes, dtype, i));
        return result;
    }

    /// <summary>Elements in another dtype; floats are truncated and integers wrap, as casts do.</summary>
    public static byte[] Convert(ReadOnlySpan<byte> bytes, DType from, DType to)
    {
        if (to == DType.BFloat16)
        {
            var singles = Decode<float>(bytes, from);
            return MemoryMarshal.AsBytes(Array.ConvertAll(singles, ToBFloat16).AsSpan()).ToArray();
        }
        return to switch
        {
            DType.Float32 => Bytes(Decode<float>(bytes, from)),
            DType.Float64 => Bytes(Decode<double>(bytes, from)),
            DType.Int64 => Bytes(Decode<long>(bytes, from)),
            DType.Int32 => Bytes(Decode<int>(bytes, from)),
            DType.Bool => Bytes(Decode<bool>(bytes, from)),
            DType.UInt8 => Bytes(Decode<byte>(bytes, from)),
            DType.Int8 => Bytes(Decode<sbyte>(bytes, from)),
            DType.Int16 => Bytes(Decode<short>(bytes, from)),
            DType.Float16 => Bytes(Decode<Half>(bytes, from)),
            _ => throw new ArgumentOutOfRangeException(nameof(to)),
        };
    }

    private static byte[] Bytes<T>(T[] elements) where T : unmanaged => MemoryMarshal.AsBytes(elements.AsSpan()).ToArray();

    // Rounds to nearest, ties to even; a NaN keeps its quiet bit.
    private static ushort ToBFloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return float.IsNaN(value) ? (ushort)(bits >> 16 | 0x40) : (ushort)(bits + 0x7FFF + (bits >> 16 & 1) >> 16);
    }

    /// <summary>An element as a double.</summary>
    public static double RealAt(ReadOnlySpan<byte> bytes, DType dtype, int i) => dtype switch
    {
        DType.Float32 => MemoryMarshal.Read<float>(bytes[(4 * i)..]),
        DType.Float64 => MemoryMarshal.Read<double>(bytes[(8 * i)..]),
        DType.Float16 => (double)MemoryMarshal.Read<Half>(bytes[(2 * i)..]),
        DType.BFloat16 => BitConverter.Int32BitsToSingle(MemoryMarshal.Read<ushort>(bytes[(2 * i)..]) << 16),
        _ => IntegerAt(bytes, dtype, i),
    };

    /// <summary>An element of an integer or truth-value dtype.</summary>
    public static long IntegerAt(ReadOnlySpan<byte> bytes, DType dtype, int i) => dtype switch
    {
        DType.Int64 => MemoryMarshal.Read<long>(bytes[(8 * i)..]),
        DType.Int32 => MemoryMarshal.Read<int>(bytes[(4 * i)..]),
        DType.Int16 => MemoryMarshal.Read<short>(bytes[(2 * i)..]),
        DType.Int8 => (sbyte)bytes[i],
        _ => bytes[i],
    };

    private static T FromReal<T>(double value) where T : unmanaged
    {
        if (typeof(T) == typeof(float)) return Reinterpret<float, T>((float)value);
        if (typeof(T) == typeof(double)) return Reinterpret<double, T>(value);
        if (typeof(T) == typeof(Half)) return Reinterpret<Half, T>((Half)value);
        if (typeof(T) == typeof(bool)) return Reinterpret<bool, T>(value != 0);
        return FromInteger<T>((long)value);
    }

    private static T FromInteger<T>(long value) where T : unmanaged
    {
        if (typeof(T) == typeof(long)) return Reinterpret<long, T>(value);
        if (typeof(T) == typeof(int)) return Reinterpret<int, T>((int)value);
        if (typeof(T) == typeof(short)) return Reinterpret<short, T>((short)value);
        if (typeof(T) == typeof(sbyte)) return Reinterpret<sbyte, T>((sbyte)value);
        if (typeof(T) == typeof(byte)) return Reinterpret<byte, T>((byte)value);
        if (typeof(T) == typeof(bool)) return Reinterpret<bool, T>(value != 0);
        if (typeof(T) == typeof(float)) return Reinterpret<float, T>(value);
        if (typeof(T) == typeof(double)) return Reinterpret<double, T>(value);
        if (typeof(T) == typeof(Half)) return Reinterpret<Half, T>((Half)value);
        throw new NotSupportedException($"no dtype holds {typeof(T)}");
    }

    private static TTo Reinterpret<TFrom, TTo>(TFrom value) where TFrom : unmanaged where TTo : unmanaged => Unsafe.BitCast<TFrom, TTo>(value);
}
