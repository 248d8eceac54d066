using System.Diagnostics;
using System.Globalization;
using AutogradService.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Wire = Autograd.V1;

namespace AutogradService.Benchmarks;

/// <summary>
/// What telemetry costs: two server processes, one with none of it, one with all of it (scraped three times as often as deploy/prometheus does, traces to a collector at the default share, JSON logs), which do
/// the same work in turn. Ratios are of neighbouring samples, so that what else the machine does hits both alike.
/// </summary>
internal static class TelemetryCost
{
    private const int ChainOps = 1000;
    private const int UnaryCalls = 100;
    private const int FunctionCalls = 208;
    private const int InFlight = 16;
    private static readonly TimeSpan s_sample = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_warmup = TimeSpan.FromSeconds(4);
    private static readonly string[] s_none = ["--Autograd:Telemetry:Prometheus=false", "--Logging:LogLevel:Default=Warning", "--Logging:LogLevel:AutogradService.Server.Hosting.Lifecycle=Information"];

    /// <param name="starts">Pairs of processes: what the runtime compiles differs by some hundredths from one process to the next.</param>
    /// <param name="rounds">Pairs of samples of each kind of work in each of them.</param>
    /// <param name="part">"all" of it; or, to find whose the cost is: "none" of it, twice, "metrics" that nobody scrapes, "scraping" them, "traces", "logs".</param>
    /// <param name="work">Part of the names of the kinds of work wanted.</param>
    public static async Task RunAsync(int starts, int rounds, string part, string work)
    {
        long sent = 0, scraped = 0;
        await using var collector = await CollectAsync(bytes => Interlocked.Add(ref sent, bytes));
        string[] chosen = OptionsOf(part, collector.Urls.First());
        var works = Works().Where(w => w.Name.Contains(work, StringComparison.OrdinalIgnoreCase)).ToArray();
        var samples = Array.ConvertAll(works, _ => new List<(Sample Without, Sample With)>());
        for (int start = 0; start < starts; start++)
        {
            await using var without = await ServerProcess.StartAsync("dotnet", [ServerProcess.Built, .. s_none]);
            await using var with = await ServerProcess.StartAsync("dotnet", [ServerProcess.Built, .. chosen]);
            using var enough = new CancellationTokenSource();
            var scraping = part is "all" or "scraping" ? ScrapeAsync(with.HttpAddress, bytes => scraped += bytes, enough.Token) : Task.CompletedTask;
            for (int i = 0; i < works.Length; i++) await CompareAsync(works[i].Prepare, without, with, rounds, samples[i]);
            await enough.CancelAsync();
            await scraping;
        }
        Console.WriteLine($"with telemetry ({part}) beside without any, in neighbouring samples of {starts} pairs of processes: time by the clock, and processor time of the server; median of the ratios and their quartiles");
        Console.WriteLine($"{"work",-44} {"without",12} {"with",12} {"clock",8} {"quartiles",17} {"processor",10} {"quartiles",17}");
        for (int i = 0; i < works.Length; i++) Print(works[i].Name, works[i].Per, samples[i]);
        Console.WriteLine($"scraped {scraped:N0} bytes, the collector got {sent:N0}");
    }

    private static string[] OptionsOf(string part, string collector)
    {
        string[] traces = ["--Autograd:Telemetry:OtlpProtocol=http/protobuf", $"--Autograd:Telemetry:OtlpEndpoint={collector}"];
        string[] logs = ["--Autograd:Telemetry:JsonLogs=true"], noMetrics = s_none[..1], noLogs = s_none[1..];
        return part switch
        {
            "all" => [.. traces, .. logs],
            "none" => s_none,
            "metrics" or "scraping" => noLogs,
            "traces" => [.. traces, .. s_none],
            "logs" => [.. logs, .. noMetrics],
            _ => throw new ArgumentException($"there is no part '{part}'", nameof(part)),
        };
    }

    private static async Task CompareAsync(Func<string, Task<Func<Task>>> prepare, ServerProcess without, ServerProcess with, int rounds, List<(Sample Without, Sample With)> samples)
    {
        var (first, second) = (await prepare(without.Address), await prepare(with.Address));
        await SampleAsync(first, without, s_warmup);
        await SampleAsync(second, with, s_warmup);
        for (int i = 0; i < rounds; i++)
        {
            // Neither is always the one that comes after the other.
            if (i % 2 == 0)
            {
                var a = await SampleAsync(first, without, s_sample);
                samples.Add((a, await SampleAsync(second, with, s_sample)));
            }
            else
            {
                var b = await SampleAsync(second, with, s_sample);
                samples.Add((await SampleAsync(first, without, s_sample), b));
            }
        }
    }

