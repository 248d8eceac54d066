namespace AutogradService.Engine;

// Arithmetic as it is written in formulas; the methods behind it are generated.
public sealed partial class Tensor
{
    /// <summary>-x.</summary>
    public static Tensor operator -(Tensor x) => x.Neg();

    /// <summary>a + b.</summary>
    public static Tensor operator +(Tensor a, Operand b) => a.Add(b);

    /// <summary>a + b, the first a number.</summary>
    public static Tensor operator +(Scalar a, Tensor b) => b.Add(a);

    /// <summary>a - b.</summary>
    public static Tensor operator -(Tensor a, Operand b) => a.Sub(b);

    /// <summary>a - b, the first a number.</summary>
    public static Tensor operator -(Scalar a, Tensor b) => b.Rsub(a);

    /// <summary>a * b.</summary>
    public static Tensor operator *(Tensor a, Operand b) => a.Mul(b);

    /// <summary>a * b, the first a number.</summary>
    public static Tensor operator *(Scalar a, Tensor b) => b.Mul(a);

    /// <summary>a / b.</summary>
    public static Tensor operator /(Tensor a, Operand b) => a.Div(b);

    /// <summary>a / b, the first a number: the reciprocal times the number, as Python's operator computes it.</summary>
    public static Tensor operator /(Scalar a, Tensor b) => b.Reciprocal().Mul(a);

    /// <summary>The remainder of a / b with the sign of b, as Python's operator has it.</summary>
    public static Tensor operator %(Tensor a, Operand b) => a.Remainder(b);
}
