using System.Globalization;

namespace AutogradService.Client;

/// <summary>A number that is not a tensor. Its kind (bool, integer or float) takes part in type promotion, as in PyTorch.</summary>
public readonly record struct Number
{
    private Number(NumberKind kind, double real, long integer)
    {
        Kind = kind;
        Real = real;
        Integer = integer;
    }

    internal NumberKind Kind { get; }

    internal double Real { get; }

    internal long Integer { get; }

    /// <summary>A float.</summary>
    public static implicit operator Number(double value) => new(NumberKind.Float, value, 0);

    /// <summary>An integer.</summary>
    public static implicit operator Number(long value) => new(NumberKind.Integer, value, value);

    /// <summary>An integer.</summary>
    public static implicit operator Number(int value) => new(NumberKind.Integer, value, value);

    /// <summary>A truth value.</summary>
    public static implicit operator Number(bool value) => new(NumberKind.Bool, value ? 1 : 0, value ? 1 : 0);

    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        NumberKind.Bool => Integer != 0 ? "True" : "False",
        NumberKind.Integer => Integer.ToString(CultureInfo.InvariantCulture),
        _ => Real.ToString("R", CultureInfo.InvariantCulture),
    };
}

internal enum NumberKind : byte
{
    Float,
    Integer,
    Bool,
}
