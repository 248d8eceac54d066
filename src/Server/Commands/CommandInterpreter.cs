using System.Diagnostics;
using System.Runtime.InteropServices;
using AutogradService.Engine;
using AutogradService.Server.Errors;
using AutogradService.Server.Hosting;
using AutogradService.Server.Sessions;
using AutogradService.Server.Telemetry;
using Google.Protobuf.Collections;

namespace AutogradService.Server.Commands;

/// <summary>
/// Runs commands on a session's workspace. The only place that knows what each command does: unary calls, batches and streams all end
/// here. Single-threaded: whoever has the session's turn may call it.
/// </summary>
internal sealed partial class CommandInterpreter : IDisposable
{
    private const int EmptyResultBytes = 24;
    private readonly LimitOptions _limits;
    private readonly ErrorLog _errors;
    private readonly SessionWork _work;
    private readonly Workspace _workspace;
    private readonly HandleTable _handles;
    private readonly KeptResults _kept;
    private readonly OpBinder _binder;
    private readonly HookTable _hooks;
    private readonly List<ulong> _claimed = [];
    private KeptRead? _read;
    private long _applied;

    public CommandInterpreter(LimitOptions limits, MemoryBudget memory, ServerMeter meter, Account account, ErrorLog errors)
    {
        _limits = limits;
        _errors = errors;
        _workspace = new Workspace(new WorkspaceLimits { BytesMax = limits.BytesMax, NodesMax = limits.NodesMax, Shared = memory });
        _work = new SessionWork(meter, account, _workspace);
        _handles = new HandleTable(limits.TensorsMax, limits.PoisonedMax);
        _kept = new KeptResults(limits.KeptResultsMax, limits.KeptResultBytesMax, Math.Min(limits.MessageBytesMax, limits.BytesMax / 8));
        _binder = new OpBinder(_handles.Get, _workspace, limits);
        _hooks = new HookTable(limits.HooksMax);
    }

    /// <summary>The highest sequence number applied; 0: none.</summary>
    public ulong LastAppliedSeq => _kept.LastApplied;

    /// <summary>Frees all that the session holds.</summary>
    public void Dispose() => _workspace.Dispose();

    /// <summary>Gives memory back that was kept for reuse.</summary>
    public void Trim()
    {
        _workspace.Trim();
        _kept.Trim();
    }

    /// <summary>Forgets the answers to numbered commands up to one: the client has them.</summary>
    public void ForgetAnswers(ulong seq) => _kept.Forget(seq);

    /// <summary>Runs commands in order, until all are run or others should compute.</summary>
    /// <param name="commands">The commands.</param>
    /// <param name="progress">How far the batch is.</param>
    /// <param name="results">Takes the answers: of those that failed, and of those that were asked for one.</param>
    /// <param name="bounds">What bounds the call.</param>
    /// <param name="turn">The turn that the caller has.</param>
    /// <returns>Whether all are run.</returns>
    /// <exception cref="OperationCanceledException">The caller went away: the commands that have no answer were not run.</exception>
    public bool RunBatch(ReadOnlySpan<GivenCommand> commands, ref BatchProgress progress, RepeatedField<Wire.CommandResult> results, in CallBounds bounds, in Session.Turn turn)
    {
        long spent = bounds.Budget.Spent;
        _work.Begin();
        try
        {
            while (progress.Next < commands.Length)
            {
                int i = progress.Next;
                var result = Run(commands[i], (uint)i, progress.Stopped, bounds, out var root);
                progress.Next++;
                if (root is not null)
                {
                    progress.Failed++;
                    if (progress.FailFast) progress.Stopped ??= root;
                }
                if (result is not null) results.Add(result);
                if (turn.ShouldYield) return progress.Next == commands.Length;
            }
        }
        finally
        {
            _work.End(bounds.Budget.Spent - spent);
        }
        return true;
    }

    /// <summary>Runs one command that is no part of a batch.</summary>
    /// <returns>Its answer, or null if it succeeded and none was asked for.</returns>
    /// <exception cref="OperationCanceledException">The caller went away before the command was run.</exception>
    public Wire.CommandResult? Run(in GivenCommand command, in CallBounds bounds)
    {
        long spent = bounds.Budget.Spent;
        _work.Begin();
        try
        {
            return Run(command, 0, null, bounds, out _);
        }
        finally
        {
            _work.End(bounds.Budget.Spent - spent);
        }
    }

