using System.Runtime.InteropServices;
using AutogradService.Engine;
using AutogradService.Server.Errors;
using AutogradService.Server.Hosting;

namespace AutogradService.Server.Commands;

/// <summary>A segment of commands, looked through once and then run as often as the engine asks: a checkpoint, a function to differentiate.</summary>
internal sealed class Segment
{
    private readonly Workspace _workspace;
    private readonly OpBinder _binder;
    private readonly Step[] _steps;
    private readonly ulong[] _parameters;
    private readonly ulong[] _results;
    private readonly ulong[] _captured;
    private readonly Dictionary<ulong, Tensor> _names = [];

    private Segment(Workspace workspace, LimitOptions limits, Step[] steps, ulong[] parameters, ulong[] results, ulong[] captured, Tensor[] captures)
    {
        _workspace = workspace;
        _binder = new OpBinder(Find, workspace, limits);
        _steps = steps;
        _parameters = parameters;
        _results = results;
        _captured = captured;
        Captures = captures;
    }

    private readonly record struct Step(Op Op, Wire.ApplyOp Call, bool NoGrad, ulong[] Ends);

    /// <summary>The session's tensors that steps use beside the parameters.</summary>
    public Tensor[] Captures { get; }

    /// <summary>How many tensors <see cref="Run"/> takes before the captures.</summary>
    public int ParameterCount => _parameters.Length;

    /// <summary>Looks a segment through: ops and attributes, names, and what it takes from the session.</summary>
    /// <param name="wire">The segment.</param>
    /// <param name="field">Where it stands, for refusals.</param>
    /// <param name="workspace">Where its ops will run.</param>
    /// <param name="capture">Finds a tensor that steps use and that is neither a parameter nor made by them, or refuses.</param>
    /// <param name="limits">Bounds.</param>
    /// <exception cref="Refusal">INVALID_FIELD, LIMIT_EXCEEDED, and whatever a handle of the session refuses.</exception>
    /// <exception cref="AutogradException">OP_UNSUPPORTED, INVALID_ATTRIBUTE.</exception>
    public static Segment Of(Wire.Segment? wire, string field, Workspace workspace, Func<ulong, Tensor> capture, LimitOptions limits)
    {
        if (wire is null) throw Refusal.Missing(field);
        if (wire.Results.Count == 0) throw Refusal.Missing($"{field}.results");
        CheckCount(wire.Steps.Count, limits.BatchCommandsMax, $"{field}.steps");
        CheckCount(wire.Parameters.Count, limits.ListLengthMax, $"{field}.parameters");
        CheckCount(wire.Results.Count, limits.ListLengthMax, $"{field}.results");
        var binder = new OpBinder(capture, workspace, limits);
        var made = new HashSet<ulong>();
        var known = new HashSet<ulong>();
        var lastUse = new Dictionary<ulong, int>();
        var captured = new List<ulong>();
        var captures = new List<Tensor>();
        foreach (ulong parameter in wire.Parameters)
            if (parameter == 0 || !known.Add(parameter)) throw Refusal.InvalidField($"{field}.parameters", "parameters have names of their own, above 0");
        var ops = new Op[wire.Steps.Count];
        for (int i = 0; i < ops.Length; i++)
        {
            var call = wire.Steps[i].ApplyOp ?? throw Refusal.Missing($"{field}.steps.apply_op");
            ops[i] = binder.BindOp(OpCall.Of(call));
            foreach (ulong operand in Operands(call)) Use(operand, i);
            if (call.InPlace)
            {
                if (call.Out != 0) throw Refusal.InvalidField($"{field}.steps.apply_op.out", "an in-place op binds no handle");
                if (!made.Contains(Operands(call).FirstOrDefault())) throw Refusal.InvalidField($"{field}.steps.apply_op.in_place", "a segment modifies only tensors that it has made itself");
                continue;
            }
            foreach (ulong name in Outputs(call))
            {
                if (name == 0) continue;
                if (!known.Add(name)) throw Refusal.InvalidField($"{field}.steps.apply_op.out", $"the name {name} is in use");
                made.Add(name);
                lastUse[name] = i;
            }
        }
        foreach (ulong result in wire.Results) Use(result, ops.Length);
        var ends = Enumerable.Range(0, ops.Length).Select(_ => new List<ulong>()).ToArray();
        foreach (var (name, last) in lastUse)
            if (last < ops.Length && made.Contains(name)) ends[last].Add(name);
        var steps = new Step[ops.Length];
        for (int i = 0; i < steps.Length; i++) steps[i] = new Step(ops[i], wire.Steps[i].ApplyOp.Clone(), wire.Steps[i].NoGrad, [.. ends[i]]);
        return new Segment(workspace, limits, steps, [.. wire.Parameters], [.. wire.Results], [.. captured], [.. captures]);

        void Use(ulong name, int step)
        {
            if (known.Add(name))
            {
                captured.Add(name);
                captures.Add(capture(name));
            }
            lastUse[name] = step;
        }
    }

