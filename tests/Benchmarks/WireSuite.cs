using AutogradService.Client;
using AutogradService.Server.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace AutogradService.Benchmarks;

/// <summary>The client against a server in this process, over loopback.</summary>
internal sealed class WireSuite : IAsyncDisposable
{
    private const int ChainOps = 1000;
    private const string PipelinedChain = "chain of 1,000 ops, backward, one gradient fetched: pipelined";
    private const string UnaryChain = "the same, a unary call for each command";
    private readonly Microsoft.AspNetCore.Builder.WebApplication _server;
    private readonly AutogradSession _pipelined;
    private readonly AutogradSession _unary;

    private WireSuite(Microsoft.AspNetCore.Builder.WebApplication server, AutogradSession pipelined, AutogradSession unary)
    {
        _server = server;
        _pipelined = pipelined;
        _unary = unary;
    }

    public static async Task<WireSuite> StartAsync()
    {
        var server = ServerHost.Build(["--Autograd:GrpcPort=0", "--Autograd:HttpPort=0", "--Logging:LogLevel:Default=Warning"]);
        await server.StartAsync();
        string address = server.Services.GetRequiredService<Listeners>().GrpcAddress;
        var pipelined = await AutogradSession.ConnectAsync(address);
        var unary = await AutogradSession.ConnectAsync(address, new SessionOptions { Mode = CallMode.Unary });
        return new WireSuite(server, pipelined, unary);
    }

    public IEnumerable<Row> Rows()
    {
        yield return Chain(PipelinedChain, _pipelined);
        yield return Chain(UnaryChain, _unary);
        yield return RoundTrip();
        yield return BceExample();
        yield return Mlp(64);
        yield return Mlp(1);
    }

    /// <summary>What the two chains say side by side.</summary>
    public void Explain(List<Timing> timings)
    {
        double pipelined = timings.Single(t => t.Row.Name == PipelinedChain).Median, unary = timings.Single(t => t.Row.Name == UnaryChain).Median;
        Console.WriteLine($"the pipelined chain takes {_framesOfAChain} frames and {unary / pipelined:F1}x less time than {ChainOps + 2:N0} unary calls");
    }

    public async ValueTask DisposeAsync()
    {
        await _pipelined.DisposeAsync();
        await _unary.DisposeAsync();
        await _server.StopAsync();
        await _server.DisposeAsync();
    }

    private long _framesOfAChain;

    private Row Chain(string name, AutogradSession session)
    {
        var x = session.Rand([4], requiresGrad: true);
        var a = session.Rand([4]);
        var b = session.Rand([4]);
        return new Row("wire", name, async () =>
        {
            long frames = session.FramesSent;
            using (session.Scope())
            {
                var y = x;
                for (int i = 0; i < ChainOps / 2; i++) y = y.Mul(a).Add(b);
                y.Backward(session.Ones([4]));
                _ = await x.Grad.ToArrayAsync<float>();
                x.SetGrad(null);
            }
            if (ReferenceEquals(session, _pipelined)) _framesOfAChain = session.FramesSent - frames;
        });
    }

    private Row RoundTrip()
    {
        var x = _pipelined.Rand([4]);
        return new Row("wire", "one op and its value: a round trip", async () =>
        {
            using var y = x.Exp();
            _ = await y.ToArrayAsync<float>();
        });
    }

    private Row BceExample()
    {
        var session = _pipelined;
        var w = session.Randn([5, 3], requiresGrad: true);
        var b = session.Randn([3], requiresGrad: true);
        var x = session.Ones([5]);
        var y = session.Zeros([3]);
        return new Row("wire", "x(5) @ w(5,3) + b, BCE with logits: loss and both gradients fetched", async () =>
        {
            using (session.Scope())
            {
                var loss = (x.Matmul(w) + b).BinaryCrossEntropyWithLogits(y);
                loss.Backward();
                var value = loss.ToArrayAsync<float>();
                var gw = w.Grad.ToArrayAsync<float>();
                var gb = b.Grad.ToArrayAsync<float>();
                _ = await value;
                _ = await gw;
                _ = await gb;
                session.ZeroGrad([w, b]);
            }
        });
    }

    private Row Mlp(int batch)
    {
        var session = _pipelined;
        int[] sizes = [784, 512, 512, 10];
        var weights = new List<Tensor>();
        for (int i = 0; i < 3; i++)
        {
            using (session.NoGrad()) weights.Add(session.Randn([sizes[i + 1], sizes[i]]).Mul(0.05).SetRequiresGrad());
            weights.Add(session.Zeros([sizes[i + 1]], requiresGrad: true));
        }
        var inputs = new float[batch * 784];
        var labels = new long[batch];
        for (int i = 0; i < inputs.Length; i++) inputs[i] = i % 7 * 0.1f;
        for (int i = 0; i < batch; i++) labels[i] = i % 10;
        return new Row("wire", $"MLP 784-512-512-10, batch {batch}: inputs sent, forward, backward, SGD, loss fetched", async () =>
        {
            using (session.Scope())
            {
                var x = session.Tensor(inputs, [batch, 784]);
                var t = session.Tensor(labels, [batch]);
                var h = x.Linear(weights[0], weights[1]).Relu().Linear(weights[2], weights[3]).Relu().Linear(weights[4], weights[5]);
                var loss = h.CrossEntropy(t);
                loss.Backward();
                using (session.NoGrad())
                    foreach (var w in weights) w.SubInPlace(w.Grad, alpha: 0.001);
                session.ZeroGrad(weights);
                _ = await loss.ToArrayAsync<float>();
            }
        });
    }
}