    private Wire.CommandResult? Run(in GivenCommand command, uint index, RootFailure? stopped, in CallBounds bounds, out RootFailure? root)
    {
        bounds.Cancellation.ThrowIfCancellationRequested();
        root = null;
        ulong fingerprint = 0;
        bool again = false;
        if (command.Seq != 0)
        {
            fingerprint = Fingerprint(command);
            if (TryReplay(command, fingerprint, index, bounds, ref root, out var before, out again)) return before;
        }
        Wire.CommandResult? result = null;
        _claimed.Clear();
        _read = null;
        _applied++;
        _work.Count(command.Action);
        try
        {
            Claim(command);
            if (stopped is not null) throw Refusal.BatchStopped(stopped);
            if (command.WantResult)
            {
                result = new Wire.CommandResult { Seq = command.Seq, Index = index };
                bounds.Budget.Count(EmptyResultBytes);
            }
            if (_work.Groups is { } groups) ApplyTimed(command, result, bounds, groups);
            else Apply(command, result, bounds);
        }
        catch (Exception e)
        {
            result = Fail(command, index, e, bounds, out root);
            foreach (ulong handle in _claimed) _handles.Poison(handle, root);
        }
        if (!again) _kept.Add(command.Seq, fingerprint, result, IsRead(command.Action), _read);
        return result;
    }

    private bool TryReplay(in GivenCommand command, ulong fingerprint, uint index, in CallBounds bounds, ref RootFailure? root, out Wire.CommandResult? result, out bool again)
    {
        again = false;
        try
        {
            if (!_kept.TryFind(command.Seq, fingerprint, out result, out var read, out again)) return false;
            if (read is not null)
            {
                result = new Wire.CommandResult { Seq = command.Seq };
                read.Fill(result, bounds.Budget);
            }
            else
            {
                if (result is null) return true;
                bounds.Budget.Charge(result.CalculateSize());
                result = result.Clone();
            }
            result.Index = index;
            result.Replayed = true;
            if (result.Error is { } error) root = ErrorStatus.RootOf(error, command.Seq, index);
        }
        catch (Refusal e)
        {
            // Outputs are left alone: they may well be those of the command that the number belongs to.
            result = Fail(command, index, e, bounds, out root);
        }
        return true;
    }

    private Wire.CommandResult Fail(in GivenCommand command, uint index, Exception e, in CallBounds bounds, out RootFailure root)
    {
        var status = ErrorStatus.Of(e, bounds.DeadlinePassed, _errors, FieldOf(command));
        root = (e as Refusal)?.Root ?? ErrorStatus.RootOf(status, command.Seq, index);
        if (bounds.Budget.IsNearlySpent) status = ErrorStatus.Shortened(status);
        bounds.Budget.Count(status.CalculateSize());
        return new Wire.CommandResult { Seq = command.Seq, Index = index, Error = status };
    }

    private static bool IsRead(Wire.Command.ActionOneofCase action) => action is Wire.Command.ActionOneofCase.ReadTensor or Wire.Command.ActionOneofCase.ReadGrad or Wire.Command.ActionOneofCase.Describe
        or Wire.Command.ActionOneofCase.DescribeGraph or Wire.Command.ActionOneofCase.ListHandles or Wire.Command.ActionOneofCase.ReadHook;

    private static string? FieldOf(in GivenCommand command) => Wire.Command.Descriptor.FindFieldByNumber((int)command.Action)?.Name;

    private static ulong Fingerprint(in GivenCommand command)
    {
        ulong hash = Fingerprints.Mix(Fingerprints.Start, command.Seq);
        hash = Fingerprints.Mix(hash, (ulong)command.Action << 3 | (command.WantResult ? 1UL : 0) | (command.NoGrad ? 2UL : 0) | (command.InferenceMode ? 4UL : 0));
        if (command.Action == Wire.Command.ActionOneofCase.ApplyOp) return command.Call.Mix(hash);
        if (command.Action != Wire.Command.ActionOneofCase.CreateTensor || command.Message.CreateTensor.Data is not { } data) return Fingerprints.Mix(hash, (uint)command.Message.GetHashCode());
        // A payload's own hash function goes byte by byte, which is slow for tensors.
        var create = command.Message.CreateTensor;
        return Fingerprints.Mix(hash, ((ulong)(uint)HashCode.Combine(create.Out, create.RequiresGrad, data.Dtype, data.Shape.GetHashCode()) << 32) | Crc32C.Of(data.Data.Span));
    }

