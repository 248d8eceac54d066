namespace AutogradService.Client;

/// <summary>Element type of a tensor. The numbers are those of the contract's DataType.</summary>
public enum DType
{
    /// <summary>IEEE 754 binary32; the default floating dtype.</summary>
    Float32 = 1,
    /// <summary>IEEE 754 binary64.</summary>
    Float64 = 2,
    /// <summary>64-bit signed integer; the default integer dtype, and the dtype of indices.</summary>
    Int64 = 3,
    /// <summary>32-bit signed integer.</summary>
    Int32 = 4,
    /// <summary>Truth value, one byte.</summary>
    Bool = 5,
    /// <summary>8-bit unsigned integer.</summary>
    UInt8 = 6,
    /// <summary>8-bit signed integer.</summary>
    Int8 = 7,
    /// <summary>16-bit signed integer.</summary>
    Int16 = 8,
    /// <summary>IEEE 754 binary16.</summary>
    Float16 = 9,
    /// <summary>bfloat16: the upper half of a binary32.</summary>
    BFloat16 = 10,
}

/// <summary>Facts about dtypes.</summary>
public static class DTypes
{
    private static readonly (string Name, int Size)[] s_facts =
    [
        ("", 0), ("float32", 4), ("float64", 8), ("int64", 8), ("int32", 4), ("bool", 1), ("uint8", 1), ("int8", 1), ("int16", 2), ("float16", 2), ("bfloat16", 2),
    ];

    extension(DType dtype)
    {
        /// <summary>PyTorch's name without its module: float32, int64, bool.</summary>
        public string Name => s_facts[(int)dtype].Name;

        /// <summary>Bytes of one element.</summary>
        public int ItemSize => s_facts[(int)dtype].Size;

        /// <summary>True for dtypes that can require grad.</summary>
        public bool IsFloatingPoint => dtype is DType.Float32 or DType.Float64 or DType.Float16 or DType.BFloat16;
    }

    /// <summary>The dtype that holds a C# type without loss.</summary>
    /// <exception cref="NotSupportedException">No dtype holds it.</exception>
    public static DType Of<T>() where T : unmanaged => Of(typeof(T));

    internal static DType Of(Type type) =>
        type == typeof(float) ? DType.Float32
        : type == typeof(double) ? DType.Float64
        : type == typeof(long) ? DType.Int64
        : type == typeof(int) ? DType.Int32
        : type == typeof(bool) ? DType.Bool
        : type == typeof(byte) ? DType.UInt8
        : type == typeof(sbyte) ? DType.Int8
        : type == typeof(short) ? DType.Int16
        : type == typeof(Half) ? DType.Float16
        : throw new NotSupportedException($"no dtype holds {type}");
}
