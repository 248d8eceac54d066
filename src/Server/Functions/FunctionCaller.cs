using System.Runtime.InteropServices;
using System.Text;
using AutogradService.Engine;
using AutogradService.Engine.Functions;
using AutogradService.Server.Commands;
using AutogradService.Server.Errors;
using AutogradService.Server.Hosting;
using AutogradService.Server.Scheduling;
using AutogradService.Server.Sessions;
using AutogradService.Server.Telemetry;
using AutogradService.Server.Training;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace AutogradService.Server.Functions;

/// <summary>Calls functions: finds the plan for the shapes that the arguments have, fills a run with them, and runs it.</summary>
internal sealed class FunctionCaller(FunctionRegistry registry, RunSlots slots, ServerMeter meter, IOptions<ServerOptions> options)
{
    private const int SymbolsOnStackMax = 64;
    private readonly int _messageBytesMax = options.Value.Limits.MessageBytesMax;

    /// <summary>For the calls of one stream.</summary>
    public FunctionWork StartStream() => new(meter);

    /// <summary>The function that a call names.</summary>
    /// <exception cref="Refusal">FUNCTION_NOT_FOUND, INVALID_FIELD.</exception>
    public RegisteredFunction Find(ReadOnlySpan<byte> idOrName, string caller)
    {
        Span<char> chars = stackalloc char[512];
        if (Encoding.UTF8.GetCharCount(idOrName) > chars.Length) throw Refusal.FunctionNotFound("call.function");
        return registry.Get(chars[..Encoding.UTF8.GetChars(idOrName, chars)], caller, "call.function");
    }

    /// <summary>Finds the plan for a call, which the caller must let go, and checks all that can be checked before it runs.</summary>
    /// <param name="function">The function.</param>
    /// <param name="wanted">What is wanted.</param>
    /// <param name="call">The call.</param>
    /// <param name="session">The session, if it names one, whose turn the caller has.</param>
    /// <exception cref="Refusal">INVALID_FIELD, LIMIT_EXCEEDED, COST_TOO_HIGH, QUOTA_MESSAGE_BYTES, HANDLE_IN_USE, and what a handle of the session refuses.</exception>
    /// <exception cref="AutogradException">PAYLOAD_SIZE_MISMATCH, SHAPE_MISMATCH, and whatever the function's ops refuse for the shapes.</exception>
    public FunctionPlan Prepare(RegisteredFunction function, ReadOnlySpan<byte> wanted, GivenCall call, CommandInterpreter? session)
    {
        var definition = function.Definition;
        CheckCount(call.Inputs.Count, definition.Parameters.Length, "call.inputs");
        int symbols = definition.Symbols.Length;
        Span<long> sizes = symbols <= SymbolsOnStackMax ? stackalloc long[symbols] : new long[symbols];
        sizes.Fill(-1);
        for (int pass = 0, open = 1; open > 0; pass++)
        {
            open = 0;
            for (int i = 0; i < call.Inputs.Count; i++)
                if (!ArgumentShapes.TryFit(definition.Parameters[i], call, call.Inputs[i], sizes, session))
                {
                    open++;
                    // One pass more may know what a later argument tells.
                    if (pass > definition.Symbols.Length) throw Refusal.InvalidField("call.inputs.shape", $"the bytes of '{definition.Parameters[i].Name}' do not tell its shape: give it");
                }
        }
        var plan = registry.PlanFor(function, wanted, sizes);
        try
        {
            CheckCount(call.Cotangents.Count, plan.Wanted.Cotangents, "call.cotangents");
            CheckCount(call.Tangents.Count, plan.Wanted.Jvp.Length, "call.tangents");
            CheckCount(call.Vectors.Count, plan.Wanted.Hvp.Length, "call.vectors");
            if (call.Update is not null) CheckUpdate(plan, call, session);
            if (call.Out.Count > 0) CheckOut(call, plan, session);
            long answer = AnswerBytes(plan, call);
            if (answer > _messageBytesMax - 64)
                throw Refusal.Quota(Wire.ErrorReason.QuotaMessageBytes, $"an answer of {answer} bytes does not fit into a message of {_messageBytesMax} bytes; bind its tensors to handles of a session", _messageBytesMax);
            return plan;
        }
        catch
        {
            plan.Leave();
            throw;
        }
    }

