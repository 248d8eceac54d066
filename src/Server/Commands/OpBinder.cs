using System.Runtime.InteropServices;
using AutogradService.Engine;
using AutogradService.Server.Errors;
using AutogradService.Server.Hosting;

namespace AutogradService.Server.Commands;

/// <summary>Turns an ApplyOp into what the engine takes, guided by the op's schema alone: the op with its attributes, and its inputs in order.</summary>
/// <param name="find">Finds the tensor that a handle stands for, or refuses.</param>
/// <param name="workspace">Where numbers become tensors.</param>
/// <param name="limits">Bounds of a call.</param>
internal sealed class OpBinder(Func<ulong, Tensor> find, Workspace workspace, LimitOptions limits)
{
    // Ops are immutable: one without attributes is made once.
    private readonly Op?[] _plain = new Op?[OpTable.Entries.Count + 1];
    private Tensor?[] _inputs = new Tensor?[8];
    private int _count;
    private readonly List<KeyValuePair<string, AttributeValue>> _attributes = [];

    /// <summary>The op with its attributes.</summary>
    /// <exception cref="AutogradException">OP_UNSUPPORTED, INVALID_ATTRIBUTE.</exception>
    /// <exception cref="Refusal">LIMIT_EXCEEDED.</exception>
    public Op BindOp(in OpCall call)
    {
        bool isPlain = call.Extra is not { Attributes.Count: > 0 };
        if (isPlain && call.OpId < (uint)_plain.Length && _plain[call.OpId] is { } known) return known;
        var entry = call.OpId != 0 ? OpTable.Get(call.OpId) : OpTable.Get(CheckLength(call.Op ?? "", "apply_op.op"));
        if (entry.Schema.Hidden) throw new AutogradException(ErrorReason.OpUnsupported, $"no op is named '{entry.Schema.Name}'", TorchErrorType.NotImplementedError);
        if (isPlain) return _plain[entry.Schema.Id] = entry.Create(new AttributeReader(entry.Schema.Name, default));
        var extra = call.Extra!;
        CheckCount(extra.Attributes.Count, "apply_op.extra.attributes");
        _attributes.Clear();
        foreach (var attribute in extra.Attributes)
            _attributes.Add(new(CheckLength(attribute.Name, "apply_op.extra.attributes.name"), ValueOf(attribute.Value)));
        return entry.Create(new AttributeReader(entry.Schema.Name, CollectionsMarshal.AsSpan(_attributes)));
    }

    /// <summary>The inputs in the schema's order, lists laid out flat, null where one is absent. Valid until the next call.</summary>
    /// <exception cref="Refusal">DEPENDENCY_FAILED, TENSOR_RELEASED, TENSOR_NOT_FOUND, INVALID_FIELD, LIMIT_EXCEEDED.</exception>
    /// <exception cref="AutogradException">INVALID_ATTRIBUTE, with Python's wording for a call with wrong arguments.</exception>
    public ReadOnlySpan<Tensor?> BindInputs(OpSchema schema, in OpCall call)
    {
        _inputs.AsSpan(0, _count).Clear();
        _count = 0;
        bool hasNumber = call.Number != NumberKind.None;
        int given = call.B != 0 || hasNumber ? 2 : call.A != 0 ? 1 : 0;
        if (call.Extra is { Operands.Count: > 0 } extra)
        {
            if (given > 0) throw Refusal.InvalidField("apply_op.extra.operands", "operands go either into a, b and the scalars or, all of them, into extra.operands");
            given = extra.Operands.Count;
            CheckGiven(schema, given);
            for (int i = 0; i < given; i++) Add(schema, schema.Inputs[i], extra.Operands[i]);
        }
        else if (given > 0)
        {
            CheckGiven(schema, given);
            if (call.A == 0) throw Refusal.Missing("apply_op.a");
            if (call.B != 0 && hasNumber) throw Refusal.InvalidField("apply_op.b", "the second operand is a tensor or a number, not both");
            AddTensor(schema, schema.Inputs[0], call.A);
            if (call.B != 0) AddTensor(schema, schema.Inputs[1], call.B);
            else if (hasNumber) AddNumber(schema, schema.Inputs[1], call.Scalar);
        }
        for (int i = given; i < schema.Inputs.Length; i++) AddAbsent(schema, schema.Inputs[i]);
        return _inputs.AsSpan(0, _count);
    }

