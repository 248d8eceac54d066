namespace AutogradService.Engine;

/// <summary>The value of an op's attribute as it came from outside: null, an integer, a float, a truth value, a string, a dtype, or integers.</summary>
public readonly record struct AttributeValue
{
    private readonly object? _reference;
    private readonly Scalar _scalar;

    private AttributeValue(object? reference, Scalar scalar, bool isNumber)
    {
        _reference = reference;
        _scalar = scalar;
        IsNumber = isNumber;
    }

    /// <summary>None.</summary>
    public static AttributeValue None => default;

    /// <summary>Whether it is a number or a truth value.</summary>
    public bool IsNumber { get; }

    /// <summary>Whether it is None.</summary>
    public bool IsNone => !IsNumber && _reference is null;

    /// <summary>The number.</summary>
    public Scalar Number => _scalar;

    /// <summary>The string, dtype or integers.</summary>
    public object? Reference => _reference;

    /// <summary>A number.</summary>
    public static implicit operator AttributeValue(Scalar value) => new(null, value, true);

    /// <summary>An integer.</summary>
    public static implicit operator AttributeValue(long value) => new(null, value, true);

    /// <summary>A float.</summary>
    public static implicit operator AttributeValue(double value) => new(null, value, true);

    /// <summary>A truth value.</summary>
    public static implicit operator AttributeValue(bool value) => new(null, value, true);

    /// <summary>A string.</summary>
    public static implicit operator AttributeValue(string value) => new(value, default, false);

    /// <summary>A dtype.</summary>
    public static implicit operator AttributeValue(DType value) => new(value, default, false);

    /// <summary>Integers.</summary>
    public static implicit operator AttributeValue(Dims value) => new(value, default, false);
}

/// <summary>Reads named attributes for the generated factories; refuses what is missing, misspelt or of the wrong kind.</summary>
public ref struct AttributeReader
{
    private readonly string _op;
    private readonly ReadOnlySpan<KeyValuePair<string, AttributeValue>> _attributes;
    private int _taken;

    /// <param name="op">For messages.</param>
    /// <param name="attributes">Names and values.</param>
    public AttributeReader(string op, ReadOnlySpan<KeyValuePair<string, AttributeValue>> attributes)
    {
        _op = op;
        _attributes = attributes;
    }

    /// <summary>An integer.</summary>
    public long Int(string name) => OptionalInt(name) ?? throw Missing(name);

    /// <summary>An integer, or None.</summary>
    public long? OptionalInt(string name)
    {
        var value = Find(name);
        if (value.IsNone) return null;
        return value.IsNumber && !value.Number.IsFloat ? value.Number.Integer : throw Wrong(name, "int");
    }

    /// <summary>A float; integers convert.</summary>
    public double Float(string name) => OptionalFloat(name) ?? throw Missing(name);

    /// <summary>A float, or None.</summary>
    public double? OptionalFloat(string name)
    {
        var value = Find(name);
        if (value.IsNone) return null;
        return value.IsNumber ? value.Number.Real : throw Wrong(name, "float");
    }

    /// <summary>A truth value.</summary>
    public bool Bool(string name) => OptionalBool(name) ?? throw Missing(name);

    /// <summary>A truth value, or None.</summary>
    public bool? OptionalBool(string name)
    {
        var value = Find(name);
        if (value.IsNone) return null;
        return value.IsNumber && !value.Number.IsFloat ? value.Number.Integer != 0 : throw Wrong(name, "bool");
    }

    /// <summary>A string.</summary>
    public string String(string name) => OptionalString(name) ?? throw Missing(name);

    /// <summary>A string, or None.</summary>
    public string? OptionalString(string name)
    {
        var value = Find(name);
        if (value.IsNone) return null;
        return value.Reference as string ?? throw Wrong(name, "str");
    }

    /// <summary>A dtype.</summary>
    public DType DType(string name) => OptionalDType(name) ?? throw Missing(name);

    /// <summary>A dtype, or None.</summary>
    public DType? OptionalDType(string name)
    {
        var value = Find(name);
        if (value.IsNone) return null;
        return value.Reference is DType dtype ? dtype : throw Wrong(name, "dtype");
    }

    /// <summary>Integers; one integer counts as a list of one.</summary>
    public Dims Ints(string name) => OptionalInts(name) ?? throw Missing(name);

    /// <summary>Integers, or None.</summary>
    public Dims? OptionalInts(string name)
    {
        var value = Find(name);
        if (value.IsNone) return null;
        if (value.IsNumber && !value.Number.IsFloat) return [value.Number.Integer];
        return value.Reference as Dims ?? throw Wrong(name, "list of ints");
    }

    /// <summary>A number.</summary>
    public Scalar Scalar(string name) => OptionalScalar(name) ?? throw Missing(name);

    /// <summary>A number, or None.</summary>
    public Scalar? OptionalScalar(string name)
    {
        var value = Find(name);
        if (value.IsNone) return null;
        return value.IsNumber ? value.Number : throw Wrong(name, "number");
    }

    /// <summary>Whether no attribute was given.</summary>
    public readonly bool IsEmpty => _attributes.IsEmpty;

    /// <summary>Whether the attribute was given at all.</summary>
    public readonly bool Has(string name)
    {
        foreach (ref readonly var pair in _attributes)
            if (pair.Key == name) return true;
        return false;
    }

    /// <summary>Refuses attributes that nobody asked for.</summary>
    public readonly void End(OpSchema schema)
    {
        if (_taken == _attributes.Length) return;
        foreach (ref readonly var pair in _attributes)
        {
            string key = pair.Key;
            if (!Array.Exists(schema.Attributes, a => a.Name == key))
                throw AutogradException.Attribute($"{_op}() got an unexpected keyword argument '{(key.Length > 64 ? key[..64] : key)}'", TorchErrorType.TypeError);
        }
        throw AutogradException.Attribute($"{_op}() got an attribute twice", TorchErrorType.TypeError);
    }

    private AttributeValue Find(string name)
    {
        foreach (ref readonly var pair in _attributes)
            if (pair.Key == name)
            {
                _taken++;
                return pair.Value;
            }
        return default;
    }

    private readonly AutogradException Missing(string name) => AutogradException.Attribute($"{_op}() missing required argument: '{name}'", TorchErrorType.TypeError);

    private readonly AutogradException Wrong(string name, string kind) => AutogradException.Attribute($"{_op}(): argument '{name}' must be {kind}", TorchErrorType.TypeError);
}
