extern alias server;
using AutogradService.Client;
using server::AutogradService.Server.Hosting;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Wire = Autograd.V1;

namespace AutogradService.Benchmarks;

/// <summary>The client against a server in this process, over loopback.</summary>
internal sealed class WireSuite : IAsyncDisposable
{
    private const int ChainOps = 1000;
    private const int TinyCommands = 20_000;
    private const int UnaryCalls = 100;
    private const int TransferBytes = 16 << 20;
    private readonly WebApplication _server;
    private readonly BareService _bare;
    private readonly AutogradSession _pipelined;
    private readonly AutogradSession _unary;
    private readonly int[] _threads;
    private readonly int _chunkBytes;

    private WireSuite(WebApplication server, BareService bare, AutogradSession pipelined, AutogradSession unary, int[] threads)
    {
        _server = server;
        _bare = bare;
        _pipelined = pipelined;
        _unary = unary;
        _threads = threads;
        _chunkBytes = server.Services.GetRequiredService<IOptions<ServerOptions>>().Value.Limits.ChunkBytes;
    }

    public static async Task<WireSuite> StartAsync(int[] threads)
    {
        var server = ServerHost.Build(["--Autograd:GrpcPort=0", "--Autograd:HttpPort=0", "--Logging:LogLevel:Default=Warning"]);
        await server.StartAsync();
        string address = server.Services.GetRequiredService<Listeners>().GrpcAddress;
        var pipelined = await AutogradSession.ConnectAsync(address);
        var unary = await AutogradSession.ConnectAsync(address, new Client.SessionOptions { Mode = CallMode.Unary });
        return new WireSuite(server, await BareService.StartAsync(), pipelined, unary, threads);
    }

    public IEnumerable<Row> Rows()
    {
        yield return ApplyOp();
        yield return RoundTrip();
        yield return TinyStream();
        yield return Upload();
        yield return Download();
        yield return Chain($"chain {ChainOps:N0} ops, backward, gradient fetched: pipelined", _pipelined);
        yield return Chain("the same chain, a unary call for each command", _unary);
        yield return Bce();
        yield return Mlp(64);
        yield return Mlp(1);
    }

    public async ValueTask DisposeAsync()
    {
        await _pipelined.DisposeAsync();
        await _unary.DisposeAsync();
        await _bare.DisposeAsync();
        await _server.StopAsync();
        await _server.DisposeAsync();
    }

    private static Row Make(string name, Func<IEnumerable<Variant>> prepare) => new("wire", name, prepare) { Concurrent = true };

    private static Variant Loop(Who who, int threads, Func<Task> call) => new(who, threads, async calls =>
    {
        for (long i = 0; i < calls; i++) await call();
    });

    private IEnumerable<Variant> Beside(Func<Task> ours, Func<Task> bare) => [Loop(Who.Ours, _threads[^1], ours), Loop(Who.Bare, _threads[^1], bare)];

    // The calls of a generated client, beside an echo of as many bytes. Handles are the client's and are released a hundred at a time.
    private Row ApplyOp() => Make("unary ApplyOp on 4 elements", () =>
    {
        var calls = _unary.Calls;
        var x = _unary.Rand([4]);
        const ulong FirstHandle = 1UL << 40;
        var release = new Wire.ReleaseTensorsRequest { SessionId = _unary.Id };
        for (ulong i = 0; i < UnaryCalls; i++) release.Handles.Add(FirstHandle + i);
        Wire.ApplyOpRequest Request(ulong handle) => new()
        {
            SessionId = _unary.Id,
            ApplyOp = new Wire.ApplyOp { OpId = _unary.Catalog.IdOf("exp"), A = x.Handle, Out = handle },
        };
        var echo = new BytesValue { Value = ByteString.CopyFrom(new byte[Request(FirstHandle).CalculateSize()]) };
        return Beside(
            async () =>
            {
                await _unary.FlushAsync(); // x is made; later nothing waits
                for (ulong i = 0; i < UnaryCalls; i++) await calls.ApplyOpAsync(Request(FirstHandle + i));
                await calls.ReleaseTensorsAsync(release);
            },
            async () =>
            {
                for (int i = 0; i < UnaryCalls; i++) await _bare.EchoAsync(echo);
            });
    }) with
    { Per = UnaryCalls };

