extern alias server;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using AutogradService.Client;
using AutogradService.Examples.Digits;
using server::AutogradService.Server.Hosting;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace AutogradService.Benchmarks;

/// <summary>Functions called over loopback: the client and the server in this process.</summary>
internal sealed class FunctionSuite : IAsyncDisposable
{
    private const int Calls = 100;
    private const int InFlight = 16;
    private const int OpenLoopRate = 10_000;
    private const int OpenLoopSeconds = 5;
    private const int TrainingSteps = 50;
    private readonly WebApplication _server;
    private readonly BareService _bare;
    private readonly AutogradClient _client;
    private readonly AutogradSession _session;
    private readonly int[] _threads;
    private readonly Func<Task> _bce;
    private readonly BytesValue _echo;

    private FunctionSuite(WebApplication server, BareService bare, AutogradClient client, AutogradSession session, int[] threads)
    {
        _server = server;
        _bare = bare;
        _client = client;
        _session = session;
        _threads = threads;
        float[] x = [1, 1, 1, 1, 1], w = new float[15], b = new float[3];
        for (int i = 0; i < w.Length; i++) w[i] = i * 0.1f;
        var f = client.Trace((x, w, b) => (x.Matmul(w) + b).BinaryCrossEntropyWithLogits(b.ZerosLike()), [5], [5, 3], [3]).DifferentiatedBy("w", "b");
        _bce = async () => _ = await f.ValueAndGradAsync(x, w, b);
        // What the call sends: three inputs, the id, what is wanted. The answer is smaller.
        _echo = new BytesValue { Value = ByteString.CopyFrom(new byte[92 + 66 + 12 + 16]) };
    }

    public static async Task<FunctionSuite> StartAsync(int[] threads)
    {
        var server = ServerHost.Build(["--Autograd:GrpcPort=0", "--Autograd:HttpPort=0", "--Logging:LogLevel:Default=Warning"]);
        await server.StartAsync();
        string address = server.Services.GetRequiredService<Listeners>().GrpcAddress;
        return new FunctionSuite(server, await BareService.StartAsync(), await AutogradClient.ConnectAsync(address), await AutogradSession.ConnectAsync(address), threads);
    }

    public IEnumerable<Row> Rows()
    {
        yield return Beside("BCE example by CallFunction: value and both gradients, one at a time", 1);
        yield return Beside($"the same, {InFlight} in flight", InFlight);
        yield return Stream();
        yield return Step(64);
        yield return Step(1);
        yield return Train();
    }

