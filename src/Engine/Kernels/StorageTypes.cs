using System.Runtime.CompilerServices;

namespace AutogradService.Engine.Kernels;

/// <summary>A generic method over any element type as it lies in memory, half types and truth values included.</summary>
internal interface IStorageAction
{
    void Run<T>() where T : unmanaged;
}

/// <summary>Element types as they lie in memory, and PyTorch's casts between them.</summary>
internal static class StorageTypes
{
    public static void Dispatch<TAction>(DType dtype, TAction action) where TAction : IStorageAction, allows ref struct
    {
        switch (dtype)
        {
            case DType.Float32: action.Run<float>(); break;
            case DType.Float64: action.Run<double>(); break;
            case DType.Float16: action.Run<Half>(); break;
            case DType.BFloat16: action.Run<BFloat16>(); break;
            case DType.Int64: action.Run<long>(); break;
            case DType.Int32: action.Run<int>(); break;
            case DType.Int16: action.Run<short>(); break;
            case DType.Int8: action.Run<sbyte>(); break;
            case DType.UInt8: action.Run<byte>(); break;
            default: action.Run<bool>(); break;
        }
    }

    /// <summary>A cast as PyTorch does it: floats truncate, integers wrap, truth is "not zero" (NaN is true).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static D Convert<S, D>(S value) where S : unmanaged where D : unmanaged
    {
        if (typeof(S) == typeof(float)) return FromDouble<D>((float)(object)value);
        if (typeof(S) == typeof(double)) return FromDouble<D>((double)(object)value);
        if (typeof(S) == typeof(Half)) return FromDouble<D>((double)(Half)(object)value);
        if (typeof(S) == typeof(BFloat16)) return FromDouble<D>((float)(BFloat16)(object)value);
        if (typeof(S) == typeof(long)) return FromLong<D>((long)(object)value);
        if (typeof(S) == typeof(int)) return FromLong<D>((int)(object)value);
        if (typeof(S) == typeof(short)) return FromLong<D>((short)(object)value);
        if (typeof(S) == typeof(sbyte)) return FromLong<D>((sbyte)(object)value);
        if (typeof(S) == typeof(byte)) return FromLong<D>((byte)(object)value);
        return FromLong<D>((bool)(object)value ? 1 : 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static D FromDouble<D>(double x) where D : unmanaged
    {
        if (typeof(D) == typeof(double)) return (D)(object)x;
        if (typeof(D) == typeof(float)) return (D)(object)(float)x;
        if (typeof(D) == typeof(Half)) return (D)(object)(Half)x;
        if (typeof(D) == typeof(BFloat16)) return (D)(object)(BFloat16)(float)x;
        if (typeof(D) == typeof(bool)) return (D)(object)(x != 0);
        // Beyond int64 the result is undefined in PyTorch; what its x86 builds give is the CPU's "indefinite" value.
        return FromLong<D>(Math.Abs(x) < 9.2233720368547758e18 ? (long)x : long.MinValue);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static D FromLong<D>(long x) where D : unmanaged
    {
        if (typeof(D) == typeof(double)) return (D)(object)(double)x;
        if (typeof(D) == typeof(float)) return (D)(object)(float)x;
        if (typeof(D) == typeof(Half)) return (D)(object)(Half)x;
        if (typeof(D) == typeof(BFloat16)) return (D)(object)(BFloat16)(float)x;
        if (typeof(D) == typeof(long)) return (D)(object)x;
        if (typeof(D) == typeof(int)) return (D)(object)(int)x;
        if (typeof(D) == typeof(short)) return (D)(object)(short)x;
        if (typeof(D) == typeof(sbyte)) return (D)(object)(sbyte)x;
        if (typeof(D) == typeof(byte)) return (D)(object)(byte)x;
        return (D)(object)(x != 0);
    }
}

/// <summary>The upper half of a binary32: a storage format only.</summary>
internal readonly struct BFloat16
{
    private readonly ushort _bits;

    private BFloat16(ushort bits) => _bits = bits;

    /// <summary>Rounds to nearest, ties to even; NaN stays NaN.</summary>
    public static explicit operator BFloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        if (float.IsNaN(value)) return new BFloat16((ushort)(bits >> 16 | 0x40));
        return new BFloat16((ushort)(bits + 0x7FFF + (bits >> 16 & 1) >> 16));
    }

    public static implicit operator float(BFloat16 value) => BitConverter.UInt32BitsToSingle((uint)value._bits << 16);
}
