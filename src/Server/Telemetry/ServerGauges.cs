using System.Diagnostics;
using System.Diagnostics.Metrics;
using AutogradService.Engine;
using AutogradService.Server.Calls;
using AutogradService.Server.Functions;
using AutogradService.Server.Hosting;
using AutogradService.Server.Sessions;
using Microsoft.Extensions.Options;

namespace AutogradService.Server.Telemetry;

/// <summary>What is looked at when somebody asks: sessions, memory, functions, threads, and the work added up for all principals.</summary>
internal sealed class ServerGauges
{
    private static readonly double s_secondsPerTick = 1.0 / Stopwatch.Frequency;
    // One look through the sessions serves all that one scrape asks of it.
    private static readonly TimeSpan s_lookLasts = TimeSpan.FromMilliseconds(100);
    private static readonly (double Quantile, string Name)[] s_quantiles = [(0.5, "0.5"), (0.9, "0.9"), (0.99, "0.99"), (1, "1")];
    private readonly SessionTable _sessions;
    private readonly Lock _lock = new();
    private SessionsLook _look = new(0, 0, 0, 0, 0, []);
    private long _lookedAt;

    public ServerGauges(ServerMeter server, SessionTable sessions, FunctionRegistry functions, UsageTable usage, Admission admission, MessageMemory messages, IOptions<ServerOptions> options)
    {
        _sessions = sessions;
        var meter = server.Meter;
        var limits = options.Value.Limits;

        meter.CreateObservableUpDownCounter("autograd.rpc.active", () => admission.Calls, "{call}", "Calls under way, streams included.");
        meter.CreateObservableGauge("autograd.rpc.active.max", () => limits.CallsMax, "{call}", "Calls that may be under way.");
        meter.CreateObservableGauge("autograd.draining", () => admission.DrainingSeconds, "s", "How long the server has been draining; 0 while it is not.");

        meter.CreateObservableUpDownCounter("autograd.sessions", () => Look().Count, "{session}", "Sessions.");
        meter.CreateObservableGauge("autograd.sessions.max", () => limits.SessionsMax, "{session}", "Sessions that there may be.");
        meter.CreateObservableUpDownCounter("autograd.tensors", () => Look().Tensors, "{tensor}", "Tensors that sessions' handles stand for.");
        meter.CreateObservableUpDownCounter("autograd.graph.nodes", () => Look().Nodes, "{node}", "Autograd graph nodes alive.");
        meter.CreateObservableUpDownCounter("autograd.queue.commands", () => Look().Queued, "{command}", "Commands that wait for their session's turn.");
        meter.CreateObservableUpDownCounter("autograd.queue.bytes", () => Look().QueuedBytes, "By", "Bytes of those commands.");
        meter.CreateObservableGauge("autograd.session.bytes", BytesBySession, "By", "Bytes that a session holds: quantiles over the sessions, 1 is the largest.");

        meter.CreateObservableUpDownCounter("autograd.memory.used", () => sessions.Memory.Used, "By", "Tensor memory taken from the system, what is kept for reuse included.");
        meter.CreateObservableGauge("autograd.memory.max", () => sessions.Memory.BytesMax, "By", "Tensor memory that may be taken.");

        meter.CreateObservableUpDownCounter("autograd.messages.memory", () => messages.Used, "By", "Memory of .NET's heap that large messages under way take, as it is charged.");
        meter.CreateObservableGauge("autograd.messages.memory.max", () => messages.BytesMax, "By", "Memory that they may take.");

        meter.CreateObservableUpDownCounter("autograd.functions", () => functions.Count, "{function}", "Registered functions.");
        meter.CreateObservableUpDownCounter("autograd.functions.compiled", () => functions.Plans, "{function}", "Functions kept compiled, counted once for each set of shapes.");
        meter.CreateObservableUpDownCounter("autograd.functions.compiled.memory", () => functions.PlanBytes, "By", "Memory that compiled functions keep ready.");

        meter.CreateObservableCounter("autograd.backward.calls", () => usage.Sum.Backwards, "{pass}", "Backward passes.");
        meter.CreateObservableCounter("autograd.function.calls", () => usage.Sum.FunctionCalls, "{call}", "Calls of functions, those of streams and of trainings included.");
        meter.CreateObservableCounter("autograd.compute.time", () => usage.Sum.ComputeTicks * s_secondsPerTick, "s", "How long threads computed, kernel threads included.");
        meter.CreateObservableCounter("autograd.flops", () => usage.Sum.Flops, "{operation}", "Floating-point operations, as ops count them.");
        meter.CreateObservableCounter("autograd.transfer", () => Transfers(usage.Sum), "By", "Bytes of commands, inputs and results, by direction.");

        meter.CreateObservableGauge("autograd.kernel.threads", () => KernelThreads.Count, "{thread}", "Threads that one kernel may use, its caller's included.");
        meter.CreateObservableCounter("autograd.kernel.busy", () => KernelThreads.BusyTicks * s_secondsPerTick, "s", "How long kernel threads worked, callers' own left out.");
        meter.CreateObservableCounter("autograd.kernel.loops", KernelLoops, "{loop}", "Loops worth several threads: those that got them, and those that ran alone because they were busy.");
    }

    private static IEnumerable<Measurement<long>> Transfers(Work work) =>
        [new(work.ReceivedBytes, new KeyValuePair<string, object?>("direction", "received")), new(work.SentBytes, new KeyValuePair<string, object?>("direction", "sent"))];

    private static IEnumerable<Measurement<long>> KernelLoops() =>
        [new(KernelThreads.Loops, new KeyValuePair<string, object?>("threads", "several")), new(KernelThreads.LoopsTurnedAway, new KeyValuePair<string, object?>("threads", "one"))];

    private IEnumerable<Measurement<long>> BytesBySession()
    {
        var bytes = Look().Bytes;
        foreach (var (quantile, name) in s_quantiles)
        {
            long value = bytes.Length == 0 ? 0 : bytes[(int)Math.Ceiling(quantile * bytes.Length) - 1];
            yield return new Measurement<long>(value, new KeyValuePair<string, object?>("quantile", name));
        }
    }

    private SessionsLook Look()
    {
        lock (_lock)
        {
            if (_lookedAt != 0 && Stopwatch.GetElapsedTime(_lookedAt) < s_lookLasts) return _look;
            var all = _sessions.All();
            long tensors = 0, nodes = 0, queued = 0, queuedBytes = 0;
            var bytes = new long[all.Length];
            for (int i = 0; i < all.Length; i++)
            {
                var usage = all[i].DescribeUsage();
                tensors += (long)usage.Tensors;
                nodes += (long)usage.Nodes;
                queued += (long)usage.QueuedCommands;
                queuedBytes += (long)usage.QueuedBytes;
                bytes[i] = (long)usage.Bytes;
            }
            Array.Sort(bytes);
            _look = new SessionsLook(all.Length, tensors, nodes, queued, queuedBytes, bytes);
            _lookedAt = Stopwatch.GetTimestamp();
            return _look;
        }
    }

    private sealed record SessionsLook(long Count, long Tensors, long Nodes, long Queued, long QueuedBytes, long[] Bytes);
}
