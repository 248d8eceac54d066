namespace AutogradService.Engine;

/// <summary>Element type of a tensor. The order is the order of the promotion table, and of the wire's enum less one.</summary>
public enum DType : byte
{
    /// <summary>IEEE 754 binary32; the default floating dtype.</summary>
    Float32,
    /// <summary>IEEE 754 binary64.</summary>
    Float64,
    /// <summary>64-bit signed integer; the default integer dtype, and the dtype of indices.</summary>
    Int64,
    /// <summary>32-bit signed integer.</summary>
    Int32,
    /// <summary>Truth value, one byte, 0 or 1.</summary>
    Bool,
    /// <summary>8-bit unsigned integer.</summary>
    UInt8,
    /// <summary>8-bit signed integer.</summary>
    Int8,
    /// <summary>16-bit signed integer.</summary>
    Int16,
    /// <summary>IEEE 754 binary16, a storage dtype: ops compute in float32 and round once.</summary>
    Float16,
    /// <summary>bfloat16, a storage dtype: ops compute in float32 and round once.</summary>
    BFloat16,
}

/// <summary>Facts about dtypes and PyTorch's promotion rules between them.</summary>
public static class DTypes
{
    private static readonly (string Name, string TorchName)[] s_names =
    [
        ("float32", "Float"), ("float64", "Double"), ("int64", "Long"), ("int32", "Int"), ("bool", "Bool"),
        ("uint8", "Byte"), ("int8", "Char"), ("int16", "Short"), ("float16", "Half"), ("bfloat16", "BFloat16"),
    ];

    // Asked for in every op: constants in the program itself.
    private static ReadOnlySpan<byte> Sizes => [4, 8, 8, 4, 1, 1, 1, 2, 2, 2];

    private static ReadOnlySpan<byte> Categories => [2, 2, 1, 1, 0, 1, 1, 1, 2, 2];

    /// <summary>The dtype of floating results made from integers and of Python-like numbers.</summary>
    public const DType DefaultFloat = DType.Float32;

    /// <summary>Number of dtypes.</summary>
    public static int Count => s_names.Length;

    extension(DType dtype)
    {
        /// <summary>Bytes of one element.</summary>
        public int ItemSize => Sizes[(int)dtype];

        /// <summary>PyTorch's name without its module: float32, int64, bool.</summary>
        public string Name => s_names[(int)dtype].Name;

        /// <summary>The scalar type's name in PyTorch's messages: Float, Double, Long.</summary>
        public string TorchName => s_names[(int)dtype].TorchName;

        /// <summary>The C++ type's name in PyTorch's messages: float, double, long int.</summary>
        public string CName => dtype switch
        {
            DType.Float32 => "float",
            DType.Float64 => "double",
            DType.Float16 => "c10::Half",
            DType.BFloat16 => "c10::BFloat16",
            DType.Int64 => "long int",
            DType.Int32 => "int",
            DType.Int16 => "short int",
            DType.Int8 => "signed char",
            DType.UInt8 => "unsigned char",
            _ => "bool",
        };

        /// <summary>True for dtypes that can require grad.</summary>
        public bool IsFloatingPoint => Categories[(int)dtype] == 2;

        /// <summary>True for integers other than bool.</summary>
        public bool IsInteger => Categories[(int)dtype] == 1;

        /// <summary>0 bool, 1 integer, 2 floating: a number of a lower category never changes a higher one.</summary>
        public int Category => Categories[(int)dtype];

        /// <summary>The dtype in which kernels compute: float32 for the half types, the dtype itself otherwise.</summary>
        public DType ComputeType => dtype is DType.Float16 or DType.BFloat16 ? DType.Float32 : dtype;
    }

    /// <summary>Finds a dtype by its name.</summary>
    /// <param name="name">float32, int64 and so on.</param>
    /// <param name="dtype">The dtype.</param>
    /// <returns>Whether there is one.</returns>
    public static bool TryParse(string name, out DType dtype)
    {
        for (int i = 0; i < s_names.Length; i++)
            if (s_names[i].Name == name)
            {
                dtype = (DType)i;
                return true;
            }
        dtype = default;
        return false;
    }