    /// <summary>Takes a run and gives it the arguments.</summary>
    /// <exception cref="Refusal">INVALID_FIELD, and what a handle of the session refuses.</exception>
    /// <exception cref="AutogradException">PAYLOAD_SIZE_MISMATCH, SHAPE_MISMATCH, DTYPE_UNSUPPORTED.</exception>
    public static FunctionRun Fill(FunctionPlan plan, GivenCall call, CommandInterpreter? session)
    {
        var run = plan.Compiled.Rent();
        try
        {
            for (int at = 0; at < plan.GivenBytes.Length; at++)
            {
                ref readonly var argument = ref call.ArgumentAt(at, out string field);
                Give(plan, run, at, call, argument, session, field);
            }
            return run;
        }
        catch
        {
            run.Dispose();
            throw;
        }
    }

    /// <summary>Gives a run one argument.</summary>
    /// <inheritdoc cref="Fill"/>
    public static void Give(FunctionPlan plan, FunctionRun run, int at, GivenCall call, in GivenArgument argument, CommandInterpreter? session, string field)
    {
        if (argument.Handle != 0)
        {
            CheckDType(argument, plan.Compiled.Parameters[at].DType, field);
            run.Bind(at, ArgumentShapes.TensorOf(session, argument.Handle, field));
            return;
        }
        BytesOf(plan, at, call, argument, field).CopyTo(run.ParameterBytes(at));
    }

    /// <summary>The elements of an argument that is given as bytes.</summary>
    /// <inheritdoc cref="Fill"/>
    public static ReadOnlySpan<byte> BytesOf(FunctionPlan plan, int at, GivenCall call, in GivenArgument argument, string field)
    {
        var spec = plan.Compiled.Parameters[at];
        CheckDType(argument, spec.DType, field);
        var data = call.DataOf(argument);
        if (data.Length != plan.GivenBytes[at]) throw ArgumentShapes.WrongBytes(spec.Shape.ToString(), spec.DType, plan.GivenBytes[at], data.Length);
        TensorDescription.CheckElements(spec.DType, data, field);
        return data;
    }

    /// <summary>Calls a function with a session's tensors, in the turn that the caller has, and writes its answer.</summary>
    /// <param name="function">The function.</param>
    /// <param name="wanted">What is wanted.</param>
    /// <param name="call">The call.</param>
    /// <param name="session">The session.</param>
    /// <param name="into">Takes the answer; nothing is written if it fails.</param>
    /// <param name="stream">What a stream's calls took, to which this one adds; null: the call stands alone, and is answered by a CallFunctionResponse.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="Refusal">As <see cref="Prepare"/>, and QUOTA_SERVER_MEMORY.</exception>
    /// <exception cref="AutogradException">As <see cref="Prepare"/>, and what a kernel refuses.</exception>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    public void Execute(RegisteredFunction function, ReadOnlySpan<byte> wanted, GivenCall call, CommandInterpreter session, PooledBytes into, FunctionWork? stream, CancellationToken cancellation)
    {
        var plan = Prepare(function, wanted, call, session);
        try
        {
            Execute(plan, call, session, session.Work.Account, into, stream, plan.IsQuick ? default : cancellation);
        }
        finally
        {
            plan.Leave();
        }
    }

    /// <summary>Calls a function without a session, as soon as there is a slot to run it in.</summary>
    /// <param name="function">The function.</param>
    /// <param name="wanted">What is wanted.</param>
    /// <param name="call">The call.</param>
    /// <param name="share">Whose computing it is.</param>
    /// <param name="patience">Whether it may be refused rather than wait for long.</param>
    /// <param name="context">Whose cancellation ends it.</param>
    /// <param name="into">Takes the answer; nothing is written if it fails.</param>
    /// <param name="stream">What a stream's calls took, to which this one adds; null: the call stands alone, and is answered by a CallFunctionResponse.</param>
    /// <exception cref="Refusal">As <see cref="Prepare"/>, and OVERLOADED, QUOTA_RATE, QUOTA_SERVER_MEMORY.</exception>
    /// <exception cref="AutogradException">As <see cref="Prepare"/>, and what a kernel refuses.</exception>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    public ValueTask ExecuteAsync(RegisteredFunction function, ReadOnlySpan<byte> wanted, GivenCall call, CallerShare share, Patience patience, ServerCallContext context, PooledBytes into, FunctionWork? stream)
    {
        var plan = Prepare(function, wanted, call, null);
        try
        {
            var entering = share.EnterAsync(slots, patience, context);
            if (!entering.IsCompletedSuccessfully) return ExecuteLaterAsync(entering, plan, call, share, context, into, stream);
        }
        catch
        {
            plan.Leave();
            throw;
        }
        ExecuteNow(plan, call, share, context, into, stream);
        return ValueTask.CompletedTask;
    }