    /// <summary>Calls at a fixed rate, whether answers have come or not; times are from when a call was due.</summary>
    public async Task RunOpenLoopAsync()
    {
        foreach (var (name, call) in new[] { ("BCE by CallFunction", _bce), ("bare echo", () => _bare.EchoAsync(_echo)) })
        {
            await OpenLoopAsync(call, 1);
            var latencies = await OpenLoopAsync(call, OpenLoopSeconds);
            Array.Sort(latencies);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"functions: open loop, {OpenLoopRate:N0} calls a second for {OpenLoopSeconds} s, {name}: p50 {At(0.5):F3} ms, p99 {At(0.99):F3} ms, p99.9 {At(0.999):F3} ms, max {latencies[^1]:F2} ms"));
            double At(double share) => latencies[(int)(share * (latencies.Length - 1))];
        }
    }

    /// <summary>The Digits example op by op and by functions: seconds from the first step to the last.</summary>
    public static async Task RunDigitsAsync()
    {
        var seconds = new double[2];
        for (int round = 0; round < 3; round++)
            for (int way = 0; way < 2; way++)
            {
                using var output = new StringWriter(CultureInfo.InvariantCulture);
                await DigitsProgram.RunAsync(way == 0 ? ["--epochs", "30"] : ["--epochs", "30", "--functions"], output);
                double time = double.Parse(Regex.Match(output.ToString(), @"training time +([0-9.]+) s").Groups[1].Value, CultureInfo.InvariantCulture);
                // The first round warms up.
                if (round > 0) seconds[way] = round == 1 ? time : Math.Min(seconds[way], time);
            }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"functions: Digits, 30 epochs: {seconds[0]:F2} s op by op, {seconds[1]:F2} s by functions: {seconds[0] / seconds[1]:F1}x"));
    }

    public async ValueTask DisposeAsync()
    {
        await _session.DisposeAsync();
        await _client.DisposeAsync();
        await _bare.DisposeAsync();
        await _server.StopAsync();
        await _server.DisposeAsync();
    }

    private static Row Make(string name, Func<IEnumerable<Variant>> prepare) => new("functions", name, prepare) { Concurrent = true };

    private static Variant Loop(Who who, int threads, Func<Task> call) => new(who, threads, async calls =>
    {
        for (long i = 0; i < calls; i++) await call();
    });

    private Row Beside(string name, int inFlight)
    {
        Variant Of(Who who, Func<Task> call) => Loop(who, _threads[^1], () => Task.WhenAll(Enumerable.Range(0, inFlight).Select(async _ =>
        {
            for (int i = 0; i < Calls / inFlight; i++) await call();
        })));
        return Make(name, () => [Of(Who.Ours, _bce), Of(Who.Bare, () => _bare.EchoAsync(_echo))]) with { Per = Calls / inFlight * inFlight, PeerRow = "BCE example fw+bw" };
    }

    private Row Stream() => Make("the same by a stream of calls", () =>
    {
        float[] x = [1, 1, 1, 1, 1], w = new float[15], b = new float[3];
        var f = _client.Trace((x, w, b) => (x.Matmul(w) + b).BinaryCrossEntropyWithLogits(b.ZerosLike()), [5], [5, 3], [3]).DifferentiatedBy("w", "b");
        var stream = f.OpenStream();
        return [Loop(Who.Ours, _threads[^1], () => Task.WhenAll(Enumerable.Range(0, Calls).Select(_ => stream.CallAsync(x, w, b))))];
    }) with
    { Per = Calls, PeerRow = "BCE example fw+bw" };

    private (Function Loss, Tensor[] Weights) Mlp()
    {
        int[] sizes = [784, 512, 512, 10];
        var weights = new List<Tensor>();
        for (int i = 0; i < 3; i++)
        {
            using (_session.NoGrad()) weights.Add(_session.Randn([sizes[i + 1], sizes[i]]).Mul(0.05).SetRequiresGrad());
            weights.Add(_session.Zeros([sizes[i + 1]], requiresGrad: true));
        }
        var loss = _session.Trace(
            (x, t) => x.Linear(weights[0], weights[1]).Relu().Linear(weights[2], weights[3]).Relu().Linear(weights[4], weights[5]).CrossEntropy(t),
            ["batch", 784], TensorSpec.Of(DType.Int64, "batch"));
        return (loss, [.. weights]);
    }

    private static (float[] Inputs, long[] Labels) Batch(int count)
    {
        var inputs = new float[count * 784];
        var labels = new long[count];
        for (int i = 0; i < inputs.Length; i++) inputs[i] = i % 7 * 0.1f;
        for (int i = 0; i < count; i++) labels[i] = i % 10;
        return (inputs, labels);
    }

    private Row Step(int batch) => Make($"MLP batch {batch} step by CallFunction: inputs sent, forward, backward, SGD, loss back", () =>
    {
        var (loss, weights) = Mlp();
        var optimizer = _session.Optimizer(new Sgd(0.001), weights);
        var (inputs, labels) = Batch(batch);
        return _threads.Select(threads => Loop(Who.Ours, threads, async () => _ = await loss.StepAsync(optimizer, inputs, labels)));
    }) with
    { PeerRow = $"MLP batch {batch} step" };

    private Row Train() => Make("MLP batch 64 trained on the server, data uploaded", () =>
    {
        var (loss, weights) = Mlp();
        var optimizer = _session.Optimizer(new Sgd(0.001), weights);
        var (inputs, labels) = Batch(640);
        TrainingInput[] data = [TrainingInput.Rows(_session.Tensor<float>(inputs.AsMemory(), [640, 784])), TrainingInput.Rows(_session.Tensor(labels))];
        return _threads.Select(threads => Loop(Who.Ours, threads, async () =>
        {
            await foreach (var _ in _session.TrainAsync(loss, optimizer, data, new TrainingOptions { BatchSize = 64, Steps = TrainingSteps, ReportEvery = TrainingSteps }))
            {
            }
        }));
    }) with
    { Per = TrainingSteps, Unit = "step", PeerRow = "MLP batch 64 step" };

    private static async Task<double[]> OpenLoopAsync(Func<Task> call, int seconds)
    {
        var latencies = new double[OpenLoopRate * seconds];
        var all = new Task[latencies.Length];
        long start = Stopwatch.GetTimestamp();
        double ticks = Stopwatch.Frequency / (double)OpenLoopRate;
        for (int i = 0; i < all.Length;)
        {
            long now = Stopwatch.GetTimestamp();
            // Those that are due are sent; between them this thread gives its core away, as a timer's resolution of a millisecond would let them pile up.
            for (; i < all.Length && start + (long)(i * ticks) <= now; i++) all[i] = OneAsync(i, start + (long)(i * ticks));
            Thread.Sleep(TimeSpan.FromMicroseconds(50));
        }
        await Task.WhenAll(all);
        return latencies;

        async Task OneAsync(int index, long due)
        {
            await call();
            latencies[index] = (Stopwatch.GetTimestamp() - due) * 1e3 / Stopwatch.Frequency;
        }
    }
}