    private static void Print(string name, int per, List<(Sample Without, Sample With)> samples)
    {
        var clock = samples.Select(s => s.With.Clock / s.Without.Clock).Order().ToArray();
        var processor = samples.Select(s => s.With.Processor / s.Without.Processor).Order().ToArray();
        double before = At([.. samples.Select(s => s.Without.Clock).Order()], 0.5), after = At([.. samples.Select(s => s.With.Clock).Order()], 0.5);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-44} {before / per,9:F2} us {after / per,9:F2} us {At(clock, 0.5),8:F3} {$"{At(clock, 0.25):F3} to {At(clock, 0.75):F3}",17} {At(processor, 0.5),10:F3} {$"{At(processor, 0.25):F3} to {At(processor, 0.75):F3}",17}"));
    }

    private static double At(double[] sorted, double share) => sorted[(int)(share * (sorted.Length - 1))];

    private static IEnumerable<(string Name, int Per, Func<string, Task<Func<Task>>> Prepare)> Works()
    {
        yield return ($"chain of {ChainOps:N0} ops and backward, an op", ChainOps, async address =>
        {
            var session = await AutogradSession.ConnectAsync(address);
            var x = session.Rand([4], requiresGrad: true);
            Tensor a = session.Rand([4]), b = session.Rand([4]), one = session.Ones([4]);
            return async () =>
            {
                using (session.Scope())
                {
                    var y = x;
                    for (int i = 0; i < ChainOps / 2; i++) y = y.Mul(a).Add(b);
                    y.Backward(one);
                    _ = await x.Grad.ToArrayAsync<float>();
                    x.SetGrad(null);
                }
            };
        });
        yield return ("unary ApplyOp, a call", UnaryCalls, async address =>
        {
            var session = await AutogradSession.ConnectAsync(address, new Client.SessionOptions { Mode = CallMode.Unary });
            var x = session.Rand([4]);
            await session.FlushAsync();
            const ulong first = 1UL << 40;
            var release = new Wire.ReleaseTensorsRequest { SessionId = session.Id };
            for (ulong i = 0; i < UnaryCalls; i++) release.Handles.Add(first + i);
            return async () =>
            {
                for (ulong i = 0; i < UnaryCalls; i++)
                    await session.Calls.ApplyOpAsync(new Wire.ApplyOpRequest { SessionId = session.Id, ApplyOp = new Wire.ApplyOp { OpId = session.Catalog.IdOf("exp"), A = x.Handle, Out = first + i } });
                await session.Calls.ReleaseTensorsAsync(release);
            };
        });
        yield return ($"function by unary calls, {InFlight} in flight, a call", FunctionCalls, async address =>
        {
            var (f, x, w, b) = await FunctionAsync(address);
            return () => Task.WhenAll(Enumerable.Range(0, InFlight).Select(_ => CallAsync()));

            async Task CallAsync()
            {
                for (int i = 0; i < FunctionCalls / InFlight; i++) await f.ValueAndGradAsync(x, w, b);
            }
        });
        yield return ("function by a stream, a call", FunctionCalls, async address =>
        {
            var (f, x, w, b) = await FunctionAsync(address);
            var stream = f.OpenStream();
            return () => Task.WhenAll(Enumerable.Range(0, FunctionCalls).Select(_ => stream.CallAsync(x, w, b)));
        });
    }

    private static async Task<(Function F, float[] X, float[] W, float[] B)> FunctionAsync(string address)
    {
        var client = await AutogradClient.ConnectAsync(address);
        return (client.Trace((x, w, b) => (x.Matmul(w) + b).BinaryCrossEntropyWithLogits(b.ZerosLike()), [5], [5, 3], [3]).DifferentiatedBy("w", "b"), [1, 1, 1, 1, 1], new float[15], new float[3]);
    }

    // Microseconds of a call, by the clock and of the server's processors.
    private static async Task<Sample> SampleAsync(Func<Task> work, ServerProcess server, TimeSpan length)
    {
        int calls = 0;
        var busy = server.ProcessorTime;
        long start = Stopwatch.GetTimestamp();
        do
        {
            await work();
            calls++;
        }
        while (Stopwatch.GetElapsedTime(start) < length);
        return new Sample(Stopwatch.GetElapsedTime(start).TotalMicroseconds / calls, (server.ProcessorTime - busy).TotalMicroseconds / calls);
    }

    private static async Task ScrapeAsync(string address, Action<long> got, CancellationToken enough)
    {
        using var client = new HttpClient { BaseAddress = new Uri(address) };
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(5));
        try
        {
            while (await timer.WaitForNextTickAsync(enough)) got((await client.GetStringAsync(new Uri("/metrics", UriKind.Relative), enough)).Length);
        }
        catch (OperationCanceledException)
        {
            // Enough was measured.
        }
    }

    // Takes what an OpenTelemetry exporter sends over HTTP, and throws it away.
    private static async Task<WebApplication> CollectAsync(Action<long> got)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            got(body.Length);
            context.Response.ContentType = "application/x-protobuf";
        });
        await app.StartAsync();
        return app;
    }

    private readonly record struct Sample(double Clock, double Processor);
}
