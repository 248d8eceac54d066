namespace AutogradService.Engine;

// Arithmetic as it is written in formulas; the methods behind it are generated.
public sealed partial class Tensor
{
    /// <summary>-x.</summary>
    public static Tensor operator -(Tensor x) => x.Neg();

    /// <summary>a + b.</summary>
    public static Tensor operator +(Tensor a, Operand b) => a.Add(b);

    /// <summary>a - b.</summary>
    public static Tensor operator -(Tensor a, Operand b) => a.Sub(b);

    /// <summary>a * b.</summary>
    public static Tensor operator *(Tensor a, Operand b) => a.Mul(b);
}