    private async ValueTask ExecuteLaterAsync(ValueTask entering, FunctionPlan plan, GivenCall call, CallerShare share, ServerCallContext context, PooledBytes into, FunctionWork? stream)
    {
        try
        {
            await entering;
        }
        catch
        {
            plan.Leave();
            throw;
        }
        ExecuteNow(plan, call, share, context, into, stream);
    }

    // In the slot that the caller has.
    private void ExecuteNow(FunctionPlan plan, GivenCall call, CallerShare share, ServerCallContext context, PooledBytes into, FunctionWork? stream)
    {
        try
        {
            Execute(plan, call, null, share.Account, into, stream, plan.IsQuick ? default : context.CancellationToken);
        }
        finally
        {
            share.Leave(slots);
            plan.Leave();
        }
    }

    /// <summary>Calls a function by its plan, in the slot that the caller has, and writes its answer.</summary>
    /// <param name="plan">The plan, which the caller holds.</param>
    /// <param name="call">The call, prepared.</param>
    /// <param name="session">The session, if it names one, whose turn the caller has.</param>
    /// <param name="account">Whom the work is done for.</param>
    /// <param name="into">Takes the answer; nothing is written if it fails.</param>
    /// <param name="stream">What a stream's calls took, to which this one adds; null: the call stands alone, and is answered by a CallFunctionResponse.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="Refusal">As <see cref="Prepare"/>, and QUOTA_SERVER_MEMORY.</exception>
    /// <exception cref="AutogradException">As <see cref="Prepare"/>, and what a kernel refuses.</exception>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    public void Execute(FunctionPlan plan, GivenCall call, CommandInterpreter? session, Account account, PooledBytes into, FunctionWork? stream, CancellationToken cancellation)
    {
        var clock = ComputeClock.Start();
        int before = into.Length;
        into.Reserve(AnswerBytes(plan, call));
        using var span = Tracing.StartChild("function.call");
        if (span is not null) plan.Describe(span);
        Run(plan, call, session, into, stream is not null, cancellation);
        long elapsed = clock.Elapsed;
        var work = new Work { FunctionCalls = 1, ComputeTicks = clock.OfAllThreads(elapsed), Flops = plan.Flops, SentBytes = into.Length - before };
        if (stream is not null)
        {
            stream.Add(account, elapsed, work);
            return;
        }
        meter.Computed("function", elapsed);
        account.Add(work);
    }

    private static void Run(FunctionPlan plan, GivenCall call, CommandInterpreter? session, PooledBytes into, bool isOutcome, CancellationToken cancellation)
    {
        var update = call.Update is null ? null : UpdateOf(plan, call, session!);
        using var run = Fill(plan, call, session);
        run.Run(call.Seed, cancellation);
        if (call.Out.Count == 0 && update is null)
        {
            WriteHeads(into, checked((int)plan.AnswerBytes), isOutcome);
            for (int i = 0; i < plan.Results.Length; i++)
            {
                into.Add(plan.Results[i].Head);
                into.Add(run.ResultBytes(i));
            }
            return;
        }
        WriteBound(plan, run, call, session!, update, into, isOutcome);
    }

    // The optimizer that an update asks for, its state there.
    private static OptimizerRun UpdateOf(FunctionPlan plan, GivenCall call, CommandInterpreter session)
    {
        var update = call.Update!;
        var handles = new ulong[plan.Wanted.Grad.Length];
        for (int i = 0; i < handles.Length; i++)
        {
            handles[i] = call.Inputs[plan.Wanted.Grad[i]].Handle;
            if (handles[i] == 0) throw Refusal.InvalidField("call.update", $"'{plan.Definition.Parameters[plan.Wanted.Grad[i]].Name}' is to be updated, but is not given by handle");
            if (Array.IndexOf(handles, handles[i], 0, i) >= 0) throw Refusal.InvalidField("call.update", $"the tensor with handle {handles[i]} is to be updated twice");
        }
        var optimizer = new OptimizerRun(update.Optimizer, update.State, update.Clipping, handles, "call.update");
        optimizer.MakeState(session);
        return optimizer;
    }