    /// <summary>Runs the steps. What one of them makes lives until its last use, so that a long segment needs little memory where nothing is recorded.</summary>
    /// <param name="given">A tensor for each parameter, then for each capture.</param>
    /// <returns>The results, unowned.</returns>
    public Tensor[] Run(Tensor[] given)
    {
        // A segment may run while it runs: the checkpoint of a checkpoint.
        var outer = new Dictionary<ulong, Tensor>(_names);
        _names.Clear();
        for (int i = 0; i < _parameters.Length; i++) _names[_parameters[i]] = given[i];
        for (int i = 0; i < _captured.Length; i++) _names[_captured[i]] = given[_parameters.Length + i];
        var owned = new HashSet<ulong>();
        try
        {
            foreach (var step in _steps)
            {
                _workspace.Cancellation.ThrowIfCancellationRequested();
                RunStep(step, given, owned);
                foreach (ulong name in step.Ends)
                    if (owned.Remove(name)) _names[name].Release();
            }
            var results = new Tensor[_results.Length];
            for (int i = 0; i < results.Length; i++) results[i] = Find(_results[i]);
            foreach (var result in results) result.Retain();
            foreach (var result in results) _workspace.Autorelease(result);
            return results;
        }
        finally
        {
            foreach (ulong name in owned) _names[name].Release();
            _names.Clear();
            foreach (var (name, tensor) in outer) _names[name] = tensor;
        }
    }

    private void RunStep(in Step step, Tensor[] given, HashSet<ulong> owned)
    {
        using var scope = _workspace.Scope();
        using var mode = _workspace.SetGradEnabled(_workspace.GradEnabled && !step.NoGrad);
        var inputs = _binder.BindInputs(step.Op.Schema, OpCall.Of(step.Call));
        if (step.Call.InPlace)
        {
            for (int k = 0; k < inputs.Length; k++)
                foreach (var t in given)
                    if (step.Op.Schema.Writes(k) && inputs[k] is { } written && written.SharesMemoryWith(t)) throw Refusal.InvalidField("segment.steps.apply_op.in_place", "a segment modifies only tensors that it has made itself, and this one is a view of another");
            _workspace.ApplyInPlace(step.Op, inputs);
            return;
        }
        var outputs = _workspace.ApplyMany(step.Op, inputs);
        int i = 0;
        foreach (ulong name in Outputs(step.Call))
        {
            if (i == outputs.Length)
                throw Refusal.InvalidField("segment.steps.apply_op.extra.outputs", $"the op has {outputs.Length} outputs, but more names were given");
            var output = outputs[i++];
            if (name == 0) continue;
            _names[name] = output.Retain();
            owned.Add(name);
        }
    }

    private Tensor Find(ulong name) => _names.TryGetValue(name, out var tensor) ? tensor : throw Refusal.InvalidField("segment.steps", $"nothing is named {name} at this point");

    /// <summary>Handles of the tensors that an op is given.</summary>
    public static IEnumerable<ulong> Operands(Wire.ApplyOp call)
    {
        if (call.A != 0) yield return call.A;
        if (call.B != 0) yield return call.B;
        if (call.Extra is null) yield break;
        foreach (var operand in call.Extra.Operands)
        {
            if (operand.Handle != 0) yield return operand.Handle;
            if (operand.List is not null)
                foreach (ulong handle in operand.List.Handles)
                    if (handle != 0) yield return handle;
        }
    }

    private static IEnumerable<ulong> Outputs(Wire.ApplyOp call)
    {
        yield return call.Out;
        if (call.Extra is not null)
            foreach (ulong name in call.Extra.Outputs) yield return name;
    }

    private static void CheckCount(int count, int most, string field)
    {
        if (count > most) throw Refusal.LimitExceeded(field, count, most);
    }
}
