namespace AutogradService.Client;

/// <summary>An operand of an op: a tensor, a number, a list of tensors, or nothing. Made by conversion.</summary>
public readonly struct Operand
{
    private readonly object? _tensors;

    private Operand(object? tensors, Number number, bool isNumber)
    {
        _tensors = tensors;
        Number = number;
        IsNumber = isNumber;
    }

    /// <summary>An optional operand that is not given (None).</summary>
    public static Operand None => default;

    internal bool IsNone => _tensors is null && !IsNumber;

    internal Tensor? Tensor => _tensors as Tensor;

    internal Tensor?[]? Tensors => _tensors as Tensor?[];

    internal bool IsNumber { get; }

    internal Number Number { get; }

    /// <summary>A list of tensors; null in it stands for an absent one.</summary>
    public static Operand List(params ReadOnlySpan<Tensor?> tensors) => new(tensors.ToArray(), default, false);

    /// <summary>A tensor, or None.</summary>
    public static implicit operator Operand(Tensor? tensor) => new(tensor, default, false);

    /// <summary>A float.</summary>
    public static implicit operator Operand(double number) => new(null, number, true);

    /// <summary>A float.</summary>
    public static implicit operator Operand(float number) => new(null, (double)number, true);

    /// <summary>An integer.</summary>
    public static implicit operator Operand(long number) => new(null, number, true);

    /// <summary>An integer.</summary>
    public static implicit operator Operand(int number) => new(null, number, true);

    /// <summary>A truth value.</summary>
    public static implicit operator Operand(bool number) => new(null, number, true);

    /// <summary>A number.</summary>
    public static implicit operator Operand(Number number) => new(null, number, true);
}
