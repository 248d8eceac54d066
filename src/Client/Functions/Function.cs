using System.Text;
using Google.Protobuf;

namespace AutogradService.Client;

/// <summary>
/// A function that was recorded once and is run by the server: one call sends the inputs and brings values and derivatives back, all of one forward run. It is registered with the
/// server at the first call, and compiled for the shapes that it is called with. Any number of calls may be under way.
/// </summary>
public sealed class Function
{
    private readonly FunctionSource _source;
    private readonly string[] _by;
    private volatile CallKind? _stepKind;

    internal Function(FunctionSource source, string[]? by = null)
    {
        _source = source;
        _by = by ?? [.. source.Parameters.Where(static p => ((DType)p.Dtype).IsFloatingPoint).Select(static p => p.Name)];
        ValueOnly = new CallKind(new Wire.Wanted { Value = true }, source, _by);
        GradOnly = new CallKind(new Wire.Wanted { Grad = { _by } }, source, _by);
        Both = new CallKind(new Wire.Wanted { Value = true, Grad = { _by } }, source, _by);
    }

    /// <summary>The name by which others find it; empty: none.</summary>
    public string Name => _source.Name;

    /// <summary>Names of its parameters, in order.</summary>
    public IReadOnlyList<string> ParameterNames => Array.ConvertAll(_source.Parameters, static p => p.Name);

    /// <summary>Names of the parameters that its gradients are with respect to: all that are floating-point, unless <see cref="DifferentiatedBy(string[])"/> said otherwise.</summary>
    public IReadOnlyList<string> Differentiated => _by;

    internal CallKind ValueOnly { get; }

    internal CallKind GradOnly { get; }

    internal CallKind Both { get; }

    internal FunctionSource Source => _source;

    /// <summary>The same function with gradients with respect to these parameters.</summary>
    /// <exception cref="ArgumentException">It has no such parameter.</exception>
    public Function DifferentiatedBy(params string[] parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        foreach (string name in parameters)
            if (!ParameterNames.Contains(name) && _source.Definition?.Parameters.Any(p => p.Name == name) != true) throw new ArgumentException($"the function has no parameter '{name}'", nameof(parameters));
        return new Function(_source, [.. parameters]);
    }

    /// <summary>The same function with gradients with respect to tensors of the session that it uses beside its parameters.</summary>
    /// <exception cref="ArgumentException">It does not use one of them.</exception>
    public Function DifferentiatedBy(params Tensor[] captured)
    {
        ArgumentNullException.ThrowIfNull(captured);
        return new Function(_source, Array.ConvertAll(captured, t => _source.NameOf(t) ?? throw new ArgumentException($"the function does not use {t}", nameof(captured))));
    }

    /// <summary>
    /// Calls it and takes a step of an optimizer with the gradients of the first result, in one round trip: parameters given as tensors, and tensors of the session that it uses, are
    /// updated in place where the optimizer updates them.
    /// </summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="inputs">One for each parameter, in order.</param>
    /// <returns>The results, and the gradients' norm before clipping.</returns>
    /// <exception cref="AutogradException">As <see cref="CallAsync(FunctionInput[])"/>; nothing has changed then.</exception>
    public Task<FunctionAnswer> StepAsync(Optimizer optimizer, params FunctionInput[] inputs) => StepAsync(optimizer, inputs, null, null);

    /// <inheritdoc cref="StepAsync(Optimizer, FunctionInput[])"/>
    /// <param name="clipping">Bounds for the gradients; null: none.</param>
    /// <param name="seed">Seed of the random numbers; null: others in each call.</param>
    /// <param name="cancellation">Ends the call; either the whole step is done or nothing.</param>
    public async Task<FunctionAnswer> StepAsync(Optimizer optimizer, FunctionInput[] inputs, GradientClipping? clipping, ulong? seed, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(inputs);
        var names = new List<string>();
        var order = new List<Tensor>();
        for (int i = 0; i < inputs.Length && i < _source.Parameters.Length; i++)
            if (inputs[i].Tensor is { } tensor && optimizer.Updates(tensor)) Add(tensor, _source.Parameters[i].Name);
        foreach (var tensor in _source.State)
            if (optimizer.Updates(tensor)) Add(tensor, _source.NameOf(tensor)!);
        // The same tensors in every call of a loop: what says so is made once.
        var kind = _stepKind;
        if (kind is null || !kind.Wanted.Grad.SequenceEqual(names)) _stepKind = kind = new CallKind(new Wire.Wanted { Value = true, Grad = { names } }, _source, []);
        var tail = new Wire.FunctionCall { Update = new Wire.Update { Optimizer = optimizer.Settings.ToWire(), State = optimizer.StateOf(order), Clipping = clipping?.ToWire() } };
        if (seed is { } s) tail.Seed = s;
        var answer = await SendAsync(kind, inputs, tail.ToByteArray(), cancellation).ConfigureAwait(false);
        optimizer.StepsDone++;
        GC.KeepAlive(optimizer);
        return new FunctionAnswer(ValuesOf(answer), [], [], [], [], [], answer.HasGradientNorm ? answer.GradientNorm : null);

        void Add(Tensor tensor, string name)
        {
            names.Add(name);
            order.Add(tensor);
        }
    }

