using System.Diagnostics;
using OpenTelemetry.Trace;

namespace AutogradService.Server.Telemetry;

/// <summary>
/// Spans of calls and of what is below them. A call that is no stream has its spans as children. A stream may live for days, so that each of its frames is a trace of its own, which links
/// to the stream's: or part of the client's, if the frame says of which. ASP.NET Core's own spans are not listened to: it makes one for every call, recorded or not.
/// </summary>
internal static class Tracing
{
    /// <summary>The source's name.</summary>
    public const string Name = ServerMeter.Name;

    private static readonly ActivitySource s_source = new(Name);
    private static KeyValuePair<string, object?>[] s_chosen = Chosen(1);
    private static double s_share = 1;
    private static int s_perSecondMax = int.MaxValue;
    private static long s_second;
    private static int s_thisSecond;

    /// <summary>Whether the span that we are in is recorded.</summary>
    public static bool IsRecording => Activity.Current is { IsAllDataRequested: true };

    /// <summary>
    /// Share of the calls and frames that are recorded, of those that belong to nobody's trace. They are chosen before there is a span: to make one that is then not recorded would cost
    /// a small frame a fifth of its time.
    /// </summary>
    public static double Share
    {
        get => s_share;
        set => (s_share, s_chosen) = (value, Chosen(value));
    }

    /// <summary>How many of them are recorded in a second at most, unless all are to be.</summary>
    public static int PerSecondMax
    {
        set => s_perSecondMax = value;
    }

    /// <summary>Whether the tags of a span to be are those of a call or frame that was chosen.</summary>
    public static bool AreChosen(IEnumerable<KeyValuePair<string, object?>>? tags) => ReferenceEquals(tags, s_chosen);

    /// <summary>Starts a span below the one that we are in, if that is recorded.</summary>
    public static Activity? StartChild(string name) => s_source.HasListeners() && IsRecording ? s_source.StartActivity(name) : null;

    /// <summary>Says in a span which commands were run.</summary>
    /// <param name="span">The span.</param>
    /// <param name="session">The session's position in order of creation: its id is a secret.</param>
    /// <param name="commands">How many.</param>
    /// <param name="failed">How many of them failed.</param>
    public static void Describe(Activity span, long session, int commands, uint failed)
    {
        span.SetTag("autograd.session", session);
        span.SetTag("autograd.commands", commands);
        if (failed > 0) span.SetTag("autograd.commands.failed", (long)failed);
    }

    /// <summary>Starts the span of a call, if its caller records its trace, or if it begins one and is chosen.</summary>
    /// <param name="method">The method: "/package.Service/Name".</param>
    /// <param name="headers">The request's: W3C's traceparent and tracestate.</param>
    public static FrameSpan StartCall(string method, IHeaderDictionary headers)
    {
        if (!s_source.HasListeners()) return default;
        bool isSomebodys = ActivityContext.TryParse(headers.TraceParent, headers.TraceState, isRemote: true, out var parent);
        if (isSomebodys ? (parent.TraceFlags & ActivityTraceFlags.Recorded) == 0 : !IsChosen()) return default;
        var around = Activity.Current;
        Activity.Current = null;
        var span = s_source.StartActivity(method[1..], ActivityKind.Server, parent, isSomebodys ? null : s_chosen);
        return new FrameSpan(span, around, replaces: true);
    }

    /// <summary>Starts the span of a batch in a call of its own: below the call's, unless the batch names another.</summary>
    public static FrameSpan StartBatch(string name, string traceparent)
    {
        if (traceparent.Length > 0) return StartFrame(name, traceparent);
        var call = Activity.Current;
        return StartChild(name) is { } span ? new FrameSpan(span, call, replaces: true) : default;
    }

    /// <summary>Starts the span of a stream's frame.</summary>
    /// <param name="name">What it is.</param>
    /// <param name="traceparent">The client's span, as the frame names it; empty if it names none.</param>
    public static FrameSpan StartFrame(string name, string traceparent = "")
    {
        if (!s_source.HasListeners()) return default;
        var stream = Activity.Current;
        bool isSomebodys = ActivityContext.TryParse(traceparent, null, isRemote: true, out var parent);
        if (!isSomebodys && stream is { HasRemoteParent: true, Recorded: true })
        {
            parent = stream.Context;
            isSomebodys = true;
        }
        if (!isSomebodys && !IsChosen())
        {
            // Nor do its commands belong to the stream's span, if that is recorded.
            if (stream is not { IsAllDataRequested: true }) return default;
            Activity.Current = null;
            return new FrameSpan(null, stream, replaces: true);
        }
        Activity.Current = null;
        var span = s_source.StartActivity(name, ActivityKind.Server, parent, isSomebodys ? null : s_chosen);
        if (stream is not null && span is { IsAllDataRequested: true }) span.AddLink(new ActivityLink(stream.Context));
        return new FrameSpan(span, stream, replaces: true);
    }

    private static bool IsChosen() => s_share >= 1 || Random.Shared.NextDouble() < s_share && HasRoom();

    // A count that is a little off where two threads begin the second together does no harm.
    private static bool HasRoom()
    {
        long second = Environment.TickCount64 / 1000;
        if (Interlocked.Exchange(ref s_second, second) != second) Volatile.Write(ref s_thisSecond, 0);
        return Interlocked.Increment(ref s_thisSecond) <= s_perSecondMax;
    }

    private static KeyValuePair<string, object?>[] Chosen(double share) => [new("autograd.sampling.share", share)];
}

/// <summary>Records traces that begin with a call or frame which was chosen.</summary>
internal sealed class ChosenSampler : Sampler
{
    public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
        new(Tracing.AreChosen(samplingParameters.Tags) ? SamplingDecision.RecordAndSample : SamplingDecision.Drop);
}

/// <summary>A call's or a frame's span, if it has one; when it ends, the one around it is current again: a frame's stream's.</summary>
internal readonly struct FrameSpan(Activity? span, Activity? around, bool replaces) : IDisposable
{
    /// <summary>The span, if it is recorded.</summary>
    public Activity? Span => span is { IsAllDataRequested: true } ? span : null;

    public void Dispose()
    {
        if (!replaces) return;
        span?.Dispose();
        Activity.Current = around;
    }
}

/// <summary>Time by kind of op within one recorded span: the largest few become its attributes.</summary>
internal sealed class OpGroups
{
    private const int ToldMax = 16;
    private readonly Dictionary<string, (long Count, long Ticks)> _groups = [];

    /// <summary>An op was run.</summary>
    public void Add(string op, long ticks)
    {
        ref var group = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_groups, op, out _);
        group.Count++;
        group.Ticks += ticks;
    }

    /// <summary>Writes what was added up into a span.</summary>
    public void Tell(Activity span)
    {
        foreach (var (op, group) in _groups.OrderByDescending(g => g.Value.Ticks).Take(ToldMax))
        {
            span.SetTag($"autograd.op.{op}.count", group.Count);
            span.SetTag($"autograd.op.{op}.seconds", Stopwatch.GetElapsedTime(0, group.Ticks).TotalSeconds);
        }
    }
}
