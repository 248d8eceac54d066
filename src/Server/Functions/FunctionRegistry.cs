using System.Collections.Concurrent;
using AutogradService.Engine;
using AutogradService.Engine.Functions;
using AutogradService.Server.Errors;
using AutogradService.Server.Hosting;
using AutogradService.Server.Sessions;
using AutogradService.Server.Telemetry;
using Microsoft.Extensions.Options;

namespace AutogradService.Server.Functions;

/// <summary>
/// All functions, by content: one that several principals registered is there once, and as long as one of them has it. Bounded in number and bytes; compiled plans give way by age
/// of their last call.
/// </summary>
internal sealed class FunctionRegistry(IOptions<ServerOptions> options, SessionTable sessions, ServerMeter meter) : IDisposable
{
    private readonly ServerOptions _options = options.Value;
    private readonly ConcurrentDictionary<string, RegisteredFunction> _functions = new();
    private readonly ConcurrentDictionary<string, Holdings> _holdings = new();
    private readonly Lock _lock = new();
    private readonly List<FunctionPlan> _plans = [];
    private long _bytes;
    private long _planBytes;

    /// <summary>Functions kept.</summary>
    public int Count => _functions.Count;

    /// <summary>Bytes of memory that plans keep ready.</summary>
    public long PlanBytes
    {
        get
        {
            lock (_lock) return _planBytes;
        }
    }

    /// <summary>Plans kept.</summary>
    public int Plans
    {
        get
        {
            lock (_lock) return _plans.Count;
        }
    }

    /// <summary>Registers a function for a principal.</summary>
    /// <exception cref="Refusal">INVALID_FIELD, LIMIT_EXCEEDED, QUOTA_FUNCTIONS.</exception>
    /// <exception cref="AutogradException">What the function's ops and attributes refuse.</exception>
    public RegisteredFunction Register(Wire.Function? given, string caller)
    {
        const int nameLengthMax = 128;
        if (given is { DisplayName.Length: > nameLengthMax }) throw Refusal.LimitExceeded("function.display_name", given.DisplayName.Length, nameLengthMax);
        var definition = Define(given, "function");
        var limits = _options.Functions;
        lock (_lock)
        {
            var holdings = _holdings.GetOrAdd(caller, static _ => new Holdings());
            if (!_functions.TryGetValue(definition.Id, out var function))
            {
                if (_functions.Count >= limits.FunctionsMax) throw Quota($"the server keeps {_functions.Count} functions, at most {limits.FunctionsMax}", limits.FunctionsMax);
                if (_bytes + definition.ByteCount > limits.BytesMax) throw Quota($"the server keeps {_bytes} bytes of functions, at most {limits.BytesMax}", limits.BytesMax);
                function = new RegisteredFunction(definition);
            }
            if (!function.IsHeldBy(caller))
            {
                if (holdings.Count >= limits.PrincipalFunctionsMax) throw Quota($"the caller keeps {holdings.Count} functions, at most {limits.PrincipalFunctionsMax}", limits.PrincipalFunctionsMax);
                if (holdings.Bytes + definition.ByteCount > limits.PrincipalBytesMax) throw Quota($"the caller keeps {holdings.Bytes} bytes of functions, at most {limits.PrincipalBytesMax}", limits.PrincipalBytesMax);
                holdings.Count++;
                holdings.Bytes += definition.ByteCount;
                if (function.Holders == 0) _bytes += definition.ByteCount;
            }
            // One name for each function that a caller has: the table of names is as bounded as that of functions.
            string before = function.NameFor(caller);
            if (before.Length > 0 && holdings.ByName.TryGetValue(before, out var named) && ReferenceEquals(named, function)) holdings.ByName.TryRemove(before, out _);
            function.Hold(caller, given!.DisplayName);
            _functions[definition.Id] = function;
            if (given.DisplayName.Length > 0) holdings.ByName[given.DisplayName] = function;
            return function;
        }
    }

    /// <summary>Finds a function of the caller's, by id or name.</summary>
    /// <exception cref="Refusal">FUNCTION_NOT_FOUND, INVALID_FIELD.</exception>
    public RegisteredFunction Get(ReadOnlySpan<char> idOrName, string caller, string field = "function")
    {
        if (idOrName.IsEmpty) throw Refusal.Missing(field);
        if (idOrName.Length == FunctionDefinition.IdLength && _functions.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(idOrName, out var function) && function.IsHeldBy(caller)) return function;
        if (_holdings.TryGetValue(caller, out var holdings) && holdings.ByName.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(idOrName, out function)) return function;
        throw Refusal.FunctionNotFound(field);
    }

