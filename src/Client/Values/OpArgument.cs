using Google.Protobuf;

namespace AutogradService.Client;

/// <summary>The value of an op's attribute: an integer, a float, a truth value, a string, a dtype, integers, or None. Made by conversion.</summary>
public readonly struct OpArgument
{
    private readonly object? _reference;
    private readonly Number? _number;

    private OpArgument(object? reference, Number? number)
    {
        _reference = reference;
        _number = number;
    }

    /// <summary>None.</summary>
    public static OpArgument None => default;

    /// <summary>An integer.</summary>
    public static implicit operator OpArgument(long value) => new(null, value);

    /// <summary>An integer.</summary>
    public static implicit operator OpArgument(int value) => new(null, value);

    /// <summary>A float.</summary>
    public static implicit operator OpArgument(double value) => new(null, value);

    /// <summary>A truth value.</summary>
    public static implicit operator OpArgument(bool value) => new(null, value);

    /// <summary>An integer, or None.</summary>
    public static implicit operator OpArgument(long? value) => value is { } v ? v : default(OpArgument);

    /// <summary>A float, or None.</summary>
    public static implicit operator OpArgument(double? value) => value is { } v ? v : default(OpArgument);

    /// <summary>A truth value, or None.</summary>
    public static implicit operator OpArgument(bool? value) => value is { } v ? v : default(OpArgument);

    /// <summary>A number of any kind, or None.</summary>
    public static implicit operator OpArgument(Number? value) => new(null, value);

    /// <summary>A string, or None.</summary>
    public static implicit operator OpArgument(string? value) => new(value, null);

    /// <summary>A dtype.</summary>
    public static implicit operator OpArgument(DType value) => new(value, null);

    /// <summary>A dtype, or None.</summary>
    public static implicit operator OpArgument(DType? value) => new(value, null);

    /// <summary>Integers, or None.</summary>
    public static implicit operator OpArgument(Dims? value) => new(value, null);

    /// <summary>Integers.</summary>
    public static implicit operator OpArgument(long[] value) => new(Dims.Create(value), null);

    internal Wire.AttributeValue ToWire()
    {
        var wire = new Wire.AttributeValue();
        if (_number is { } number)
        {
            if (number.Kind == NumberKind.Float) wire.FloatValue = number.Real;
            else if (number.Kind == NumberKind.Integer) wire.IntValue = number.Integer;
            else wire.BoolValue = number.Integer != 0;
        }
        else if (_reference is string text) wire.StringValue = text;
        else if (_reference is DType dtype) wire.DtypeValue = (Wire.DataType)dtype;
        else if (_reference is Dims dims)
        {
            wire.IntsValue = new Wire.IntList();
            wire.IntsValue.Values.AddRange(dims.Values);
        }
        return wire;
    }
}
