using System.Runtime.InteropServices;
using System.Text;
using AutogradService.Engine;
using AutogradService.Engine.Functions;
using AutogradService.Server.Commands;
using AutogradService.Server.Errors;
using AutogradService.Server.Hosting;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace AutogradService.Server.Functions;

/// <summary>Calls functions: finds the plan for the shapes that the arguments have, fills a run with them, and runs it.</summary>
internal sealed class FunctionCaller(FunctionRegistry registry, IOptions<ServerOptions> options) : IDisposable
{
    private const int SymbolsOnStackMax = 64;
    private readonly int _messageBytesMax = options.Value.Limits.MessageBytesMax;
    private readonly SemaphoreSlim _long = new(options.Value.Functions.LongCallsMax > 0 ? options.Value.Functions.LongCallsMax : Environment.ProcessorCount);

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
                if (!TryFit(definition.Parameters[i], call, call.Inputs[i], sizes, session))
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
            long answer = plan.AnswerBytes;
            if (call.Out.Count > 0) answer -= CheckOut(call, plan, session);
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
            int at = 0;
            Give(call.Inputs, "call.inputs", ref at);
            Give(call.Cotangents, "call.cotangents", ref at);
            Give(call.Tangents, "call.tangents", ref at);
            Give(call.Vectors, "call.vectors", ref at);
            return run;
        }
        catch
        {
            run.Dispose();
            throw;
        }

        void Give(List<GivenArgument> arguments, string field, ref int at)
        {
            foreach (ref readonly var argument in CollectionsMarshal.AsSpan(arguments))
            {
                var spec = plan.Compiled.Parameters[at];
                CheckDType(argument, spec.DType, field);
                if (argument.Handle != 0)
                {
                    run.Bind(at++, TensorOf(session, argument.Handle, field));
                    continue;
                }
                var data = call.DataOf(argument);
                if (data.Length != plan.GivenBytes[at]) throw WrongBytes(spec.Shape.ToString(), spec.DType, plan.GivenBytes[at], data.Length);
                TensorDescription.CheckElements(spec.DType, data, field);
                data.CopyTo(run.ParameterBytes(at++));
            }
        }
    }

    /// <summary>Calls a function and writes its answer: at once, or on a thread of its own if it will take long.</summary>
    /// <param name="function">The function.</param>
    /// <param name="wanted">What is wanted.</param>
    /// <param name="call">The call.</param>
    /// <param name="session">The session, if it names one, whose turn the caller has.</param>
    /// <param name="context">Whose cancellation ends it.</param>
    /// <param name="into">Takes the answer; nothing is written if it fails.</param>
    /// <param name="isOutcome">Whether the answer is one of a stream's, rather than a CallFunctionResponse.</param>
    /// <exception cref="Refusal">As <see cref="Prepare"/>.</exception>
    /// <exception cref="AutogradException">As <see cref="Prepare"/>, and what a kernel refuses.</exception>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    public ValueTask ExecuteAsync(RegisteredFunction function, ReadOnlySpan<byte> wanted, GivenCall call, CommandInterpreter? session, ServerCallContext context, PooledBytes into, bool isOutcome)
    {
        var plan = Prepare(function, wanted, call, session);
        if (plan.IsLong) return new ValueTask(ExecuteLongAsync(plan, call, session, context.CancellationToken, into, isOutcome));
        try
        {
            Execute(plan, call, session, plan.IsQuick ? default : context.CancellationToken, into, isOutcome);
        }
        finally
        {
            plan.Leave();
        }
        return ValueTask.CompletedTask;
    }

    /// <summary>Runs work that takes long on a thread of its own, as soon as not too many others do.</summary>
    public async Task RunLongAsync(Action work, CancellationToken cancellation)
    {
        await _long.WaitAsync(cancellation);
        try
        {
            // The pool's threads are for short calls: one that is taken for seconds is replaced only slowly.
            await Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
        finally
        {
            _long.Release();
        }
    }

    public void Dispose() => _long.Dispose();

    private async Task ExecuteLongAsync(FunctionPlan plan, GivenCall call, CommandInterpreter? session, CancellationToken cancellation, PooledBytes into, bool isOutcome)
    {
        try
        {
            await RunLongAsync(() => Execute(plan, call, session, cancellation, into, isOutcome), cancellation);
        }
        finally
        {
            plan.Leave();
        }
    }

    private static void Execute(FunctionPlan plan, GivenCall call, CommandInterpreter? session, CancellationToken cancellation, PooledBytes into, bool isOutcome)
    {
        using var run = Fill(plan, call, session);
        run.Run(call.Seed, cancellation);
        if (call.Out.Count == 0)
        {
            WriteHeads(into, checked((int)plan.AnswerBytes), isOutcome);
            for (int i = 0; i < plan.Results.Length; i++)
            {
                into.Add(plan.Results[i].Head);
                into.Add(run.ResultBytes(i));
            }
            return;
        }
        WriteBound(plan, run, call, session!, into, isOutcome);
    }

    private static void WriteBound(FunctionPlan plan, FunctionRun run, GivenCall call, CommandInterpreter session, PooledBytes into, bool isOutcome)
    {
        var handles = CollectionsMarshal.AsSpan(call.Out);
        var answer = new Wire.FunctionAnswer();
        long sent = 0;
        int made = 0;
        try
        {
            for (int i = 0; i < plan.Results.Length; i++)
            {
                if (i >= handles.Length || handles[i] == 0)
                {
                    sent += plan.Results[i].WireBytes;
                    continue;
                }
                answer.Bound.Add(TensorDescription.Metadata(session.Make(handles[i], plan.Results[i].Spec, run.ResultBytes(i)), handles[i]));
                made = i + 1;
            }
        }
        catch
        {
            session.Unmake(handles[..made]);
            throw;
        }
        WriteHeads(into, checked((int)(sent + answer.CalculateSize())), isOutcome);
        for (int i = 0; i < plan.Results.Length; i++)
        {
            if (i < handles.Length && handles[i] != 0) continue;
            into.Add(plan.Results[i].Head);
            into.Add(run.ResultBytes(i));
        }
        foreach (var metadata in answer.Bound) into.Add(Wire.FunctionAnswer.BoundFieldNumber, metadata);
    }

    private static void WriteHeads(PooledBytes into, int answerBytes, bool isOutcome)
    {
        if (isOutcome) into.AddHead(Wire.CallFunctionsResponse.OutcomesFieldNumber, 1 + Varint.Size(answerBytes) + answerBytes);
        // The answer's number is 1 in a CallFunctionResponse as in a FunctionOutcome.
        into.AddHead(Wire.FunctionOutcome.AnswerFieldNumber, answerBytes);
    }

    private static bool TryFit(in FunctionParameter parameter, GivenCall call, in GivenArgument argument, Span<long> sizes, CommandInterpreter? session)
    {
        if (argument.Handle != 0)
        {
            Fit(parameter, TensorOf(session, argument.Handle, "call.inputs.handle").Shape.Sizes, sizes);
            return true;
        }
        if (argument.ShapeCount > 0)
        {
            Span<long> shape = stackalloc long[Math.Min(argument.ShapeCount, Shape.RankMax + 1)];
            var given = call.ShapeOf(argument);
            for (int d = 0; d < shape.Length; d++) shape[d] = (long)given[d];
            long numel = Shape.Of(shape).Numel;
            Fit(parameter, shape, sizes);
            if (numel * parameter.DType.ItemSize != argument.DataCount) throw WrongBytes(Shape.Of(shape).ToString(), parameter.DType, numel * parameter.DType.ItemSize, argument.DataCount);
            return true;
        }
        return TryFitBytes(parameter, argument.DataCount, sizes);
    }

    // Takes the sizes that a shape tells.
    private static void Fit(in FunctionParameter parameter, ReadOnlySpan<long> shape, Span<long> sizes)
    {
        if (shape.Length != parameter.Sizes.Length) throw Unfit(parameter, shape);
        for (int d = 0; d < shape.Length; d++)
        {
            long own = parameter.Sizes[d];
            if (own < 0)
            {
                ref long size = ref sizes[(int)(-1 - own)];
                if (size < 0) size = shape[d];
                own = size;
            }
            if (own != shape[d]) throw Unfit(parameter, shape);
        }
    }

    // One size that is not known yet follows from the number of bytes.
    private static bool TryFitBytes(in FunctionParameter parameter, int bytes, Span<long> sizes)
    {
        long known = parameter.DType.ItemSize;
        int unknown = -1, unknowns = 0;
        foreach (long own in parameter.Sizes)
        {
            long size = own >= 0 ? own : sizes[(int)(-1 - own)];
            if (size < 0)
            {
                unknown = (int)(-1 - own);
                unknowns++;
            }
            else if (!TryMultiply(ref known, size))
            {
                throw WrongBytes(Describe(parameter), parameter.DType, long.MaxValue, bytes);
            }
        }
        if (unknowns == 0) return known == bytes ? true : throw WrongBytes(Describe(parameter), parameter.DType, known, bytes);
        if (unknowns > 1 || known == 0) return false;
        if (bytes % known != 0) throw new AutogradException(ErrorReason.PayloadSizeMismatch, $"'{parameter.Name}' of shape {Describe(parameter)} and dtype {parameter.DType.Name} takes a multiple of {known} bytes, but got {bytes}");
        sizes[unknown] = bytes / known;
        return true;
    }

    private static bool TryMultiply(ref long product, long factor)
    {
        long high = Math.BigMul(product, factor, out long low);
        product = low;
        return high == 0 && low >= 0;
    }

    private static long CheckOut(GivenCall call, FunctionPlan plan, CommandInterpreter? session)
    {
        if (session is null) throw Refusal.InvalidField("call.out", "handles belong to a session: name it in session_id");
        if (call.Out.Count > plan.Results.Length) throw Refusal.InvalidField("call.out", $"the answer has {plan.Results.Length} tensors, but {call.Out.Count} handles were given");
        session.CheckFree(CollectionsMarshal.AsSpan(call.Out), "call.out");
        long unsent = 0;
        for (int i = 0; i < call.Out.Count; i++)
            if (call.Out[i] != 0) unsent += plan.Results[i].WireBytes;
        return unsent;
    }

    private static void CheckDType(in GivenArgument argument, DType dtype, string field)
    {
        if (argument.DType != 0 && argument.DType != (ulong)TensorDescription.ToWire(dtype))
            throw Refusal.InvalidField($"{field}.dtype", $"the function takes {dtype.Name} there");
    }

    private static Tensor TensorOf(CommandInterpreter? session, ulong handle, string field) =>
        session is null ? throw Refusal.InvalidField(field, "handles belong to a session: name it in session_id") : session.Find(handle);

    private static void CheckCount(int count, int expected, string field)
    {
        if (count != expected) throw Refusal.InvalidField(field, $"{expected} are expected, but {count} were given");
    }

    private static string Describe(in FunctionParameter parameter) => $"[{string.Join(", ", parameter.Sizes.Select(static s => s >= 0 ? s.ToString(System.Globalization.CultureInfo.InvariantCulture) : "?"))}]";

    private static AutogradException Unfit(in FunctionParameter parameter, ReadOnlySpan<long> shape) =>
        new(ErrorReason.ShapeMismatch, $"parameter '{parameter.Name}' has shape {Describe(parameter)}, but got [{string.Join(", ", shape.ToArray())}]");

    private static AutogradException WrongBytes(string shape, DType dtype, long expected, long got) =>
        new(ErrorReason.PayloadSizeMismatch, $"shape '{shape}' of dtype {dtype.Name} takes {expected} bytes, but got {got}");
}