    /// <summary>The caller's functions in order of id, a page at a time.</summary>
    public (List<RegisteredFunction> Functions, string NextToken) Page(string caller, int size, string token)
    {
        var page = _functions.Values.Where(f => f.IsHeldBy(caller) && string.CompareOrdinal(f.Definition.Id, token) > 0).OrderBy(f => f.Definition.Id, StringComparer.Ordinal).Take(size + 1).ToList();
        if (page.Count <= size) return (page, "");
        page.RemoveAt(size);
        return (page, page[^1].Definition.Id);
    }

    /// <summary>Takes a function from a principal; the last one's takes it away altogether.</summary>
    /// <exception cref="Refusal">FUNCTION_NOT_FOUND.</exception>
    public void Delete(string idOrName, string caller)
    {
        lock (_lock)
        {
            var function = Get(idOrName, caller);
            var holdings = _holdings[caller];
            function.LetGo(caller);
            holdings.Count--;
            holdings.Bytes -= function.Definition.ByteCount;
            foreach (var (name, named) in holdings.ByName)
                if (ReferenceEquals(named, function)) holdings.ByName.TryRemove(name, out _);
            if (holdings.Count == 0) _holdings.TryRemove(caller, out _);
            if (function.Holders > 0) return;
            _bytes -= function.Definition.ByteCount;
            _functions.TryRemove(function.Definition.Id, out _);
            foreach (var plan in function.TakePlans()) Forget(plan);
        }
    }

    /// <summary>The plan for some shapes and for what is wanted, held for the caller, who must let it go (<see cref="FunctionPlan.Leave"/>).</summary>
    /// <exception cref="Refusal">INVALID_FIELD, LIMIT_EXCEEDED, COST_TOO_HIGH.</exception>
    /// <exception cref="AutogradException">Whatever its ops refuse for these shapes.</exception>
    public FunctionPlan PlanFor(RegisteredFunction function, ReadOnlySpan<byte> wanted, ReadOnlySpan<long> sizes)
    {
        while (true)
        {
            if (function.Find(wanted, sizes) is { } known)
            {
                if (known.TryUse()) return known;
                // It gave way this moment.
                function.Remove(known);
                continue;
            }
            var plan = FunctionPlan.Compile(function.Definition, wanted, sizes, _options, sessions.Memory);
            plan.TryUse();
            meter.Compiled();
            lock (_lock)
            {
                // Somebody else may have been faster, or have deleted the function.
                if (function.Holders == 0 || function.Find(wanted, sizes) is not null)
                {
                    plan.Drop();
                    return plan;
                }
                function.Add(plan);
                _plans.Add(plan);
                _planBytes += BytesOf(plan);
                MakeRoom(plan);
            }
            return plan;
        }
    }

    /// <summary>What a call would take.</summary>
    /// <inheritdoc cref="PlanFor"/>
    public (Cost Cost, IReadOnlyList<TensorSpec> Results) Estimate(FunctionDefinition definition, ReadOnlySpan<byte> wanted, ReadOnlySpan<long> sizes) =>
        FunctionPlan.Estimate(definition, wanted, sizes, _options, sessions.Memory);

    /// <summary>Looks a function through without keeping it.</summary>
    /// <exception cref="Refusal">INVALID_FIELD, LIMIT_EXCEEDED, QUOTA_FUNCTIONS.</exception>
    /// <exception cref="AutogradException">What the function's ops and attributes refuse.</exception>
    public FunctionDefinition Define(Wire.Function? given, string field)
    {
        var definition = FunctionDefinition.Of(given, field, _options.Limits);
        int most = _options.Functions.FunctionBytesMax;
        return definition.ByteCount <= most ? definition : throw Quota($"a function of {definition.ByteCount} bytes: at most {most} may be", most);
    }

