using AutogradService.Client;
using AutogradService.Conformance.Binding;
using AutogradService.Conformance.Recordings;

namespace AutogradService.Conformance.Backends;

/// <summary>Bound arguments in the client's terms.</summary>
internal static class WireCall
{
    /// <summary>A tensor, a number, a list of tensors, or nothing.</summary>
    public static Operand ToOperand(PyValue? argument) => argument switch
    {
        null => Operand.None,
        PyValue.Live live => WireVariable.Unwrap(live.Variable),
        PyValue.Sequence list => Operand.List([.. list.Items.Select(item => item is PyValue.Live live ? WireVariable.Unwrap(live.Variable) : null)]),
        _ => Number(argument),
    };

    /// <summary>An attribute's value.</summary>
    public static OpArgument ToAttribute(PyValue value) => value switch
    {
        PyValue.Str text => text.Value,
        PyValue.DType dtype => Enum.TryParse<DType>(dtype.Name, ignoreCase: true, out var known) ? known : throw new OpNotSupportedException($"dtype {dtype.Name}"),
        PyValue.Sequence ints => Dims.Create([.. ints.Items.Select(item => ((PyValue.Int)item).Value)]),
        _ => (Number?)Number(value),
    };

    private static Number Number(PyValue value) => value switch
    {
        PyValue.Bool truth => truth.Value,
        PyValue.Int integer => integer.Value,
        PyValue.Float real => real.Value,
        _ => throw new InvalidOperationException($"{value} is no number."),
    };
}
