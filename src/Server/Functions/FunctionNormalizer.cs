using AutogradService.Engine;
using AutogradService.Server.Commands;
using AutogradService.Server.Errors;
using AutogradService.Server.Hosting;
using Google.Protobuf.Collections;

namespace AutogradService.Server.Functions;

/// <summary>
/// Writes a function down in the one way that all that do the same by the same names share: tensors numbered in order of appearance, ops by name, operands in one place, attributes
/// sorted. Refuses what is no function.
/// </summary>
internal sealed class FunctionNormalizer
{
    private const int NameLengthMax = 64;
    private readonly LimitOptions _limits;
    private readonly Dictionary<ulong, ulong> _numbers = [];
    private readonly HashSet<ulong> _made = [];
    private ulong _last;

    private FunctionNormalizer(LimitOptions limits) => _limits = limits;

    /// <summary>Writes a function down.</summary>
    /// <param name="given">The function as a client has it.</param>
    /// <param name="field">Where it stands, for refusals.</param>
    /// <param name="limits">Bounds.</param>
    /// <returns>The function without its display name.</returns>
    /// <exception cref="Refusal">INVALID_FIELD, LIMIT_EXCEEDED.</exception>
    /// <exception cref="AutogradException">OP_UNSUPPORTED, INVALID_ATTRIBUTE, INVALID_SHAPE.</exception>
    public static Wire.Function Normalize(Wire.Function given, string field, LimitOptions limits) => new FunctionNormalizer(limits).Run(given, field);

    private Wire.Function Run(Wire.Function given, string field)
    {
        if (given.Results.Count == 0) throw Refusal.Missing($"{field}.results");
        CheckCount(given.Parameters.Count, _limits.ListLengthMax, $"{field}.parameters");
        CheckCount(given.Steps.Count, _limits.BatchCommandsMax, $"{field}.steps");
        CheckCount(given.Results.Count, _limits.ListLengthMax, $"{field}.results");
        var function = new Wire.Function();
        AddParameters(given, function, field);
        using var workspace = new Workspace();
        var binder = new OpBinder(static _ => throw new InvalidOperationException("nothing is bound here"), workspace, _limits);
        foreach (var step in given.Steps)
        {
            var call = step.ApplyOp ?? throw Refusal.Missing($"{field}.steps.apply_op");
            var op = binder.BindOp(OpCall.Of(call));
            function.Steps.Add(new Wire.SegmentStep { NoGrad = step.NoGrad, ApplyOp = Normalize(call, op, $"{field}.steps.apply_op") });
        }
        var names = new HashSet<string>();
        foreach (var result in given.Results)
        {
            if (result.Name.Length > 0) CheckName(result.Name, names, $"{field}.results.name");
            function.Results.Add(new Wire.FunctionResult { Name = result.Name, Handle = NumberOf(result.Handle, $"{field}.results.handle") });
        }
        return function;
    }

    private void AddParameters(Wire.Function given, Wire.Function function, string field)
    {
        var names = new HashSet<string>();
        foreach (var parameter in given.Parameters)
        {
            CheckName(parameter.Name, names, $"{field}.parameters.name");
            TensorDescription.FromWire(parameter.Dtype, $"{field}.parameters.dtype");
            var kept = new Wire.FunctionParameter { Name = parameter.Name, Dtype = parameter.Dtype, Handle = Define(parameter.Handle, $"{field}.parameters.handle") };
            if (parameter.Shape.Count > Shape.RankMax)
                throw new AutogradException(ErrorReason.InvalidShape, $"a tensor has at most {Shape.RankMax} dimensions, but got {parameter.Shape.Count}");
            foreach (var dimension in parameter.Shape)
            {
                if (dimension.SizeCase == Wire.Dimension.SizeOneofCase.Fixed && dimension.Fixed < 0) throw new AutogradException(ErrorReason.InvalidShape, $"parameter '{parameter.Name}' has a dimension of negative size {dimension.Fixed}");
                if (dimension.SizeCase == Wire.Dimension.SizeOneofCase.Symbol) CheckName(dimension.Symbol, null, $"{field}.parameters.shape.symbol");
                if (dimension.SizeCase == Wire.Dimension.SizeOneofCase.None) throw Refusal.Missing($"{field}.parameters.shape.size");
                kept.Shape.Add(dimension);
            }
            function.Parameters.Add(kept);
        }
    }

    private Wire.ApplyOp Normalize(Wire.ApplyOp call, Op op, string field)
    {
        var kept = new Wire.ApplyOp { Op = op.Schema.Name, InPlace = call.InPlace };
        var operands = Operands(call, field);
        var extra = new Wire.ApplyOpExtra { RequiresGrad = call.Extra?.RequiresGrad ?? false };
        Place(operands, kept, extra);
        if (call.Extra is not null)
            extra.Attributes.Add(call.Extra.Attributes.OrderBy(a => a.Name, StringComparer.Ordinal));
        if (call.InPlace)
        {
            if (call.Out != 0 || call.Extra is { Outputs.Count: > 0 }) throw Refusal.InvalidField($"{field}.out", "an in-place op binds no handle");
            if (operands.Count == 0 || operands[0].ValueCase != Wire.Operand.ValueOneofCase.Handle || !_made.Contains(operands[0].Handle))
                throw Refusal.InvalidField($"{field}.in_place", "a function modifies only tensors that it has made itself");
        }
        else
        {
            kept.Out = Make(call.Out, $"{field}.out");
            if (call.Extra is not null)
                foreach (ulong output in call.Extra.Outputs) extra.Outputs.Add(Make(output, $"{field}.extra.outputs"));
        }
        if (extra.CalculateSize() > 0) kept.Extra = extra;
        return kept;
    }

