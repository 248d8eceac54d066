using AutogradService.Engine;
using AutogradService.Engine.Functions;
using AutogradService.Server.Commands;
using AutogradService.Server.Errors;
using AutogradService.Server.Hosting;
using Google.Protobuf.Collections;

namespace AutogradService.Server.Functions;

/// <summary>What commands on a session's tensors would take: they are gone through over tensors that have shapes but no values.</summary>
internal sealed class CommandEstimate
{
    private readonly RepeatedField<Wire.Command> _commands;
    private readonly LimitOptions _limits;
    private readonly List<ulong> _captured = [];
    private readonly List<TensorSpec> _specs = [];
    private readonly List<bool> _requiresGrad = [];

    private CommandEstimate(RepeatedField<Wire.Command> commands, LimitOptions limits)
    {
        _commands = commands;
        _limits = limits;
    }

    /// <summary>Estimates.</summary>
    /// <exception cref="Refusal">FEATURE_UNSUPPORTED, LIMIT_EXCEEDED, INVALID_FIELD, and what the commands' handles refuse.</exception>
    /// <exception cref="AutogradException">Whatever the commands' ops refuse.</exception>
    public static (Cost Cost, IReadOnlyList<TensorSpec> Results) Of(Wire.CommandBatch batch, CommandInterpreter session, ServerOptions options, MemoryBudget memory)
    {
        if (batch.Commands.Count > options.Limits.BatchCommandsMax) throw Refusal.LimitExceeded("commands", batch.Commands.Count, options.Limits.BatchCommandsMax);
        var estimate = new CommandEstimate(batch.Commands, options.Limits);
        estimate.Capture(session);
        List<TensorSpec> results = [];
        var compile = FunctionPlan.OptionsOf(options.Functions, memory) with { MemoryBytesMax = long.MaxValue };
        var cost = CompiledFunction.Estimate([.. estimate._specs], (workspace, given) =>
        {
            results = [];
            return estimate.Run(workspace, given, results);
        }, compile);
        return (cost, results);
    }

    // Tensors of the session that commands use, and those that come with the commands, are what the estimate is given.
    private void Capture(CommandInterpreter session)
    {
        var made = new HashSet<ulong>();
        foreach (var command in _commands)
        {
            foreach (ulong handle in Used(command))
                if (handle != 0 && !made.Contains(handle) && !_captured.Contains(handle))
                {
                    var tensor = session.Find(handle);
                    Add(handle, new TensorSpec(tensor.Shape, tensor.DType), tensor.RequiresGrad);
                }
            if (command.CreateTensor is { } create)
            {
                var data = create.Data ?? throw Refusal.Missing("create_tensor.data");
                if (create.Out == 0) continue;
                Add(create.Out, new TensorSpec(TensorDescription.ShapeOf(data.Shape), TensorDescription.FromWire(data.Dtype, "create_tensor.data.dtype")), create.RequiresGrad);
                made.Add(create.Out);
            }
            else if (command.ApplyOp is { InPlace: false } apply)
            {
                made.Add(apply.Out);
                if (apply.Extra is not null) made.UnionWith(apply.Extra.Outputs);
            }
            else if (command.ComputeGradients is { } gradients)
            {
                made.UnionWith(gradients.Out);
            }
        }

        void Add(ulong handle, TensorSpec spec, bool requiresGrad)
        {
            _captured.Add(handle);
            _specs.Add(spec);
            _requiresGrad.Add(requiresGrad);
        }
    }