    // Looks at a command's outputs before anything is done: they must be free, and they are what a failure poisons.
    private void Claim(in GivenCommand command)
    {
        switch (command.Action)
        {
            case Wire.Command.ActionOneofCase.ApplyOp when !command.Call.InPlace:
                _claimed.Add(command.Call.Out);
                if (command.Call.Extra is { Outputs.Count: > 0 } extra) Claim(extra.Outputs, "apply_op.extra.outputs");
                break;
            case Wire.Command.ActionOneofCase.CreateTensor: _claimed.Add(command.Message.CreateTensor.Out); break;
            case Wire.Command.ActionOneofCase.ComputeGradients: Claim(command.Message.ComputeGradients.Out, "compute_gradients.out"); break;
            case Wire.Command.ActionOneofCase.AliasGrad: _claimed.Add(command.Message.AliasGrad.Out); break;
            case Wire.Command.ActionOneofCase.Checkpoint: Claim(command.Message.Checkpoint.Out, "checkpoint.out"); break;
            case Wire.Command.ActionOneofCase.Differentiate: Claim(command.Message.Differentiate.Out, "differentiate.out"); break;
            case Wire.Command.ActionOneofCase.MakeDual: _claimed.Add(command.Message.MakeDual.Out); break;
            case Wire.Command.ActionOneofCase.UnpackDual:
                _claimed.Add(command.Message.UnpackDual.Primal);
                _claimed.Add(command.Message.UnpackDual.Tangent);
                break;
            default: return;
        }
        foreach (ulong handle in _claimed)
            if (handle != 0) _handles.CheckFree(handle);
        if (_claimed.Count > 1 && !AreDistinct(_claimed)) throw Refusal.InvalidField(FieldOf(command)!, "two outputs have the same handle");
        _handles.CheckRoom(_claimed.Count);
    }

    private void Claim(RepeatedField<ulong> handles, string field)
    {
        CheckCount(handles.Count, field);
        _claimed.AddRange(handles);
    }

    private static bool AreDistinct(List<ulong> handles)
    {
        var seen = new HashSet<ulong>(handles.Count);
        foreach (ulong handle in handles)
            if (handle != 0 && !seen.Add(handle)) return false;
        return true;
    }

    private void CheckCount(int count, string field)
    {
        if (count > _limits.ListLengthMax) throw Refusal.LimitExceeded(field, count, _limits.ListLengthMax);
    }

    private void ApplyTimed(in GivenCommand command, Wire.CommandResult? result, in CallBounds bounds, OpGroups groups)
    {
        long start = Stopwatch.GetTimestamp();
        Apply(command, result, bounds);
        string name = command.Action == Wire.Command.ActionOneofCase.ApplyOp ? _binder.BindOp(command.Call).Schema.Name : FieldOf(command)!;
        groups.Add(name, Stopwatch.GetTimestamp() - start);
    }