    // All in the order of the schema; absent ones at the end left out.
    private List<Wire.Operand> Operands(Wire.ApplyOp call, string field)
    {
        var operands = new List<Wire.Operand>();
        bool hasNumber = call.HasScalar || call.HasIntegerScalar || call.HasBoolScalar;
        bool isFlat = call.A != 0 || call.B != 0 || hasNumber;
        if (call.Extra is { Operands.Count: > 0 } given)
        {
            if (isFlat) throw Refusal.InvalidField($"{field}.extra.operands", "operands go either into a, b and the scalars or, all of them, into extra.operands");
            CheckCount(given.Operands.Count, _limits.ListLengthMax, $"{field}.extra.operands");
            foreach (var operand in given.Operands) operands.Add(Renumbered(operand, $"{field}.extra.operands"));
        }
        else if (isFlat)
        {
            if (call.A == 0) throw Refusal.Missing($"{field}.a");
            if (call.B != 0 && hasNumber) throw Refusal.InvalidField($"{field}.b", "the second operand is a tensor or a number, not both");
            operands.Add(new Wire.Operand { Handle = NumberOf(call.A, $"{field}.a") });
            if (call.B != 0) operands.Add(new Wire.Operand { Handle = NumberOf(call.B, $"{field}.b") });
            else if (call.HasScalar) operands.Add(new Wire.Operand { Number = call.Scalar });
            else if (call.HasIntegerScalar) operands.Add(new Wire.Operand { Integer = call.IntegerScalar });
            else if (call.HasBoolScalar) operands.Add(new Wire.Operand { Boolean = call.BoolScalar });
        }
        while (operands.Count > 0 && operands[^1].ValueCase == Wire.Operand.ValueOneofCase.None) operands.RemoveAt(operands.Count - 1);
        return operands;
    }

    private static void Place(List<Wire.Operand> operands, Wire.ApplyOp kept, Wire.ApplyOpExtra extra)
    {
        bool fits = operands.Count <= 2 && (operands.Count == 0 || operands[0].ValueCase == Wire.Operand.ValueOneofCase.Handle)
            && (operands.Count < 2 || operands[1].ValueCase is not (Wire.Operand.ValueOneofCase.None or Wire.Operand.ValueOneofCase.List));
        if (!fits)
        {
            extra.Operands.Add(operands);
            return;
        }
        if (operands.Count > 0) kept.A = operands[0].Handle;
        if (operands.Count < 2) return;
        switch (operands[1].ValueCase)
        {
            case Wire.Operand.ValueOneofCase.Handle: kept.B = operands[1].Handle; break;
            case Wire.Operand.ValueOneofCase.Number: kept.Scalar = operands[1].Number; break;
            case Wire.Operand.ValueOneofCase.Integer: kept.IntegerScalar = operands[1].Integer; break;
            default: kept.BoolScalar = operands[1].Boolean; break;
        }
    }

    private Wire.Operand Renumbered(Wire.Operand operand, string field)
    {
        switch (operand.ValueCase)
        {
            case Wire.Operand.ValueOneofCase.Handle:
                return operand.Handle == 0 ? new Wire.Operand() : new Wire.Operand { Handle = NumberOf(operand.Handle, field) };
            case Wire.Operand.ValueOneofCase.List:
                CheckCount(operand.List.Handles.Count, _limits.ListLengthMax, $"{field}.list");
                var list = new Wire.HandleList();
                foreach (ulong handle in operand.List.Handles) list.Handles.Add(handle == 0 ? 0 : NumberOf(handle, field));
                return new Wire.Operand { List = list };
            default:
                return operand;
        }
    }

    private ulong Make(ulong handle, string field)
    {
        if (handle == 0) return 0;
        ulong number = Define(handle, field);
        _made.Add(number);
        return number;
    }

    private ulong Define(ulong handle, string field)
    {
        if (handle == 0) throw Refusal.InvalidField(field, "numbers of tensors are above 0");
        if (!_numbers.TryAdd(handle, ++_last)) throw Refusal.InvalidField(field, $"the number {handle} is in use");
        return _last;
    }

    private ulong NumberOf(ulong handle, string field) =>
        _numbers.TryGetValue(handle, out ulong number) ? number : throw Refusal.InvalidField(field, $"nothing is numbered {handle} at this point: a function uses only its parameters and what its steps have made");

    private static void CheckName(string name, HashSet<string>? taken, string field)
    {
        bool isName = name.Length is > 0 and <= NameLengthMax && (char.IsAsciiLetter(name[0]) || name[0] == '_');
        foreach (char c in name) isName &= char.IsAsciiLetterOrDigit(c) || c is '_' or '.';
        if (!isName) throw Refusal.InvalidField(field, $"a name is a letter or underscore, then letters, digits, underscores or dots, at most {NameLengthMax} in all");
        if (taken is not null && !taken.Add(name)) throw Refusal.InvalidField(field, $"the name '{name}' is there twice");
    }

    private static void CheckCount(int count, int most, string field)
    {
        if (count > most) throw Refusal.LimitExceeded(field, count, most);
    }
}
