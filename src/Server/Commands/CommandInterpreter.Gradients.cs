using System.Diagnostics;
using AutogradService.Engine;
using AutogradService.Server.Errors;
using AutogradService.Server.Sessions;
using AutogradService.Server.Telemetry;
using Google.Protobuf.Collections;

namespace AutogradService.Server.Commands;

// The commands about gradients.
internal sealed partial class CommandInterpreter
{
    /// <summary>Live tensors, bytes and nodes; a snapshot that any thread may take.</summary>
    public Wire.Usage DescribeUsage() => new()
    {
        Sessions = 1,
        Bytes = (ulong)_workspace.LiveBytes,
        PeakBytes = (ulong)_workspace.PeakBytes,
        Tensors = (ulong)_handles.Tensors,
        Poisoned = (ulong)_handles.Poisoned,
        Nodes = (ulong)_workspace.LiveNodes,
        CommandsApplied = (ulong)Volatile.Read(ref _applied),
        Hooks = (ulong)_hooks.Count,
    };

    /// <summary>The most bytes held at once.</summary>
    public long PeakBytes => _workspace.PeakBytes;

    /// <summary>What its commands, and calls of functions on its tensors, took.</summary>
    public SessionWork Work => _work;

    private void Backward(Wire.Backward call)
    {
        var roots = Tensors(call.Roots, "backward.roots");
        var gradients = Gradients(call.GradOutputs, "backward.grad_outputs");
        var inputs = call.Inputs is { } chosen ? Tensors(chosen.Handles, "backward.inputs") : [];
        _workspace.DetectAnomaly = call.DetectAnomaly;
        using var pass = new Pass(_work, _workspace);
        _workspace.Backward(roots, gradients, inputs, call.HasRetainGraph ? call.RetainGraph : null, call.CreateGraph, chosen: call.Inputs is not null);
    }

    private void ComputeGradients(Wire.ComputeGradients call, Wire.CommandResult? result, ResultBudget budget)
    {
        if (call.Out.Count > call.Inputs.Count)
            throw Refusal.InvalidField("compute_gradients.out", $"{call.Inputs.Count} inputs have as many gradients, but {call.Out.Count} handles were given");
        var outputs = Tensors(call.Outputs, "compute_gradients.outputs");
        var inputs = Tensors(call.Inputs, "compute_gradients.inputs");
        var gradOutputs = Gradients(call.GradOutputs, "compute_gradients.grad_outputs");
        bool? retain = call.HasRetainGraph ? call.RetainGraph : null;
        _workspace.DetectAnomaly = call.DetectAnomaly;
        bool allowUnused = call.AllowUnused || call.MaterializeGrads;
        Tensor?[] gradients;
        using (new Pass(_work, _workspace))
            gradients = call.IsGradsBatched
                ? _workspace.BatchedGradients(outputs, inputs, gradOutputs, retain, call.CreateGraph, allowUnused, call.MaterializeGrads)
                : _workspace.Gradients(outputs, inputs, gradOutputs, retain, call.CreateGraph, allowUnused, call.MaterializeGrads);
        int bound = 0;
        for (int i = 0; i < gradients.Length; i++)
            if (gradients[i] is { } gradient)
            {
                bound++;
                if (result is not null) budget.Charge(TensorDescription.SizeBound(gradient));
            }
        _handles.CheckRoom(bound);
        if (result is not null) result.Gradients = new Wire.Gradients();
        for (int i = 0; i < gradients.Length; i++)
        {
            var answer = new Wire.Gradient();
            result?.Gradients.Gradients_.Add(answer);
            ulong handle = i < _claimed.Count ? _claimed[i] : 0;
            if (gradients[i] is not { } gradient || handle == 0 && result is null) continue;
            handle = _handles.Bind(handle, gradient);
            answer.Tensor = TensorDescription.Metadata(gradient, handle);
        }
    }

    /// <summary>Measures a backward pass.</summary>
    private readonly struct Pass(SessionWork work, Workspace workspace) : IDisposable
    {
        private readonly Activity? _span = Tracing.StartChild("backward");
        private readonly long _start = Stopwatch.GetTimestamp();
        private readonly long _nodes = workspace.NodesReached;

        public void Dispose()
        {
            long nodes = workspace.NodesReached - _nodes;
            work.PassRan(Stopwatch.GetTimestamp() - _start, nodes);
            _span?.SetTag("autograd.nodes", nodes).Dispose();
        }
    }

    private void ReadGrad(Wire.ReadGrad call, Wire.CommandResult? result, ResultBudget budget)
    {
        var tensor = _handles.Get(call.Tensor);
        if (result is null) return;
        result.Grad = new Wire.GradientValue();
        if (tensor.Grad is not { } grad) return;
        budget.Charge(grad.ByteLength + TensorDescription.SizeBound(grad));
        result.Grad.Grad = TensorDescription.Data(grad, budget);
        if (result.Seq != 0) _read = KeptRead.Of(grad, isGrad: true);
    }

    private void ZeroGrads(Wire.ZeroGrads call)
    {
        if (call.Tensors.Count == 0)
        {
            foreach (var tensor in _handles.AllTensors()) Zero(tensor);
            return;
        }
        // All are looked up first, so that a failure changes nothing.
        foreach (var tensor in Tensors(call.Tensors, "zero_grads.tensors")) Zero(tensor);

        void Zero(Tensor tensor)
        {
            if (call.FillWithZeros) tensor.ZeroGrad();
            else tensor.SetGrad(null);
        }
    }

    private void SetGrad(Wire.SetGrad call) => _handles.Get(call.Tensor).SetGrad(call.Grad == 0 ? null : _handles.Get(call.Grad));

    private void AliasGrad(Wire.AliasGrad call, Wire.CommandResult? result, ResultBudget budget)
    {
        var grad = _handles.Get(call.Tensor).Grad;
        BindOutputs(grad is null ? default : new ReadOnlySpan<Tensor>(in grad), result, budget);
    }

    private void RegisterHook(Wire.RegisterHook call, Wire.CommandResult? result)
    {
        var tensor = _handles.Get(call.Tensor);
        var (hook, statistics) = GradientHooks.Of(call);
        ulong id = _hooks.Add(tensor, hook, statistics);
        if (result is not null) result.HookId = id;
    }

    private Tensor[] Tensors(RepeatedField<ulong> handles, string field)
    {
        CheckCount(handles.Count, field);
        var tensors = new Tensor[handles.Count];
        for (int i = 0; i < tensors.Length; i++) tensors[i] = _handles.Get(handles[i]);
        return tensors;
    }

    private Tensor?[] Gradients(RepeatedField<ulong> handles, string field)
    {
        CheckCount(handles.Count, field);
        var tensors = new Tensor?[handles.Count];
        for (int i = 0; i < tensors.Length; i++) tensors[i] = handles[i] == 0 ? null : _handles.Get(handles[i]);
        return tensors;
    }
}