    private void Add(OpSchema schema, OpParameter parameter, Wire.Operand operand)
    {
        switch (operand.ValueCase)
        {
            case Wire.Operand.ValueOneofCase.None: AddAbsent(schema, parameter); break;
            case Wire.Operand.ValueOneofCase.Handle: AddTensor(schema, parameter, operand.Handle); break;
            case Wire.Operand.ValueOneofCase.Number: AddNumber(schema, parameter, operand.Number); break;
            case Wire.Operand.ValueOneofCase.Integer: AddNumber(schema, parameter, operand.Integer); break;
            case Wire.Operand.ValueOneofCase.Boolean: AddNumber(schema, parameter, operand.Boolean); break;
            default:
                if (parameter.Kind != ParameterKind.TensorList) throw Wrong(schema, parameter, "list");
                CheckCount(operand.List.Handles.Count, "apply_op.extra.operands.list");
                foreach (ulong handle in operand.List.Handles) Add(handle == 0 ? null : find(handle));
                break;
        }
    }

    private void AddTensor(OpSchema schema, OpParameter parameter, ulong handle)
    {
        if (parameter.Kind == ParameterKind.TensorList) throw Wrong(schema, parameter, "Tensor");
        Add(find(handle));
    }

    private void AddNumber(OpSchema schema, OpParameter parameter, Scalar number)
    {
        if (parameter.Kind != ParameterKind.Operand) throw Wrong(schema, parameter, number.IsFloat ? "float" : number.DType == DType.Bool ? "bool" : "int");
        Add(workspace.WrappedNumber(number));
    }

    private void AddAbsent(OpSchema schema, OpParameter parameter)
    {
        if (parameter.Kind == ParameterKind.TensorList) return; // an empty list
        if (!parameter.Optional)
            throw new AutogradException(ErrorReason.InvalidAttribute, $"{schema.Name}() missing required argument: '{parameter.Name}'", TorchErrorType.TypeError);
        Add(null);
    }

    private void Add(Tensor? input)
    {
        if (_count == _inputs.Length) Array.Resize(ref _inputs, 2 * _count);
        _inputs[_count++] = input;
    }

    private static void CheckGiven(OpSchema schema, int given)
    {
        if (given > schema.Inputs.Length)
            throw new AutogradException(ErrorReason.InvalidAttribute, $"{schema.Name}() takes {schema.Inputs.Length} operands but {given} were given", TorchErrorType.TypeError);
    }

    private static AutogradException Wrong(OpSchema schema, OpParameter parameter, string got)
    {
        string takes = parameter.Kind switch
        {
            ParameterKind.TensorList => "tuple of Tensors",
            ParameterKind.Operand => "Tensor or Number",
            _ => "Tensor",
        };
        return new AutogradException(ErrorReason.InvalidAttribute, $"{schema.Name}(): argument '{parameter.Name}' must be {takes}, not {got}", TorchErrorType.TypeError);
    }

    private AttributeValue ValueOf(Wire.AttributeValue? value)
    {
        switch (value?.ValueCase)
        {
            case Wire.AttributeValue.ValueOneofCase.IntValue: return value.IntValue;
            case Wire.AttributeValue.ValueOneofCase.FloatValue: return value.FloatValue;
            case Wire.AttributeValue.ValueOneofCase.BoolValue: return value.BoolValue;
            case Wire.AttributeValue.ValueOneofCase.StringValue: return CheckLength(value.StringValue, "apply_op.extra.attributes.value.string_value");
            case Wire.AttributeValue.ValueOneofCase.DtypeValue: return TensorDescription.FromWire(value.DtypeValue, "apply_op.extra.attributes.value.dtype_value");
            case Wire.AttributeValue.ValueOneofCase.IntsValue:
                CheckCount(value.IntsValue.Values.Count, "apply_op.extra.attributes.value.ints_value");
                return Dims.Create([.. value.IntsValue.Values]);
            default: return AttributeValue.None;
        }
    }

    private void CheckCount(int count, string field)
    {
        if (count > limits.ListLengthMax) throw Refusal.LimitExceeded(field, count, limits.ListLengthMax);
    }

    private string CheckLength(string text, string field)
    {
        if (text.Length > limits.StringLengthMax) throw Refusal.LimitExceeded(field, text.Length, limits.StringLengthMax);
        return text;
    }
}