    private void Apply(in GivenCommand command, Wire.CommandResult? result, in CallBounds bounds)
    {
        _workspace.Cancellation = bounds.Interruption;
        _workspace.Tag = command.Seq;
        using var interruption = KernelThreads.Interruptible(bounds.Interruption);
        using var scope = _workspace.Scope();
        using var mode = command.InferenceMode ? _workspace.InferenceMode() : _workspace.SetGradEnabled(!command.NoGrad);
        switch (command.Action)
        {
            case Wire.Command.ActionOneofCase.ApplyOp: ApplyOp(command.Call, result, bounds.Budget); break;
            case Wire.Command.ActionOneofCase.CreateTensor: CreateTensor(command.Message.CreateTensor, result, bounds.Budget); break;
            case Wire.Command.ActionOneofCase.ReleaseTensors: ReleaseTensors(command.Message.ReleaseTensors); break;
            case Wire.Command.ActionOneofCase.Backward: Backward(command.Message.Backward); break;
            case Wire.Command.ActionOneofCase.ReadTensor: ReadTensor(command.Message.ReadTensor, result, bounds.Budget); break;
            case Wire.Command.ActionOneofCase.ReadGrad: ReadGrad(command.Message.ReadGrad, result, bounds.Budget); break;
            case Wire.Command.ActionOneofCase.ZeroGrads: ZeroGrads(command.Message.ZeroGrads); break;
            case Wire.Command.ActionOneofCase.ComputeGradients: ComputeGradients(command.Message.ComputeGradients, result, bounds.Budget); break;
            case Wire.Command.ActionOneofCase.SetRequiresGrad: _handles.Get(command.Message.SetRequiresGrad.Tensor).SetRequiresGrad(command.Message.SetRequiresGrad.RequiresGrad); break;
            case Wire.Command.ActionOneofCase.RetainGrad: _handles.Get(command.Message.RetainGrad.Tensor).RetainGrad(); break;
            case Wire.Command.ActionOneofCase.DetachInPlace: _handles.Get(command.Message.DetachInPlace.Tensor).DetachInPlace(); break;
            case Wire.Command.ActionOneofCase.SetGrad: SetGrad(command.Message.SetGrad); break;
            case Wire.Command.ActionOneofCase.AliasGrad: AliasGrad(command.Message.AliasGrad, result, bounds.Budget); break;
            case Wire.Command.ActionOneofCase.RegisterHook: RegisterHook(command.Message.RegisterHook, result); break;
            case Wire.Command.ActionOneofCase.RemoveHook: _hooks.Remove(command.Message.RemoveHook.HookId); break;
            case Wire.Command.ActionOneofCase.Describe: Describe(command.Message.Describe, result, bounds.Budget); break;
            case Wire.Command.ActionOneofCase.DescribeGraph: DescribeGraph(command.Message.DescribeGraph, result, bounds.Budget); break;
            case Wire.Command.ActionOneofCase.ListHandles: ListHandles(command.Message.ListHandles, result, bounds.Budget); break;
            case Wire.Command.ActionOneofCase.SeedRandom: _workspace.Random.ManualSeed(command.Message.SeedRandom.Seed); break;
            case Wire.Command.ActionOneofCase.Checkpoint: Checkpoint(command.Message.Checkpoint, result, bounds.Budget); break;
            case Wire.Command.ActionOneofCase.Differentiate: Differentiate(command.Message.Differentiate, result, bounds.Budget); break;
            case Wire.Command.ActionOneofCase.CheckGradients: CheckGradients(command.Message.CheckGradients, result); break;
            case Wire.Command.ActionOneofCase.SetDualLevel: SetDualLevel(command.Message.SetDualLevel); break;
            case Wire.Command.ActionOneofCase.MakeDual: MakeDual(command.Message.MakeDual, result, bounds.Budget); break;
            case Wire.Command.ActionOneofCase.UnpackDual: UnpackDual(command.Message.UnpackDual, result, bounds.Budget); break;
            case Wire.Command.ActionOneofCase.ReadHook: ReadHook(command.Message.ReadHook, result); break;
            default: throw Refusal.Missing("action");
        }
    }

    private void ApplyOp(in OpCall call, Wire.CommandResult? result, ResultBudget budget)
    {
        var op = _binder.BindOp(call);
        var inputs = _binder.BindInputs(op.Schema, call);
        if (call.InPlace)
        {
            if (call.Out != 0) throw Refusal.InvalidField("apply_op.out", "an in-place op binds no handle");
            var self = _workspace.ApplyInPlace(op, inputs);
            if (result is null) return;
            ulong handle = call.A != 0 ? call.A : call.Extra!.Operands[0].Handle;
            result.Outputs = new Wire.Outputs { Tensors = { TensorDescription.Metadata(self, handle) } };
            return;
        }
        bool many = op.Schema.Outputs.Length != 1 || op.Schema.Outputs[0].IsList;
        if (many)
        {
            Finish(call, _workspace.ApplyMany(op, inputs), result, budget);
            return;
        }
        var output = _workspace.Apply(op, inputs);
        Finish(call, new ReadOnlySpan<Tensor>(in output), result, budget);
    }

    private void Finish(in OpCall call, ReadOnlySpan<Tensor> outputs, Wire.CommandResult? result, ResultBudget budget)
    {
        if (call.Extra is { RequiresGrad: true })
            foreach (var output in outputs) output.CreatedRequiringGrad();
        if (_claimed.Count > outputs.Length && (outputs.Length > 0 || _claimed.Count > 1))
            throw Refusal.InvalidField("apply_op.extra.outputs", $"the op has {outputs.Length} outputs, but {_claimed.Count} handles were given");
        BindOutputs(outputs, result, budget);
    }

    // Nothing is bound before everything that can refuse has been asked.
    private void BindOutputs(ReadOnlySpan<Tensor> outputs, Wire.CommandResult? result, ResultBudget budget)
    {
        _handles.CheckRoom(outputs.Length);
        if (result is not null)
        {
            result.Outputs = new Wire.Outputs();
            foreach (var output in outputs) budget.Charge(TensorDescription.SizeBound(output));
        }
        for (int i = 0; i < outputs.Length; i++)
        {
            ulong handle = i < _claimed.Count ? _claimed[i] : 0;
            if (handle == 0 && result is null) continue; // nobody could ever name it
            handle = _handles.Bind(handle, outputs[i]);
            result?.Outputs.Tensors.Add(TensorDescription.Metadata(outputs[i], handle));
        }
    }