    /// <summary>Its id: the SHA-256 of what it does, the same for all who record the same. Registers it.</summary>
    /// <exception cref="AutogradException">What it does was refused, or QUOTA_FUNCTIONS.</exception>
    public Task<string> IdAsync(CancellationToken cancellation = default) => _source.RegisterAsync(cancellation);

    /// <summary>Its results.</summary>
    /// <param name="inputs">One for each parameter, in order.</param>
    /// <exception cref="AutogradException">Shapes, dtypes or attributes that its ops do not take; VALUE_DEPENDENT; COST_TOO_HIGH.</exception>
    public Task<FunctionValue[]> CallAsync(params FunctionInput[] inputs) => CallAsync(inputs, CancellationToken.None);

    /// <inheritdoc cref="CallAsync(FunctionInput[])"/>
    /// <param name="cancellation">Ends the call, on the server too.</param>
    public async Task<FunctionValue[]> CallAsync(FunctionInput[] inputs, CancellationToken cancellation) => ValuesOf(await SendAsync(ValueOnly, inputs, [], cancellation).ConfigureAwait(false));

    /// <summary>Its results, and the gradients of the first one, which must have one element.</summary>
    /// <inheritdoc cref="CallAsync(FunctionInput[])"/>
    public Task<ValueAndGrad> ValueAndGradAsync(params FunctionInput[] inputs) => ValueAndGradAsync(inputs, CancellationToken.None);

    /// <inheritdoc cref="ValueAndGradAsync(FunctionInput[])"/>
    /// <param name="cancellation">Ends the call, on the server too.</param>
    public async Task<ValueAndGrad> ValueAndGradAsync(FunctionInput[] inputs, CancellationToken cancellation) =>
        BothOf(await SendAsync(Both, inputs, [], cancellation).ConfigureAwait(false));

    /// <summary>The gradients of its first result, which must have one element.</summary>
    /// <returns>One for each parameter of <see cref="Differentiated"/>.</returns>
    /// <inheritdoc cref="CallAsync(FunctionInput[])"/>
    public Task<FunctionValue[]> GradAsync(params FunctionInput[] inputs) => GradAsync(inputs, CancellationToken.None);

    /// <inheritdoc cref="GradAsync(FunctionInput[])"/>
    /// <param name="cancellation">Ends the call, on the server too.</param>
    public async Task<FunctionValue[]> GradAsync(FunctionInput[] inputs, CancellationToken cancellation) => ValuesOf(await SendAsync(GradOnly, inputs, [], cancellation).ConfigureAwait(false));

    /// <summary>Its results, and the cotangents times the Jacobian.</summary>
    /// <param name="inputs">One for each parameter.</param>
    /// <param name="cotangents">One for each result, of its shape.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The products by parameter of <see cref="Differentiated"/>.</returns>
    /// <exception cref="AutogradException">As <see cref="CallAsync(FunctionInput[])"/>.</exception>
    public async Task<(IReadOnlyList<FunctionValue> Values, IReadOnlyList<FunctionValue> Products)> VjpAsync(IReadOnlyList<FunctionInput> inputs, IReadOnlyList<FunctionInput> cotangents, CancellationToken cancellation = default)
    {
        var answer = await CallAsync(new FunctionCall { Inputs = inputs, Value = true, Vjp = _by, Cotangents = cotangents }, cancellation).ConfigureAwait(false);
        return (answer.Values, answer.Vjp);
    }