    private Row RoundTrip() => Make("round trip: one op and its value", () =>
    {
        var x = _pipelined.Rand([4]);
        var message = new BytesValue { Value = ByteString.CopyFrom(new byte[64]) };
        return Beside(
            async () =>
            {
                using var y = x.Exp();
                _ = await y.ToArrayAsync<float>();
            },
            () => _bare.PingPongAsync(message));
    });

    private Row TinyStream() => Make("stream of tiny commands", () =>
    {
        var session = _pipelined;
        Tensor x = session.Rand([4]), a = session.Rand([4]);
        return [Loop(Who.Ours, _threads[^1], async () =>
        {
            using (session.Scope())
            {
                for (int i = 0; i < TinyCommands; i++) _ = x.Add(a);
                await session.FlushAsync();
            }
        })];
    }) with
    { Per = TinyCommands, PeerRow = "add 4", Unit = "op" };

    private Row Upload() => Make("upload of 16 MiB", () =>
    {
        var values = new float[TransferBytes / sizeof(float)];
        var bytes = new byte[TransferBytes];
        return Beside(
            async () =>
            {
                using var x = _pipelined.Tensor<float>(values.AsMemory(), [values.Length]);
                await _pipelined.FlushAsync();
            },
            () => _bare.UploadAsync(bytes, _chunkBytes));
    }) with
    { Bytes = TransferBytes };

    private Row Download() => Make("download of 16 MiB", () =>
    {
        var x = _pipelined.Zeros([TransferBytes / sizeof(float)]);
        return Beside(async () => _ = await x.ToArrayAsync<float>(), () => _bare.DownloadAsync(GC.AllocateUninitializedArray<byte>(TransferBytes), _chunkBytes));
    }) with
    { Bytes = TransferBytes };

    private Row Chain(string name, AutogradSession session) => Make(name, () =>
    {
        var x = session.Rand([4], requiresGrad: true);
        Tensor a = session.Rand([4]), b = session.Rand([4]);
        return [Loop(Who.Ours, _threads[^1], async () =>
        {
            using (session.Scope())
            {
                var y = x;
                for (int i = 0; i < ChainOps / 2; i++) y = y.Mul(a).Add(b);
                y.Backward(session.Ones([4]));
                _ = await x.Grad.ToArrayAsync<float>();
                x.SetGrad(null);
            }
        })];
    }) with
    { PeerRow = "chain 1,000 fw+bw" };

    private Row Bce() => Make("BCE example: loss and both gradients fetched", () =>
    {
        var session = _pipelined;
        Tensor w = session.Randn([5, 3], requiresGrad: true), b = session.Randn([3], requiresGrad: true), x = session.Ones([5]), y = session.Zeros([3]);
        return [Loop(Who.Ours, _threads[^1], async () =>
        {
            using (session.Scope())
            {
                var loss = (x.Matmul(w) + b).BinaryCrossEntropyWithLogits(y);
                loss.Backward();
                var value = loss.ToArrayAsync<float>();
                var ofW = w.Grad.ToArrayAsync<float>();
                var ofB = b.Grad.ToArrayAsync<float>();
                _ = await value;
                _ = await ofW;
                _ = await ofB;
                session.ZeroGrad([w, b]);
            }
        })];
    }) with
    { PeerRow = "BCE example fw+bw" };

    private Row Mlp(int batch) => Make($"MLP batch {batch}: inputs sent, forward, backward, SGD, loss fetched", () =>
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
        return _threads.Select(threads => Loop(Who.Ours, threads, async () =>
        {
            using (session.Scope())
            {
                Tensor x = session.Tensor<float>(inputs.AsMemory(), [batch, 784]), t = session.Tensor<long>(labels.AsMemory(), [batch]);
                var h = x.Linear(weights[0], weights[1]).Relu().Linear(weights[2], weights[3]).Relu().Linear(weights[4], weights[5]);
                var loss = h.CrossEntropy(t);
                loss.Backward();
                using (session.NoGrad())
                    foreach (var w in weights) w.SubInPlace(w.Grad, alpha: 0.001);
                session.ZeroGrad(weights);
                _ = await loss.ToArrayAsync<float>();
            }
        }));
    }) with
    { PeerRow = $"MLP batch {batch} step" };
}
