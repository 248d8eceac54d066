using System.Runtime;
using System.Text.Json;

namespace AutogradService.Benchmarks;

/// <summary>Measures rows and prints what was measured.</summary>
internal sealed class Table(Machine machine, Peer? peer)
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };
    private readonly List<Timing> _timings = [];

    /// <summary>Prints what the numbers are of.</summary>
    public void PrintHead(IEnumerable<int> threads)
    {
        Console.WriteLine($"{Environment.ProcessorCount} cores, {Machine.Vectors}, .NET {Environment.Version}, {(GCSettings.IsServerGC ? "server" : "workstation")} GC{(peer is null ? "" : $"; {peer.Name}")}");
        foreach (int count in threads)
        {
            var limits = machine[count];
            Console.WriteLine($"limits with {count} thread{(count == 1 ? "" : "s")}: {limits.Gflops:F0} GFLOP/s in float32; {limits.L2:F0} GB/s in L2, {limits.L3:F0} in L3, {limits.Dram:F0} in DRAM (read two, write one)");
        }
        Console.WriteLine("time per unit; of limit: of the FMA peak, or of the bandwidth of the level that the row's bytes fit into; CPU: of all threads, waiting left out, disturbed or not; ratio: of the other's median to ours");
        Console.WriteLine($"{"row",-68}{"t",2}{"median",12}{"minimum",12}{"CPU",12}{"rate",17}{"of limit",10}{"allocated",15}{"bare gRPC",12}{"ratio",10}{"of CPU",10}{"peer",12}{"ratio",10}  undisturbed samples");
    }

    /// <summary>Measures rows and prints each when it is done.</summary>
    public async Task RunAsync(Harness harness, IEnumerable<Row> rows)
    {
        foreach (var row in rows)
        {
            var timings = await harness.MeasureAsync(row);
            _timings.AddRange(timings);
            foreach (var ours in timings.Where(t => t.Who == Who.Ours)) Print(ours);
        }
    }

    /// <summary>Prints how all rows together compare with the peer; rows that were disturbed throughout do not count, unless all were.</summary>
    public void PrintMeans()
    {
        foreach (var suite in _timings.GroupBy(t => t.Row.Suite))
            foreach (var threads in suite.Where(t => t.Who == Who.Ours && Other(t, Who.Peer) is not null).GroupBy(t => t.Threads).OrderBy(g => g.Key))
            {
                var all = threads.Select(t => (Ours: t, Peer: Other(t, Who.Peer)!)).ToList();
                var pairs = all.Where(p => p.Ours.Reliable && p.Peer.Reliable).ToList();
                string left = pairs.Count == 0 ? ", all of them disturbed" : pairs.Count < all.Count ? $", {all.Count - pairs.Count} disturbed ones left out" : "";
                if (pairs.Count == 0) pairs = all;
                var ratios = pairs.Select(p => p.Peer.Median / p.Ours.Median).ToList();
                Console.WriteLine($"{suite.Key}, {threads.Key} thread{(threads.Key == 1 ? "" : "s")}: {Mean(ratios):F2}x {peer!.Name}, geometric mean of {pairs.Count} rows{left} (by minima {Mean(pairs.Select(p => p.Peer.Minimum / p.Ours.Minimum)):F2}x; worst row {ratios.Min():F2}x, {ratios.Count(r => r < 1)} below 1)");
            }
        int noisy = _timings.Count(t => !t.Reliable);
        if (noisy > 0) Console.WriteLine($"{noisy} of {_timings.Count} timings got fewer than {Harness.CleanMin} undisturbed samples: something else ran on this machine, and they say little");
    }

    /// <summary>Writes everything to a file.</summary>
    public async Task WriteAsync(string file)
    {
        var all = _timings.Select(t => new
        {
            t.Row.Suite,
            t.Row.Name,
            Who = t.Who.ToString(),
            t.Threads,
            t.Row.Unit,
            MedianNanoseconds = t.Median,
            MinimumNanoseconds = t.Minimum,
            GflopPerSecond = t.Row.Flops > 0 ? t.GflopPerSecond : (double?)null,
            GigabytesPerSecond = t.Row.Bytes > 0 ? t.GigabytesPerSecond : (double?)null,
            ShareOfLimit = t.Row is { Suite: "engine" } && machine.Share(t) is > 0 and var share ? share : (double?)null,
            ProcessorNanoseconds = t.Processor,
            t.AllocatedBytes,
            CleanSamples = t.Clean,
            t.Samples,
        });
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(all, s_json));
    }

    private static double Mean(IEnumerable<double> ratios) => Math.Exp(ratios.Average(Math.Log));

    private Timing? Other(Timing ours, Who who) => _timings.FirstOrDefault(t => t.Row == ours.Row && t.Who == who && t.Threads == ours.Threads);

    private void Print(Timing t)
    {
        string rate = t.Row.Flops > 0 ? $"{t.GflopPerSecond:F1} GFLOP/s" : t.Row.Bytes > 0 ? $"{t.GigabytesPerSecond:F1} GB/s" : t.Row.Suite is "wire" or "functions" ? $"{1e9 / t.Median:N0}/s" : "";
        string share = t.Row.Suite == "engine" && machine.Share(t) is > 0 and var part ? $"{part:P0}" : "";
        string clean = string.Concat(_timings.Where(o => o.Row == t.Row && o.Threads == t.Threads).Select(o => $"  {o.Clean}/{o.Samples}"));
        Console.WriteLine($"{t.Row.Suite + ": " + t.Row.Name,-68}{t.Threads,2}{Time(t.Median),12}{Time(t.Minimum),12}{Time(t.Processor),12}{rate,17}{share,10}{$"{t.AllocatedBytes:N0} B/{t.Row.Unit}",15}{Beside(t, Who.Bare)}{(Other(t, Who.Bare) is { } bare ? $"{bare.Processor / t.Processor:F2}x" : ""),10}{Beside(t, Who.Peer)}{clean}");
    }

    private string Beside(Timing ours, Who who) => Other(ours, who) is { } other ? $"{Time(other.Median),12}{$"{other.Median / ours.Median:F2}x",10}" : new string(' ', 22);

    private static string Time(double ns) => ns switch
    {
        < 1e3 => $"{ns:F1} ns",
        < 1e6 => $"{ns / 1e3:F2} us",
        _ => $"{ns / 1e6:F2} ms",
    };
}
