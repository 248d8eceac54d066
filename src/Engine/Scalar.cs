namespace AutogradService.Engine;

/// <summary>A number that is not a tensor: its kind decides type promotion (a bool, an integer or a float, as in Python).</summary>
public readonly record struct Scalar
{
    private readonly double _real;
    private readonly long _integer;

    private Scalar(DType dtype, double real, long integer)
    {
        DType = dtype;
        _real = real;
        _integer = integer;
    }

    /// <summary>Bool, Int64 or Float64.</summary>
    public DType DType { get; }

    /// <summary>The value as float64.</summary>
    public double Real => _real;

    /// <summary>The value as int64; a float is truncated.</summary>
    public long Integer => _integer;

    /// <summary>Whether the number is a float.</summary>
    public bool IsFloat => DType == DType.Float64;

    /// <summary>A float.</summary>
    public static implicit operator Scalar(double value) => new(DType.Float64, value, double.IsFinite(value) ? (long)Math.Clamp(value, -9.2e18, 9.2e18) : 0);

    /// <summary>An integer.</summary>
    public static implicit operator Scalar(long value) => new(DType.Int64, value, value);

    /// <summary>A truth value.</summary>
    public static implicit operator Scalar(bool value) => new(DType.Bool, value ? 1 : 0, value ? 1 : 0);

    /// <summary>The number that a tensor of one element holds.</summary>
    internal static Scalar Of(Tensor t)
    {
        if (t.DType.IsFloatingPoint) return t.Item();
        if (t.DType == DType.Bool) return t.Item() != 0;
        return t.Workspace.RawCast(t, DType.Int64).ToArray<long>()[0];
    }

    /// <summary>The value in an element type; integers wrap, as casts do in PyTorch.</summary>
    internal T To<T>() where T : unmanaged, System.Numerics.INumber<T> =>
        IsFloat && (typeof(T) == typeof(float) || typeof(T) == typeof(double)) ? T.CreateSaturating(_real) : T.CreateTruncating(_integer);

    /// <inheritdoc/>
    public override string ToString() => DType switch
    {
        DType.Bool => _integer != 0 ? "True" : "False",
        DType.Int64 => _integer.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => _real.ToString("R", System.Globalization.CultureInfo.InvariantCulture),
    };
}

/// <summary>An op's operand where PyTorch takes a tensor or a number.</summary>
public readonly struct Operand
{
    private readonly Tensor? _tensor;
    private readonly Scalar _number;

    private Operand(Tensor? tensor, Scalar number)
    {
        _tensor = tensor;
        _number = number;
    }

    /// <summary>A tensor operand.</summary>
    public static implicit operator Operand(Tensor tensor) => new(tensor, default);

    /// <summary>A number operand.</summary>
    public static implicit operator Operand(double number) => new(null, number);

    /// <summary>An integer operand.</summary>
    public static implicit operator Operand(long number) => new(null, number);

    /// <summary>A truth value as operand.</summary>
    public static implicit operator Operand(bool number) => new(null, number);

    /// <summary>A number operand.</summary>
    public static implicit operator Operand(Scalar number) => new(null, number);

    /// <summary>The tensor, or the number as a 0-d tensor that is weak in type promotion.</summary>
    internal Tensor In(Workspace workspace) => _tensor ?? workspace.WrappedNumber(_number);
}