    private static void WriteBound(FunctionPlan plan, FunctionRun run, GivenCall call, CommandInterpreter session, OptimizerRun? update, PooledBytes into, bool isOutcome)
    {
        // Gradients that an update uses up, which come last, are not answered.
        int answered = update is null ? plan.Results.Length : plan.Wanted.GradStart;
        var handles = CollectionsMarshal.AsSpan(call.Out);
        var answer = new Wire.FunctionAnswer();
        long sent = 0;
        int made = 0;
        try
        {
            for (int i = 0; i < answered; i++)
            {
                if (i >= handles.Length || handles[i] == 0)
                {
                    sent += plan.Results[i].WireBytes;
                    continue;
                }
                answer.Bound.Add(TensorDescription.Metadata(session.Make(handles[i], plan.Results[i].Spec, run.ResultBytes(i)), handles[i]));
                made = i + 1;
            }
            if (update?.Step(session, run, plan.Wanted.GradStart, update.Rate, withNorm: false) is { } norm) answer.GradientNorm = norm;
        }
        catch
        {
            session.Unmake(handles[..made]);
            throw;
        }
        WriteHeads(into, checked((int)(sent + answer.CalculateSize())), isOutcome);
        for (int i = 0; i < answered; i++)
        {
            if (i < handles.Length && handles[i] != 0) continue;
            into.Add(plan.Results[i].Head);
            into.Add(run.ResultBytes(i));
        }
        foreach (var metadata in answer.Bound) into.Add(Wire.FunctionAnswer.BoundFieldNumber, metadata);
        if (answer.HasGradientNorm) into.Add(Wire.FunctionAnswer.GradientNormFieldNumber, answer.GradientNorm);
    }

    /// <summary>Writes what stands before an answer's tensors.</summary>
    public static void WriteHeads(PooledBytes into, int answerBytes, bool isOutcome)
    {
        if (isOutcome) into.AddHead(Wire.CallFunctionsResponse.OutcomesFieldNumber, 1 + Varint.Size(answerBytes) + answerBytes);
        // The answer's number is 1 in a CallFunctionResponse as in a FunctionOutcome.
        into.AddHead(Wire.FunctionOutcome.AnswerFieldNumber, answerBytes);
    }

    private static void CheckUpdate(FunctionPlan plan, GivenCall call, CommandInterpreter? session)
    {
        if (session is null) throw Refusal.InvalidField("call.update", "what is updated belongs to a session: name it in session_id");
        if (plan.Wanted.Vjp.Length + plan.Wanted.Jvp.Length + plan.Wanted.Hvp.Length > 0) throw Refusal.InvalidField("call.update", "an update uses up the gradients, and goes with values only");
        if (call.Out.Count > plan.Wanted.GradStart) throw Refusal.InvalidField("call.out", $"the answer has {plan.Wanted.GradStart} tensors, but {call.Out.Count} handles were given");
    }

    // Of what is sent: results that are bound to handles, and gradients that an update uses up, are not.
    private static long AnswerBytes(FunctionPlan plan, GivenCall call)
    {
        long bytes = plan.AnswerBytes;
        if (call.Update is not null)
            foreach (var gradient in plan.Results.AsSpan(plan.Wanted.GradStart)) bytes -= gradient.WireBytes;
        for (int i = 0; i < call.Out.Count; i++)
            if (call.Out[i] != 0) bytes -= plan.Results[i].WireBytes;
        return bytes;
    }

    private static void CheckOut(GivenCall call, FunctionPlan plan, CommandInterpreter? session)
    {
        if (session is null) throw Refusal.InvalidField("call.out", "handles belong to a session: name it in session_id");
        if (call.Out.Count > plan.Results.Length) throw Refusal.InvalidField("call.out", $"the answer has {plan.Results.Length} tensors, but {call.Out.Count} handles were given");
        session.CheckFree(CollectionsMarshal.AsSpan(call.Out), "call.out");
    }

    private static void CheckDType(in GivenArgument argument, DType dtype, string field)
    {
        if (argument.DType != 0 && argument.DType != (ulong)TensorDescription.ToWire(dtype))
            throw Refusal.InvalidField($"{field}.dtype", $"the function takes {dtype.Name} there");
    }

    private static void CheckCount(int count, int expected, string field)
    {
        if (count != expected) throw Refusal.InvalidField(field, $"{expected} are expected, but {count} were given");
    }
}