    /// <summary>Its results, and the Jacobian times the tangents.</summary>
    /// <param name="inputs">One for each parameter.</param>
    /// <param name="tangents">One for each parameter of <see cref="Differentiated"/>, of its shape.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The products by result.</returns>
    /// <exception cref="AutogradException">As <see cref="CallAsync(FunctionInput[])"/>.</exception>
    public async Task<(IReadOnlyList<FunctionValue> Values, IReadOnlyList<FunctionValue> Products)> JvpAsync(IReadOnlyList<FunctionInput> inputs, IReadOnlyList<FunctionInput> tangents, CancellationToken cancellation = default)
    {
        var answer = await CallAsync(new FunctionCall { Inputs = inputs, Value = true, Jvp = _by, Tangents = tangents }, cancellation).ConfigureAwait(false);
        return (answer.Values, answer.Jvp);
    }

    /// <summary>Its results, and the Hessian of the first one times vectors.</summary>
    /// <param name="inputs">One for each parameter.</param>
    /// <param name="vectors">One for each parameter of <see cref="Differentiated"/>, of its shape.</param>
    /// <param name="cancellation">Ends the call.</param>
    /// <returns>The products by parameter of <see cref="Differentiated"/>.</returns>
    /// <exception cref="AutogradException">As <see cref="CallAsync(FunctionInput[])"/>.</exception>
    public async Task<(IReadOnlyList<FunctionValue> Values, IReadOnlyList<FunctionValue> Products)> HvpAsync(IReadOnlyList<FunctionInput> inputs, IReadOnlyList<FunctionInput> vectors, CancellationToken cancellation = default)
    {
        var answer = await CallAsync(new FunctionCall { Inputs = inputs, Value = true, Hvp = _by, Vectors = vectors }, cancellation).ConfigureAwait(false);
        return (answer.Values, answer.Hvp);
    }

    /// <summary>Calls it, with all that can be asked for.</summary>
    /// <param name="call">What to give and what to bring.</param>
    /// <param name="cancellation">Ends the call, on the server too.</param>
    /// <exception cref="AutogradException">As the other forms.</exception>
    public async Task<FunctionAnswer> CallAsync(FunctionCall call, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        var wanted = new Wire.Wanted { Value = call.Value, Grad = { call.Grad }, Vjp = { call.Vjp }, Jvp = { call.Jvp }, Hvp = { call.Hvp } };
        var kind = new CallKind(wanted, _source, [.. call.Grad]);
        var tail = new Wire.FunctionCall();
        if (call.Seed is { } seed) tail.Seed = seed;
        Tensor[] kept = [];
        if (call.Keep)
        {
            var session = _source.Connection.Session ?? throw new InvalidOperationException("only a session keeps tensors: trace the function by a session");
            kept = session.NewTensors(kind.Answers);
            foreach (var tensor in kept) tail.Out.Add(tensor.Handle);
        }
        FunctionInput[] given = [.. call.Inputs, .. call.Cotangents, .. call.Tangents, .. call.Vectors];
        var answer = await SendAsync(kind, given, tail.ToByteArray(), cancellation, call.Inputs.Count, call.Cotangents.Count, call.Tangents.Count).ConfigureAwait(false);
        return kind.Divide(answer, kept);
    }

    /// <summary>Opens a stream of calls, each of which brings the results and the gradients: calls follow each other without waiting for answers, which come in order.</summary>
    /// <param name="gradients">Whether the gradients are brought too.</param>
    public FunctionStream OpenStream(bool gradients = true) => new(this, gradients ? Both : ValueOnly);

    /// <summary>What a call would take, without running it.</summary>
    /// <param name="sizes">A size for each named dimension.</param>
    /// <param name="gradients">Whether the gradients are brought too.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="AutogradException">Shapes that its ops do not take.</exception>
    public async Task<CostEstimate> EstimateCostAsync(IReadOnlyDictionary<string, long>? sizes = null, bool gradients = true, CancellationToken cancellation = default)
    {
        string id = await _source.RegisterAsync(cancellation).ConfigureAwait(false);
        var request = new Wire.EstimateCostRequest { Function = id, Plan = PlanOf(sizes, gradients) };
        var response = await AutogradSession.CallAsync("estimate_cost", () => _source.Connection.Calls.EstimateCostAsync(request, cancellationToken: cancellation), cancellation).ConfigureAwait(false);
        return new CostEstimate(response.Cost);
    }

