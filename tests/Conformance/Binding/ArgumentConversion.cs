using AutogradService.Conformance.Recordings;
using AutogradService.Engine;

namespace AutogradService.Conformance.Binding;

/// <summary>Which Python values a parameter takes, as PyTorch's argument parser decides it.</summary>
internal static class ArgumentConversion
{
    /// <summary>The value as the kind wants it, or null if it does not fit; <paramref name="cost"/> grows with the distance.</summary>
    public static PyValue? Convert(PyValue value, ParameterKind kind, out int cost)
    {
        cost = 0;
        switch (kind, value)
        {
            case (ParameterKind.Tensor or ParameterKind.Operand, PyValue.Live):
            case (ParameterKind.Int, PyValue.Int):
            case (ParameterKind.Float, PyValue.Float):
            case (ParameterKind.Bool, PyValue.Bool):
            case (ParameterKind.String, PyValue.Str):
            case (ParameterKind.DType, PyValue.DType):
            case (ParameterKind.TensorList, PyValue.Sequence list) when IsTensorList(list):
                return value;
            case (ParameterKind.Operand or ParameterKind.Scalar, PyValue.Int or PyValue.Float or PyValue.Bool):
                cost = kind == ParameterKind.Operand ? 1 : 0;
                return value;
            case (ParameterKind.Float, PyValue.Int integer):
                cost = 1;
                return new PyValue.Float(integer.Value);
            case (ParameterKind.Ints, PyValue.Sequence list):
                return ToInts(list);
            case (ParameterKind.Ints, PyValue.Int):
                cost = 1;
                return new PyValue.Sequence([value], IsTuple: true);
            case (ParameterKind.Int or ParameterKind.Scalar or ParameterKind.Float, PyValue.Live live) when live.Variable.Shape.Count == 0:
                cost = 2;
                return FromTensor(live, kind);
            default:
                return null;
        }
    }

    private static bool IsTensorList(PyValue.Sequence list) => list.Items.All(item => item is PyValue.Live or PyValue.None);

    private static PyValue.Sequence? ToInts(PyValue.Sequence list) =>
        list.Items.All(item => item is PyValue.Int) ? list : null;

    /// <summary>A 0-d tensor passes for a number: an integral one for any kind, a floating one not for an int.</summary>
    private static PyValue? FromTensor(PyValue.Live live, ParameterKind kind)
    {
        var value = live.Variable.Read()[0];
        var integral = !live.Variable.DType.Contains("float", StringComparison.Ordinal) && live.Variable.DType != "bool";
        return (kind, integral) switch
        {
            (ParameterKind.Int or ParameterKind.Scalar, true) => new PyValue.Int((long)value),
            (ParameterKind.Int, false) => null,
            _ => new PyValue.Float(value),
        };
    }
}