    private void CreateTensor(Wire.CreateTensor call, Wire.CommandResult? result, ResultBudget budget)
    {
        var data = call.Data ?? throw Refusal.Missing("create_tensor.data");
        var dtype = TensorDescription.FromWire(data.Dtype, "create_tensor.data.dtype");
        var bytes = data.Data.Span;
        TensorDescription.CheckElements(dtype, bytes, "create_tensor.data.data");
        var tensor = _workspace.FromBytes(bytes, TensorDescription.ShapeOf(data.Shape), dtype);
        if (call.RequiresGrad) tensor.CreatedRequiringGrad();
        BindOutputs(new ReadOnlySpan<Tensor>(in tensor), result, budget);
    }

    private void ReleaseTensors(Wire.ReleaseTensors call)
    {
        Refusal? first = null;
        foreach (ulong handle in call.Handles)
            if (!_handles.Release(handle)) first ??= _handles.NotThere(handle);
        if (first is not null) throw first;
    }

    private void ReadTensor(Wire.ReadTensor call, Wire.CommandResult? result, ResultBudget budget)
    {
        var tensor = _handles.Get(call.Tensor);
        if (result is null) return;
        budget.Charge(tensor.ByteLength + TensorDescription.SizeBound(tensor));
        result.Tensor = TensorDescription.Data(tensor, budget);
        if (result.Seq != 0) _read = KeptRead.Of(tensor, isGrad: false);
    }

    private void Describe(Wire.Describe call, Wire.CommandResult? result, ResultBudget budget)
    {
        var tensor = _handles.Get(call.Tensor);
        if (result is null) return;
        result.Metadata = TensorDescription.FullMetadata(tensor, call.Tensor);
        budget.Charge(result.Metadata.CalculateSize());
    }

    private void ListHandles(Wire.ListHandles call, Wire.CommandResult? result, ResultBudget budget)
    {
        if (result is null) return;
        int size = PageSize.Of(call.PageSize);
        var tensors = _handles.Page(call.AfterHandle, size + 1);
        bool more = tensors.Count > size;
        if (more) tensors.RemoveAt(size);
        var page = new Wire.HandlePage { NextAfterHandle = more ? tensors[^1].Handle : 0 };
        foreach (var (handle, tensor) in tensors)
        {
            budget.Charge(TensorDescription.SizeBound(tensor));
            page.Tensors.Add(TensorDescription.Metadata(tensor, handle));
        }
        result.Page = page;
    }

    private void DescribeGraph(Wire.DescribeGraph call, Wire.CommandResult? result, ResultBudget budget)
    {
        if (call.Roots.Count == 0) throw Refusal.Missing("describe_graph.roots");
        CheckCount(call.Roots.Count, "describe_graph.roots");
        var roots = new Tensor[call.Roots.Count];
        for (int i = 0; i < roots.Length; i++) roots[i] = _handles.Get(call.Roots[i]);
        int nodesMax = (int)Math.Min(call.MaxNodes == 0 ? uint.MaxValue : call.MaxNodes, (uint)_limits.GraphNodesMax);
        var graph = GraphDescription.Of(roots, _handles.ByTensor(), nodesMax, call.WithDot, call.WithSaved);
        if (result is null) return;
        budget.Charge(graph.CalculateSize());
        result.Graph = graph;
    }
}

/// <summary>What bounds a call: how long it may run, and how large its answer may be.</summary>
/// <param name="Budget">Bytes for the answer.</param>
/// <param name="Deadline">When the caller stops waiting.</param>
/// <param name="Cancellation">Cancelled when no further command is to be run: the caller went away or stopped waiting.</param>
/// <param name="Interruption">Cancelled when the command that is under way is to be given up too.</param>
internal readonly record struct CallBounds(ResultBudget Budget, DateTime Deadline, CancellationToken Cancellation, CancellationToken Interruption)
{
    /// <summary>Whether a cancellation is due to the deadline.</summary>
    public bool DeadlinePassed => Deadline <= DateTime.UtcNow;
}

/// <summary>How far a batch is that is run in parts.</summary>
/// <param name="failFast">Whether commands after a failed one are not run.</param>
internal struct BatchProgress(bool failFast)
{
    public readonly bool FailFast => failFast;

    /// <summary>The next command to run.</summary>
    public int Next { get; set; }

    /// <summary>How many have failed.</summary>
    public uint Failed { get; set; }

    /// <summary>Why the rest is not run, if it is not.</summary>
    public RootFailure? Stopped { get; set; }
}
