using AutogradService.LoadTests.Load;
using AutogradService.LoadTests.Reports;

namespace AutogradService.LoadTests.Observation;

/// <summary>Looks at the server, at this program and at the machine at intervals.</summary>
/// <param name="server">The server's process; null: it cannot be seen from here.</param>
/// <param name="metrics">The server's metrics.</param>
internal sealed class Observer(int? server, MetricsPage metrics)
{
    private (long At, double? Server, double Own, double? Machine) _last = (Clock.Now, server is { } id ? ProcessorTime.OfProcess(id) : null, OwnSeconds(), ProcessorTime.OfMachine());

    /// <summary>What happened since the sample before.</summary>
    /// <param name="from">When measuring began.</param>
    /// <param name="cancellation">Ends asking.</param>
    public async Task<ServerSample> SampleAsync(long from, CancellationToken cancellation)
    {
        double? heap = await metrics.HeapBytesAsync(cancellation);
        var now = (At: Clock.Now, Server: server is { } id ? ProcessorTime.OfProcess(id) : null, Own: OwnSeconds(), Machine: ProcessorTime.OfMachine());
        double seconds = Math.Max(1e-3, Clock.Seconds(now.At - _last.At));
        double? cores = (now.Server - _last.Server) / seconds;
        double own = (now.Own - _last.Own) / seconds;
        var memory = server is { } process ? ProcessorTime.Memory(process) : null;
        var sample = new ServerSample
        {
            Second = Clock.Seconds(now.At - from),
            Cores = cores,
            GeneratorCores = own,
            // Ticks of a hundredth are rounded, so the rest may come out below nothing.
            OtherCores = cores is null ? null : (now.Machine - _last.Machine) / seconds - cores - own is { } other ? Math.Max(0, other) : null,
            ResidentBytes = memory?.Resident,
            Threads = memory?.Threads,
            Handles = server is { } observed ? ProcessorTime.Handles(observed) : null,
            HeapBytes = heap,
        };
        _last = now;
        return sample;
    }

    private static double OwnSeconds() => Environment.CpuUsage.TotalTime.TotalSeconds;
}
