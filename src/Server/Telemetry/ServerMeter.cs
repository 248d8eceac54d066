using System.Collections.Frozen;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using AutogradService.Server.Errors;
using Grpc.Core;

namespace AutogradService.Server.Telemetry;

/// <summary>
/// What the server measures as it happens. Everything is recorded for a frame or a turn, not for a command, and what can be counted is counted in plain numbers
/// that are read when somebody asks; only distributions go through the instruments at once. docs/telemetry.md lists all of it.
/// </summary>
internal sealed class ServerMeter
{
    /// <summary>The meter's name.</summary>
    public const string Name = "AutogradService";

    private const int KindsMax = 64;
    private static readonly double s_secondsPerTick = 1.0 / Stopwatch.Frequency;
    private static readonly double[] s_seconds = [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60];
    private static readonly string[] s_codes = [.. Enum.GetValues<StatusCode>().Select(c => ErrorStatus.NameOf((Rpc.Code)c))];
    private static readonly FrozenDictionary<int, string> s_kinds = Wire.Command.Descriptor.Oneofs[0].Fields.ToFrozenDictionary(f => f.FieldNumber, f => f.Name);

    private readonly Histogram<double> _calls;
    private readonly Histogram<double> _queueWait;
    private readonly Histogram<double> _compute;
    private readonly Histogram<long> _passNodes;
    private readonly Histogram<long> _peakBytes;
    private readonly long[] _commands = new long[KindsMax];
    private readonly Dictionary<Wire.ErrorReason, long[]> _errors = [];
    private long _compilations;
    private long _gatheredCalls;
    private long _trainingSteps;
    private long _droppedEntries;

    public ServerMeter(IMeterFactory meters)
    {
        var meter = Meter = meters.Create(Name);
        var latencies = new InstrumentAdvice<double> { HistogramBucketBoundaries = s_seconds };
        _calls = meter.CreateHistogram("autograd.rpc.duration", "s", "Duration of calls, streams included, by method and status.", null, latencies);
        _queueWait = meter.CreateHistogram("autograd.queue.wait", "s", "How long commands waited for their session's turn.", null, latencies);
        _compute = meter.CreateHistogram("autograd.compute.duration", "s", "How long a run of commands, a backward pass, a function call (in a stream: the calls of one message) or a training turn took.", null, latencies);
        _passNodes = meter.CreateHistogram("autograd.backward.nodes", "{node}", "Graph nodes that a backward pass reached.", null, new InstrumentAdvice<long> { HistogramBucketBoundaries = [1, 10, 100, 1000, 10_000, 100_000, 1_000_000] });
        _peakBytes = meter.CreateHistogram("autograd.session.peak", "By", "The most bytes that a session held at once, told when it ends.", null, new InstrumentAdvice<long> { HistogramBucketBoundaries = [1 << 10, 1 << 14, 1 << 18, 1 << 20, 1 << 24, 1 << 28, 1 << 30, 1L << 32, 1L << 34] });
        foreach (var reason in ErrorStatus.Reasons) _errors[reason] = new long[1];
        meter.CreateObservableCounter("autograd.commands", CommandCounts, "{command}", "Commands applied, by kind.");
        meter.CreateObservableCounter("autograd.errors", ErrorCounts, "{error}", "Requests and commands refused or failed, by reason.");
        meter.CreateObservableCounter("autograd.function.compilations", () => Volatile.Read(ref _compilations), "{function}", "Functions compiled for shapes that were not there.");
        meter.CreateObservableCounter("autograd.function.gathered", () => Volatile.Read(ref _gatheredCalls), "{call}", "Calls of functions that shared a run with others.");
        meter.CreateObservableCounter("autograd.training.steps", () => Volatile.Read(ref _trainingSteps), "{step}", "Steps of trainings.");
        meter.CreateObservableCounter("autograd.log.dropped", () => Volatile.Read(ref _droppedEntries), "{entry}", "Log entries not written because there were too many.");
    }

    /// <summary>What the instruments belong to.</summary>
    public Meter Meter { get; }

    /// <summary>A call is over.</summary>
    /// <param name="method">Its method.</param>
    /// <param name="isStream">Whether it lasts as long as its client likes.</param>
    /// <param name="code">How it ended.</param>
    /// <param name="start">When it began, in ticks of <see cref="Stopwatch"/>.</param>
    public void CallEnded(string method, bool isStream, StatusCode code, long start)
    {
        if (_calls.Enabled) _calls.Record(Stopwatch.GetElapsedTime(start).TotalSeconds, new("rpc.method", method), new("rpc.type", isStream ? "stream" : "unary"), new("rpc.grpc.status_code", NameOf(code)));
    }

    /// <summary>The status as metrics and traces name it.</summary>
    public static string NameOf(StatusCode code) => (uint)code < (uint)s_codes.Length ? s_codes[(int)code] : "UNKNOWN";

    /// <summary>Commands got their session's turn.</summary>
    public void Waited(long ticks) => _queueWait.Record(ticks * s_secondsPerTick);

    /// <summary>Something was computed.</summary>
    /// <param name="kind">What: commands, backward, function, training.</param>
    /// <param name="ticks">How long it took.</param>
    public void Computed(string kind, long ticks) => _compute.Record(ticks * s_secondsPerTick, new KeyValuePair<string, object?>("kind", kind));

    /// <summary>A backward pass ran.</summary>
    public void PassRan(long nodes) => _passNodes.Record(nodes);

    /// <summary>A session ended.</summary>
    public void SessionEnded(long peakBytes) => _peakBytes.Record(peakBytes);

    /// <summary>Commands of a kind were applied.</summary>
    public void Applied(Wire.Command.ActionOneofCase kind, int count) => Interlocked.Add(ref _commands[(int)kind & (KindsMax - 1)], count);

    /// <summary>Something was refused or failed.</summary>
    public void Failed(Wire.ErrorReason reason)
    {
        if (_errors.TryGetValue(reason, out var count)) Interlocked.Increment(ref count[0]);
    }

    /// <summary>A function was compiled.</summary>
    public void Compiled() => Interlocked.Increment(ref _compilations);

    /// <summary>Calls shared a run.</summary>
    public void Gathered(int calls) => Interlocked.Add(ref _gatheredCalls, calls);

    /// <summary>A training took steps.</summary>
    public void Trained(long steps) => Interlocked.Add(ref _trainingSteps, steps);

    /// <summary>A log entry was not written.</summary>
    public void EntryDropped() => Interlocked.Increment(ref _droppedEntries);

    private IEnumerable<Measurement<long>> CommandCounts()
    {
        foreach (var (number, name) in s_kinds) yield return new Measurement<long>(Volatile.Read(ref _commands[number & (KindsMax - 1)]), new KeyValuePair<string, object?>("kind", name));
    }

    private IEnumerable<Measurement<long>> ErrorCounts()
    {
        foreach (var (reason, count) in _errors) yield return new Measurement<long>(Volatile.Read(ref count[0]), new KeyValuePair<string, object?>("reason", ErrorStatus.NameOf(reason)));
    }
}