    private Tensor[] Run(Workspace workspace, Tensor[] given, List<TensorSpec> results)
    {
        var tensors = new Dictionary<ulong, Tensor>();
        var kept = new List<Tensor>();
        for (int i = 0; i < given.Length; i++) tensors[_captured[i]] = _requiresGrad[i] ? given[i].Detach().SetRequiresGrad() : given[i].Detach();
        Tensor Find(ulong handle) => tensors.TryGetValue(handle, out var tensor) ? tensor : throw Refusal.TensorNotFound(handle);
        var binder = new OpBinder(Find, workspace, _limits);
        foreach (var command in _commands)
        {
            using var mode = workspace.SetGradEnabled(!(command.NoGrad || command.InferenceMode));
            switch (command.ActionCase)
            {
                case Wire.Command.ActionOneofCase.ApplyOp:
                    var call = OpCall.Of(command.ApplyOp);
                    var op = binder.BindOp(call);
                    var inputs = binder.BindInputs(op.Schema, call);
                    if (call.InPlace)
                    {
                        workspace.ApplyInPlace(op, inputs);
                        break;
                    }
                    var outputs = workspace.ApplyMany(op, inputs);
                    for (int i = 0; i < outputs.Length; i++)
                    {
                        if (call.Extra is { RequiresGrad: true }) outputs[i].CreatedRequiringGrad();
                        Keep(i == 0 ? call.Out : call.Extra is { } extra && i - 1 < extra.Outputs.Count ? extra.Outputs[i - 1] : 0, outputs[i]);
                    }
                    break;
                case Wire.Command.ActionOneofCase.Backward:
                    Tensor[] leaves = command.Backward.Inputs is { } chosen ? [.. chosen.Handles.Select(Find)] : [.. tensors.Values.Where(static t => t.RequiresGrad && t.IsLeaf)];
                    foreach (var gradient in Gradients(command.Backward.Roots, leaves, command.Backward.GradOutputs, command.Backward.RetainGraph, command.Backward.CreateGraph))
                        if (gradient is not null) kept.Add(gradient);
                    break;
                case Wire.Command.ActionOneofCase.ComputeGradients:
                    var wanted = command.ComputeGradients;
                    var computed = Gradients(wanted.Outputs, [.. wanted.Inputs.Select(Find)], wanted.GradOutputs, wanted.RetainGraph, wanted.CreateGraph);
                    for (int i = 0; i < computed.Length; i++)
                        if (computed[i] is { } made) Keep(i < wanted.Out.Count ? wanted.Out[i] : 0, made);
                    break;
                case Wire.Command.ActionOneofCase.CreateTensor or Wire.Command.ActionOneofCase.ReleaseTensors or Wire.Command.ActionOneofCase.ReadTensor or Wire.Command.ActionOneofCase.Describe:
                case Wire.Command.ActionOneofCase.ReadGrad or Wire.Command.ActionOneofCase.ZeroGrads or Wire.Command.ActionOneofCase.ListHandles or Wire.Command.ActionOneofCase.SeedRandom:
                    break;
                default:
                    throw new Refusal(Wire.ErrorReason.FeatureUnsupported, $"'{command.ActionCase}' is not estimated: only commands that compute tensors are");
            }
        }
        return [.. kept.Select(static t => t.RequiresGrad ? t.Detach() : t)];

        void Keep(ulong handle, Tensor tensor)
        {
            if (handle != 0) tensors[handle] = tensor;
            kept.Add(tensor);
            results.Add(new TensorSpec(tensor.Shape, tensor.DType));
        }

        Tensor?[] Gradients(RepeatedField<ulong> outputs, Tensor[] inputs, RepeatedField<ulong> gradOutputs, bool retain, bool create) =>
            workspace.Gradients([.. outputs.Select(Find)], inputs, [.. gradOutputs.Select(h => h == 0 ? null : Find(h))], retainGraph: retain || create, createGraph: create, allowUnused: true);
    }

    private static IEnumerable<ulong> Used(Wire.Command command) => command.ActionCase switch
    {
        Wire.Command.ActionOneofCase.ApplyOp => Segment.Operands(command.ApplyOp),
        Wire.Command.ActionOneofCase.Backward => [.. command.Backward.Roots, .. command.Backward.GradOutputs, .. command.Backward.Inputs?.Handles ?? []],
        Wire.Command.ActionOneofCase.ComputeGradients => [.. command.ComputeGradients.Outputs, .. command.ComputeGradients.Inputs, .. command.ComputeGradients.GradOutputs],
        _ => [],
    };
}
