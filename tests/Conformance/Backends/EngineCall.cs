using System.Runtime.InteropServices;
using AutogradService.Conformance.Binding;
using AutogradService.Conformance.Recordings;
using AutogradService.Engine;

namespace AutogradService.Conformance.Backends;

/// <summary>A bound call in the engine's terms: the op's record with its attributes, and its tensors in order, null where absent.</summary>
internal static class EngineCall
{
    /// <summary>Makes the op and its inputs; numbers become wrapped numbers.</summary>
    public static (Op Op, Tensor?[] Inputs) Build(OpCall call, Workspace workspace)
    {
        var attributes = new List<KeyValuePair<string, AttributeValue>>();
        var inputs = new List<Tensor?>();
        foreach (var (parameter, argument) in call.Schema.Parameters.Zip(call.Arguments))
            if (parameter.IsInput)
                inputs.AddRange(Inputs(argument, workspace));
            else if (argument is not null)
                attributes.Add(KeyValuePair.Create(parameter.Name, Attribute(argument)));
        var reader = new AttributeReader(call.Schema.Name, CollectionsMarshal.AsSpan(attributes));
        return (OpTable.Get(call.Schema.Name).Create(reader), inputs.ToArray());
    }

    private static IEnumerable<Tensor?> Inputs(PyValue? argument, Workspace workspace) => argument switch
    {
        null or PyValue.None => [null],
        PyValue.Live live => [EngineVariable.Unwrap(live.Variable)],
        PyValue.Sequence list => list.Items.SelectMany(item => Inputs(item, workspace)),
        _ => [workspace.WrappedNumber(Number(argument))],
    };

    private static Scalar Number(PyValue value) => value switch
    {
        PyValue.Bool b => b.Value,
        PyValue.Int i => i.Value,
        PyValue.Float f => f.Value,
        _ => throw new InvalidOperationException($"{value} is no number."),
    };

    private static AttributeValue Attribute(PyValue value) => value switch
    {
        PyValue.Str s => s.Value,
        PyValue.DType d => DTypes.TryParse(d.Name, out var dtype) ? dtype : throw new OpNotSupportedException($"dtype {d.Name}"),
        PyValue.Sequence ints => Dims.Create([.. ints.Items.Select(item => ((PyValue.Int)item).Value)]),
        _ => Number(value),
    };
}
