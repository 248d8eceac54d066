using System.Runtime.CompilerServices;

namespace AutogradService.Client;

// Operators. Each is a method of its own, not inlined, that looks for its caller itself: the frames are counted.
// Note [Equality] Tensors compare by reference in ==, as C# code that holds them in collections expects; element by element is Eq.
public sealed partial class Tensor
{
    /// <summary>Sum, element by element.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Tensor operator +(Tensor left, Operand right)
    {
        var source = left.Session.OperatorSource();
        return Binary(left, "add", left, right, source);
    }

    /// <summary>Sum, element by element.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Tensor operator +(Number left, Tensor right)
    {
        var source = right.Session.OperatorSource();
        return Binary(right, "add", right, left, source);
    }

    /// <summary>Difference, element by element.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Tensor operator -(Tensor left, Operand right)
    {
        var source = left.Session.OperatorSource();
        return Binary(left, "sub", left, right, source);
    }

    /// <summary>Difference, element by element.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Tensor operator -(Number left, Tensor right)
    {
        var source = right.Session.OperatorSource();
        return Binary(right, "rsub", right, left, source);
    }

    /// <summary>Product, element by element.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Tensor operator *(Tensor left, Operand right)
    {
        var source = left.Session.OperatorSource();
        return Binary(left, "mul", left, right, source);
    }

    /// <summary>Product, element by element.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Tensor operator *(Number left, Tensor right)
    {
        var source = right.Session.OperatorSource();
        return Binary(right, "mul", right, left, source);
    }

    /// <summary>Quotient, element by element; integers give floats.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Tensor operator /(Tensor left, Operand right)
    {
        var source = left.Session.OperatorSource();
        return Binary(left, "div", left, right, source);
    }

    /// <summary>The reciprocal times the number, which is how PyTorch divides a number by a tensor.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Tensor operator /(Number left, Tensor right)
    {
        var source = right.Session.OperatorSource();
        return Binary(right, "mul", OpCall.Begin(right.Session, "reciprocal").In(right).Run(source), left, source);
    }

    /// <summary>Remainder with the divisor's sign, element by element.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Tensor operator %(Tensor left, Operand right)
    {
        var source = left.Session.OperatorSource();
        return Binary(left, "remainder", left, right, source);
    }

    /// <summary>The negative, element by element.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Tensor operator -(Tensor operand)
    {
        var source = operand.Session.OperatorSource();
        return OpCall.Begin(operand.Session, "neg").In(operand).Run(source);
    }

    /// <summary>Not, element by element: logical on truth values, of bits on integers.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Tensor operator ~(Tensor operand)
    {
        var source = operand.Session.OperatorSource();
        return OpCall.Begin(operand.Session, "bitwise_not").In(operand).Run(source);
    }

    /// <summary>As <c>~</c>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Tensor operator !(Tensor operand)
    {
        var source = operand.Session.OperatorSource();
        return OpCall.Begin(operand.Session, "logical_not").In(operand).Run(source);
    }

    /// <summary>And, element by element.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Tensor operator &(Tensor left, Operand right)
    {
        var source = left.Session.OperatorSource();
        return Binary(left, "bitwise_and", left, right, source);
    }

    /// <summary>Or, element by element.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Tensor operator |(Tensor left, Operand right)
    {
        var source = left.Session.OperatorSource();
        return Binary(left, "bitwise_or", left, right, source);
    }

    /// <summary>Exclusive or, element by element.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Tensor operator ^(Tensor left, Operand right)
    {
        var source = left.Session.OperatorSource();
        return Binary(left, "bitwise_xor", left, right, source);
    }

    /// <summary>Less than, element by element: a tensor of truth values.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Tensor operator <(Tensor left, Operand right)
    {
        var source = left.Session.OperatorSource();
        return Binary(left, "lt", left, right, source);
    }

    /// <summary>Greater than, element by element: a tensor of truth values.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Tensor operator >(Tensor left, Operand right)
    {
        var source = left.Session.OperatorSource();
        return Binary(left, "gt", left, right, source);
    }

    /// <summary>Less than or equal, element by element: a tensor of truth values.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Tensor operator <=(Tensor left, Operand right)
    {
        var source = left.Session.OperatorSource();
        return Binary(left, "le", left, right, source);
    }

    /// <summary>Greater than or equal, element by element: a tensor of truth values.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static Tensor operator >=(Tensor left, Operand right)
    {
        var source = left.Session.OperatorSource();
        return Binary(left, "ge", left, right, source);
    }

    private static Tensor Binary(Tensor of, string op, Tensor a, in Operand b, in Source source) => OpCall.Begin(of.Session, op).In(a).In(b).Run(source);
}