    /// <summary>What commands on a session's tensors would take; the caller has the session's turn.</summary>
    /// <exception cref="Refusal">FEATURE_UNSUPPORTED, LIMIT_EXCEEDED, and what the commands' handles refuse.</exception>
    /// <exception cref="AutogradException">Whatever the commands' ops refuse.</exception>
    public (Cost Cost, IReadOnlyList<TensorSpec> Results) Estimate(Wire.CommandBatch batch, Commands.CommandInterpreter session) =>
        CommandEstimate.Of(batch, session, _options, sessions.Memory);

    /// <summary>Gives the memory of all plans back.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var plan in _plans) plan.Drop();
            _plans.Clear();
        }
    }

    private void MakeRoom(FunctionPlan newest)
    {
        var limits = _options.Functions;
        while (_plans.Count > limits.PlansMax || _planBytes > limits.PlanBytesMax)
        {
            FunctionPlan? oldest = null;
            foreach (var plan in _plans)
                if (!ReferenceEquals(plan, newest) && (oldest is null || plan.LastUsed < oldest.LastUsed)) oldest = plan;
            if (oldest is null) return;
            if (_functions.TryGetValue(oldest.Definition.Id, out var function)) function.Remove(oldest);
            Forget(oldest);
        }
    }

    private void Forget(FunctionPlan plan)
    {
        if (!_plans.Remove(plan)) return;
        _planBytes -= BytesOf(plan);
        plan.Drop();
    }

    private long BytesOf(FunctionPlan plan) => _options.Functions.RunsKept * (plan.Compiled.Cost.MemoryBytes + plan.GivenBytes.Sum(static b => (long)b));

    private static Refusal Quota(string message, long most) => Refusal.Quota(Wire.ErrorReason.QuotaFunctions, message, most);

    /// <summary>What a principal has.</summary>
    private sealed class Holdings
    {
        public ConcurrentDictionary<string, RegisteredFunction> ByName { get; } = new();

        public int Count { get; set; }

        public long Bytes { get; set; }
    }
}

/// <summary>A function, who has it, and its plans.</summary>
internal sealed class RegisteredFunction(FunctionDefinition definition)
{
    private readonly ConcurrentDictionary<string, string> _holders = new();
    private readonly Lock _lock = new();
    private FunctionPlan[] _plans = [];
    private BatchedCalls[] _batched = [];

    /// <summary>What it is.</summary>
    public FunctionDefinition Definition => definition;

    /// <summary>How many principals have it.</summary>
    public int Holders => _holders.Count;

    /// <summary>Whether a principal has it.</summary>
    public bool IsHeldBy(string principal) => _holders.ContainsKey(principal);

    /// <summary>The name that a principal gave it.</summary>
    public string NameFor(string principal) => _holders.GetValueOrDefault(principal, "");

    public void Hold(string principal, string displayName) => _holders[principal] = displayName;

    public void LetGo(string principal) => _holders.TryRemove(principal, out _);

    /// <summary>The plan for some shapes and for what is wanted, if there is one.</summary>
    public FunctionPlan? Find(ReadOnlySpan<byte> wanted, ReadOnlySpan<long> sizes)
    {
        foreach (var plan in Volatile.Read(ref _plans))
            if (plan.Fits(wanted, sizes)) return plan;
        return null;
    }

    public void Add(FunctionPlan plan)
    {
        lock (_lock) Volatile.Write(ref _plans, [plan, .. _plans]);
    }

    public void Remove(FunctionPlan plan)
    {
        lock (_lock) Volatile.Write(ref _plans, [.. _plans.Where(p => !ReferenceEquals(p, plan))]);
    }

    /// <summary>How calls with something wanted are put together; null: so many different things were wanted that this is not kept any more.</summary>
    public BatchedCalls? BatchedCallsFor(ReadOnlySpan<byte> wanted)
    {
        const int keptMax = 16;
        foreach (var known in Volatile.Read(ref _batched))
            if (wanted.SequenceEqual(known.Wanted)) return known;
        lock (_lock)
        {
            foreach (var known in _batched)
                if (wanted.SequenceEqual(known.Wanted)) return known;
            if (_batched.Length == keptMax) return null;
            var made = new BatchedCalls(this, wanted.ToArray());
            Volatile.Write(ref _batched, [.. _batched, made]);
            return made;
        }
    }

    public FunctionPlan[] TakePlans()
    {
        lock (_lock)
        {
            var plans = _plans;
            Volatile.Write(ref _plans, []);
            return plans;
        }
    }
}