    /// <summary>How it is run for some shapes, before and after the compiler's passes, as text and as Graphviz graphs.</summary>
    /// <inheritdoc cref="EstimateCostAsync"/>
    public async Task<FunctionPlan> PlanAsync(IReadOnlyDictionary<string, long>? sizes = null, bool gradients = true, CancellationToken cancellation = default)
    {
        string id = await _source.RegisterAsync(cancellation).ConfigureAwait(false);
        var request = new Wire.GetFunctionRequest { Function = id, Plan = PlanOf(sizes, gradients) };
        var plan = (await AutogradSession.CallAsync("get_function", () => _source.Connection.Calls.GetFunctionAsync(request, cancellationToken: cancellation), cancellation).ConfigureAwait(false)).Plan;
        return new FunctionPlan(plan.Recorded, plan.Optimized, plan.RecordedDot, plan.OptimizedDot, new CostEstimate(plan.Cost));
    }

    /// <inheritdoc/>
    public override string ToString() => $"{(Name.Length > 0 ? Name : "function")}({string.Join(", ", ParameterNames)})";

    /// <summary>The message for a call.</summary>
    internal async ValueTask<CallMessage> MessageAsync(CallKind kind, FunctionInput[] given, byte[] tail, bool withHead, CancellationToken cancellation, int inputs = -1, int cotangents = 0, int tangents = 0)
    {
        ArgumentNullException.ThrowIfNull(given);
        if (inputs < 0) inputs = given.Length;
        if (inputs != _source.Parameters.Length) throw new ArgumentException($"{this} takes {_source.Parameters.Length} inputs, but {inputs} were given");
        byte[]? head = kind.Head ?? kind.MakeHead(await _source.RegisterAsync(cancellation).ConfigureAwait(false));
        var all = new FunctionInput[given.Length + _source.State.Length];
        int state = _source.State.Length, at = 0;
        bool hasTensors = state > 0;
        for (int i = 0; i < inputs; i++) all[at++] = Fit(given[i], (DType)_source.Parameters[i].Dtype);
        for (int i = 0; i < state; i++) all[at++] = _source.State[i];
        int cotangentsAt = at;
        for (int i = inputs; i < given.Length; i++) all[at++] = Fit(given[i], kind.DTypeOf(i - inputs - cotangents));
        if (hasTensors) await kind.SettleAsync(cancellation).ConfigureAwait(false);
        return new CallMessage(withHead ? head : [], all, cotangentsAt, cotangentsAt + cotangents, cotangentsAt + cotangents + tangents, tail);

        FunctionInput Fit(in FunctionInput input, DType? dtype)
        {
            if (!input.IsGiven) throw new ArgumentException("an input is missing");
            if (input.Tensor is { } tensor)
            {
                var session = _source.Connection.Session ?? throw new ArgumentException("a tensor of a session can be given only to a function that was traced by that session");
                session.HandleOf(tensor);
                hasTensors = true;
                return input;
            }
            return dtype is { } to ? input.In(to) : input;
        }
    }

    internal static FunctionValue[] ValuesOf(Wire.FunctionAnswer answer)
    {
        var values = new FunctionValue[answer.Values.Count];
        for (int i = 0; i < values.Length; i++) values[i] = new FunctionValue(answer.Values[i]);
        return values;
    }

    internal ValueAndGrad BothOf(Wire.FunctionAnswer answer)
    {
        var all = ValuesOf(answer);
        return new ValueAndGrad(all[.._source.Results], all[_source.Results..], _by);
    }

    private async Task<Wire.FunctionAnswer> SendAsync(CallKind kind, FunctionInput[] given, byte[] tail, CancellationToken cancellation, int inputs = -1, int cotangents = 0, int tangents = 0)
    {
        var message = await MessageAsync(kind, given, tail, withHead: true, cancellation, inputs, cotangents, tangents).ConfigureAwait(false);
        try
        {
            return await _source.Connection.CallAsync(message, cancellation).ConfigureAwait(false);
        }
        catch (AutogradException e) when (e.Reason == ErrorReason.FunctionNotFound)
        {
            // The server was restarted, or somebody deleted it.
            if (!await _source.RegisterAgainAsync(cancellation).ConfigureAwait(false)) throw;
            return await _source.Connection.CallAsync(message, cancellation).ConfigureAwait(false);
        }
        finally
        {
            GC.KeepAlive(given);
            _source.KeepAlive();
        }
    }