    /// <summary>The smallest dtype that holds both (torch.promote_types).</summary>
    public static DType Promote(DType a, DType b)
    {
        if (a == b) return a;
        if (a.Category != b.Category) return a.Category > b.Category ? a : b;
        if (a.IsFloatingPoint)
            return a is DType.Float64 || b is DType.Float64 ? DType.Float64 : DType.Float32;
        // uint8 fits into no int8, so the pair needs the next size; all else takes the larger.
        if (a is DType.UInt8 && b is DType.Int8 || a is DType.Int8 && b is DType.UInt8) return DType.Int16;
        return a.ItemSize >= b.ItemSize ? a : b;
    }

    /// <summary>torch.result_type: tensors with dims outrank 0-d tensors, which outrank numbers, within a category.</summary>
    public static DType ResultType(ReadOnlySpan<Tensor?> tensors)
    {
        // Mostly there is nothing to decide.
        if (tensors.Length == 2 && tensors[0] is { IsWrappedNumber: false } a && tensors[1] is { IsWrappedNumber: false } b && a.DType == b.DType) return a.DType;
        if (tensors.Length == 1 && tensors[0] is { IsWrappedNumber: false } only) return only.DType;
        DType? dims = null, zeroDim = null, number = null;
        foreach (var t in tensors)
        {
            if (t is null) continue;
            if (t.Dim > 0) dims = Join(dims, t.DType);
            else if (t.IsWrappedNumber) number = Join(number, t.DType.IsFloatingPoint ? DefaultFloat : t.DType);
            else zeroDim = Join(zeroDim, t.DType);
        }
        return Combine(dims, Combine(zeroDim, number)) ?? DefaultFloat;
    }

    /// <summary>torch.result_type of a tensor and numbers: they change its dtype only if theirs is of a higher category.</summary>
    public static DType ResultType(Tensor tensor, params ReadOnlySpan<Scalar?> numbers)
    {
        DType? number = tensor.IsWrappedNumber ? Weak(tensor.DType) : null;
        foreach (var n in numbers)
            if (n is { } value) number = Join(number, Weak(value.DType));
        return Combine(tensor.IsWrappedNumber ? null : tensor.DType, number)!.Value;
    }

    private static DType Weak(DType dtype) => dtype.IsFloatingPoint ? DefaultFloat : dtype;

    private static DType? Join(DType? a, DType b) => a is { } x ? Promote(x, b) : b;

    private static DType? Combine(DType? higher, DType? lower)
    {
        if (higher is not { } h) return lower;
        if (lower is not { } l) return h;
        return l.Category > h.Category ? Promote(h, l) : h;
    }

    /// <summary>Runs a generic action with the element type of a dtype; Bool runs as byte.</summary>
    internal static void Dispatch<TAction>(DType dtype, TAction action) where TAction : IDTypeAction, allows ref struct
    {
        switch (dtype)
        {
            case DType.Float32: action.Run<float>(); break;
            case DType.Float64: action.Run<double>(); break;
            case DType.Int64: action.Run<long>(); break;
            case DType.Int32: action.Run<int>(); break;
            case DType.Bool or DType.UInt8: action.Run<byte>(); break;
            case DType.Int8: action.Run<sbyte>(); break;
            case DType.Int16: action.Run<short>(); break;
            default: throw AutogradException.DTypeUnsupported("kernel", dtype);
        }
    }

    /// <summary>Runs a generic action with the element type of a floating dtype that kernels compute in.</summary>
    internal static void DispatchFloat<TAction>(string op, DType dtype, TAction action) where TAction : IFloatAction, allows ref struct
    {
        switch (dtype)
        {
            case DType.Float32: action.Run<float>(); break;
            case DType.Float64: action.Run<double>(); break;
            default: throw AutogradException.DTypeUnsupported(op, dtype);
        }
    }
}

/// <summary>A generic method as a value: what to run once the element type is known.</summary>
internal interface IDTypeAction
{
    void Run<T>() where T : unmanaged, System.Numerics.INumber<T>, System.Numerics.IMinMaxValue<T>;
}

/// <summary>As <see cref="IDTypeAction"/>, for floating dtypes only.</summary>
internal interface IFloatAction
{
    void Run<T>() where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>, System.Numerics.IMinMaxValue<T>;
}