    private Wire.PlanRequest PlanOf(IReadOnlyDictionary<string, long>? sizes, bool gradients)
    {
        var plan = new Wire.PlanRequest { Wanted = gradients ? Both.Wanted : ValueOnly.Wanted };
        foreach (var (symbol, size) in sizes ?? new Dictionary<string, long>()) plan.Sizes.Add(new Wire.SymbolSize { Symbol = symbol, Size = size });
        return plan;
    }
}

/// <summary>Calls that want the same of one function: what is wanted, and the bytes that say so.</summary>
internal sealed class CallKind
{
    private readonly FunctionSource _source;
    private readonly string[] _grad;
    private volatile byte[]? _head;

    public CallKind(Wire.Wanted wanted, FunctionSource source, string[] grad)
    {
        Wanted = wanted;
        _source = source;
        _grad = grad;
    }

    public Wire.Wanted Wanted { get; }

    /// <summary>The fields that name function, wanted and session, if they are known.</summary>
    public byte[]? Head => _head;

    /// <summary>How many tensors are brought.</summary>
    public int Answers => (BringsValues ? _source.Results : 0) + Wanted.Grad.Count + Wanted.Vjp.Count + (Wanted.Jvp.Count > 0 ? _source.Results : 0) + Wanted.Hvp.Count;

    private bool BringsValues => Wanted.Value || Wanted.CalculateSize() == 0;

    public byte[] MakeHead(string id) => _head = new Wire.FunctionCall { Function = id, Wanted = Wanted, SessionId = _source.Connection.Session?.Id ?? "" }.ToByteArray();

    /// <summary>The dtype that a tangent or vector has; null for a cotangent, which has its result's.</summary>
    /// <param name="place">Its place behind the cotangents.</param>
    public DType? DTypeOf(int place)
    {
        if (place < 0) return null;
        string name = place < Wanted.Jvp.Count ? Wanted.Jvp[place] : place - Wanted.Jvp.Count < Wanted.Hvp.Count ? Wanted.Hvp[place - Wanted.Jvp.Count] : "";
        return Array.Find(_source.Parameters, p => p.Name == name) is { } parameter ? (DType)parameter.Dtype : null;
    }

    /// <summary>Waits until what was given to the session before has run.</summary>
    public ValueTask SettleAsync(CancellationToken cancellation) => _source.Connection.Session is { } session && !session.Pipeline.IsSettled ? new ValueTask(session.FlushAsync(cancellation)) : default;

    /// <summary>The answer by what was asked for.</summary>
    public FunctionAnswer Divide(Wire.FunctionAnswer answer, Tensor[] kept)
    {
        double? norm = answer.HasGradientNorm ? answer.GradientNorm : null;
        if (kept.Length > 0) return new FunctionAnswer([], [], [], [], [], kept, norm);
        var all = Function.ValuesOf(answer);
        int at = 0;
        FunctionValue[] Take(int count) => all[at..(at += Math.Min(count, all.Length - at))];
        return new FunctionAnswer(Take(BringsValues ? _source.Results : 0), Take(Wanted.Grad.Count), Take(Wanted.Vjp.Count), Take(Wanted.Jvp.Count > 0 ? _source.Results : 0), Take(Wanted.Hvp.Count), kept, norm);
    }
}

/// <summary>What a call takes, told from shapes alone.</summary>
public sealed record CostEstimate
{
    internal CostEstimate(Wire.CostEstimate wire)
    {
        Flops = wire.Flops;
        Bytes = wire.Bytes;
        MemoryBytes = wire.MemoryBytes;
        Steps = (int)wire.Steps;
        Time = wire.Time?.ToTimeSpan() ?? default;
    }

    /// <summary>Floating-point operations.</summary>
    public long Flops { get; }

    /// <summary>Bytes that the steps read and write.</summary>
    public long Bytes { get; }

    /// <summary>Bytes of memory that a run holds beside its inputs.</summary>
    public long MemoryBytes { get; }

    /// <summary>Kernels run.</summary>
    public int Steps { get; }

    /// <summary>Predicted time.</summary>
    public TimeSpan Time { get; }
}

/// <summary>How a function is run for some shapes.</summary>
/// <param name="Recorded">The steps as they were recorded, derivatives included.</param>
/// <param name="Optimized">The steps as they are run.</param>
/// <param name="RecordedDot">The recorded steps as a Graphviz graph.</param>
/// <param name="OptimizedDot">The steps as they are run as a Graphviz graph.</param>
/// <param name="Cost">What a run takes.</param>
public sealed record FunctionPlan(string Recorded, string Optimized, string RecordedDot, string OptimizedDot, CostEstimate Cost);
