extern alias server;
using System.Threading.Channels;
using AutogradService.Client;
using AutogradService.Engine;
using server::AutogradService.Server.Calls;
using server::AutogradService.Server.Commands;
using server::AutogradService.Server.Hosting;
using server::AutogradService.Server.Scheduling;
using server::AutogradService.Server.Sessions;
using server::AutogradService.Server.Telemetry;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using ServerWire = server::Autograd.V1;
using Wire = Autograd.V1;

namespace AutogradService.Benchmarks;

/// <summary>A few single things under BenchmarkDotNet, in this process: it would not find a project by its assembly's name.</summary>
internal static class Micro
{
    public static void Run(string filter)
    {
        // Short, because the table is what numbers are taken from; the reports lie beside the program, not where it was called from.
        var config = DefaultConfig.Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance)).WithArtifactsPath(Path.Combine(AppContext.BaseDirectory, "micro"));
        BenchmarkSwitcher.FromTypes([typeof(EngineMicro), typeof(ClientMicro), typeof(ServerMicro)]).Run(["--filter", filter.Contains('*', StringComparison.Ordinal) ? filter : $"*{filter}*"], config);
    }
}

/// <summary>Ops of the engine; each call frees what it makes.</summary>
[MemoryDiagnoser]
public class EngineMicro
{
    private const int ChainOps = 1000;
    private Workspace _ws = null!;
    private Engine.Tensor _a = null!;
    private Engine.Tensor _b = null!;
    private Engine.Tensor _matrix = null!;
    private Engine.Tensor _leaf = null!;
    private Engine.Tensor _four = null!;

    /// <summary>Elements of a vector, and the size of a matrix that has about as many.</summary>
    [Params(1_000, 100_000)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _ws = new Workspace();
        long side = (long)Math.Sqrt(Length);
        _a = _ws.Rand([Length]).Retain();
        _b = _ws.Rand([Length]).Retain();
        _matrix = _ws.Rand([side, side]).Retain();
        _four = _ws.Rand([4]).Retain();
        _leaf = _ws.Rand([4]).Retain().SetRequiresGrad();
    }

    [GlobalCleanup]
    public void Finish() => _ws.Dispose();

    [Benchmark]
    public void Add()
    {
        using (_ws.Scope()) _a.Add(_b);
    }

    [Benchmark]
    public void Exp()
    {
        using (_ws.Scope()) _a.Exp();
    }

    [Benchmark]
    public void Matmul()
    {
        using (_ws.Scope()) _matrix.Matmul(_matrix);
    }

    /// <summary>Per op: recorded, and run backward.</summary>
    [Benchmark(OperationsPerInvoke = ChainOps)]
    public void TinyOpChain()
    {
        using (_ws.Scope())
        {
            var y = _leaf;
            for (int i = 0; i < ChainOps / 2; i++) y = y * _four + _four;
            _ws.Backward([y.Sum()]);
        }
        _leaf.SetGrad(null);
    }
}

/// <summary>What a command costs the client: ops given through the API, against a server that swallows frames.</summary>
[MemoryDiagnoser]
public class ClientMicro
{
    private const int Commands = 10_000;
    private AutogradSession _session = null!;
    private Client.Tensor _x = null!;
    private Client.Tensor _a = null!;

    /// <summary>Commands that one call of a benchmark gives.</summary>
    public int CommandsPerCall => Commands;

    [GlobalSetup]
    public void Prepare()
    {
        _session = AutogradSession.ConnectAsync(new SwallowingServer(), null, new Client.SessionOptions(), default).GetAwaiter().GetResult();
        _x = _session.Rand([4]);
        _a = _session.Rand([4]);
    }

    [GlobalCleanup]
    public void Finish() => _session.DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>Per command: given in a scope, encoded, handed to the stream, acknowledged, released.</summary>
    [Benchmark(OperationsPerInvoke = Commands)]
    public void InScope()
    {
        using (_session.Scope())
        {
            for (int i = 0; i < Commands; i++) _ = _x.Add(_a);
            _session.FlushAsync().GetAwaiter().GetResult();
        }
    }

    /// <summary>The same, left to the garbage collector.</summary>
    [Benchmark(OperationsPerInvoke = Commands)]
    public void LeftToTheCollector()
    {
        for (int i = 0; i < Commands; i++) _ = _x.Add(_a);
        _session.FlushAsync().GetAwaiter().GetResult();
    }
}

/// <summary>What a command costs the server: from the bytes of a frame to tensors bound to handles, and their release.</summary>
[MemoryDiagnoser]
public class ServerMicro
{
    private const int Commands = 1000;
    private const int Frames = 8;
    private readonly byte[][] _frames = new byte[Frames][];
    private static readonly ServerMeter s_meter = new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>());
    private static readonly ErrorLog s_errors = new(s_meter, NullLogger<ErrorLog>.Instance);
    private readonly ResultBudget _budget = new(64 << 20);
    private byte[] _first = [];

    /// <summary>Commands that one call of a benchmark runs.</summary>
    public int CommandsPerCall => Commands * Frames;

    [GlobalSetup]
    public void Prepare()
    {
        uint add = OpTable.Get("add").Schema.Id;
        ulong seq = 0, handle = 2;
        var frame = new Frame();
        frame.AppendSession("benchmark");
        for (ulong i = 1; i <= 2; i++)
            Append(frame, new Wire.Command { Seq = ++seq, CreateTensor = new Wire.CreateTensor { Out = i, Data = new Wire.TensorData { Dtype = Wire.DataType.Float32, Shape = { 4 }, Data = ByteString.CopyFrom(new byte[16]) } } });
        _first = frame.Bytes.ToArray();
        for (int f = 0; f < Frames; f++)
        {
            frame.Clear();
            var release = new Wire.Command { ReleaseTensors = new Wire.ReleaseTensors() };
            for (int i = 1; i < Commands; i++)
            {
                Append(frame, new Wire.Command { Seq = ++seq, ApplyOp = new Wire.ApplyOp { OpId = add, A = 1, B = 2, Out = ++handle } });
                release.ReleaseTensors.Handles.Add(handle);
            }
            release.Seq = ++seq;
            Append(frame, release);
            _frames[f] = frame.Bytes.ToArray();
        }
    }

    /// <summary>Per command: read and run.</summary>
    [Benchmark(OperationsPerInvoke = Commands * Frames)]
    public void ReadAndRun()
    {
        var limits = new LimitOptions();
        using var slots = new RunSlots(new SchedulingOptions());
        var quotas = new PrincipalQuotas("", limits, new MemoryBudget(1L << 30), TimeProvider.System);
        using var session = new Session("", quotas, "", Timeout.InfiniteTimeSpan, 1, limits, slots, TimeProvider.System, s_meter, new UsageTable().Of("benchmark").ForSession(), s_errors);
        Run(session, _first);
        foreach (var frame in _frames) Run(session, frame);
    }

    /// <summary>Per command: read only.</summary>
    [Benchmark(OperationsPerInvoke = Commands * Frames)]
    public int Read()
    {
        int count = 0;
        foreach (var frame in _frames)
        {
            using var reader = new FrameReader();
            reader.Read(frame, 1 << 16);
            count += reader.Count;
        }
        return count;
    }

    private void Run(Session session, byte[] frame)
    {
        var results = new RepeatedField<ServerWire.CommandResult>();
        using var reader = new FrameReader();
        reader.Read(frame, 1 << 16);
        var progress = new BatchProgress(reader.FailFast);
        if (!session.Interpreter.RunBatch(reader.Commands, ref progress, results, new CallBounds(_budget, DateTime.MaxValue, default, default), new Session.Turn(session)) || progress.Failed > 0)
            throw new InvalidOperationException($"a command failed: {results[0].Error.Message}");
    }

    private static void Append(Frame frame, Wire.Command command) => frame.Append(command, Frame.SizeOf(command));
}

/// <summary>Answers what a session asks when it is made, and acknowledges every frame at once, unread.</summary>
internal sealed class SwallowingServer : CallInvoker
{
    public override TResponse BlockingUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

    public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request)
    {
        object response = request switch
        {
            Wire.GetServerInfoRequest => new Wire.GetServerInfoResponse
            {
                CatalogDigest = "benchmark",
                SessionLimits = new Wire.SessionLimits(),
                Limits = new Wire.ServerLimits { StreamCreditCommands = 1 << 17, StreamCreditBytes = 128 << 20, BatchCommandsMax = 1 << 16, MessageBytesMax = 64 << 20, ListLengthMax = 1 << 16, ChunkBytesMax = 4 << 20 },
            },
            Wire.ListOpsRequest => new Wire.ListOpsResponse { Ops = { OpTable.Entries.Select(e => new Wire.OpSchema { Name = e.Schema.Name, Id = e.Schema.Id, Outputs = { new Wire.OpOutput() } }) } },
            Wire.CreateSessionRequest => new Wire.CreateSessionResponse { Session = new Wire.Session { SessionId = "benchmark" } },
            Wire.DeleteSessionRequest => new Wire.DeleteSessionResponse(),
            _ => throw new NotSupportedException(method.FullName),
        };
        return new AsyncUnaryCall<TResponse>(Task.FromResult((TResponse)response), Task.FromResult(new Metadata()), static () => Status.DefaultSuccess, static () => [], static () => { });
    }

    public override AsyncServerStreamingCall<TResponse> AsyncServerStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options, TRequest request) => throw new NotSupportedException();

    public override AsyncClientStreamingCall<TRequest, TResponse> AsyncClientStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options) => throw new NotSupportedException();

    public override AsyncDuplexStreamingCall<TRequest, TResponse> AsyncDuplexStreamingCall<TRequest, TResponse>(Method<TRequest, TResponse> method, string? host, CallOptions options)
    {
        var stream = new Stream();
        return new AsyncDuplexStreamingCall<TRequest, TResponse>((IClientStreamWriter<TRequest>)(object)stream, (IAsyncStreamReader<TResponse>)(object)stream, Task.FromResult(new Metadata()), static () => Status.DefaultSuccess, static () => [], static () => { });
    }

    private sealed class Stream : IClientStreamWriter<Frame>, IAsyncStreamReader<Wire.ExecuteResponse>
    {
        private readonly Channel<Wire.ExecuteResponse> _answers = Channel.CreateUnbounded<Wire.ExecuteResponse>();
        private ulong _seq;

        public WriteOptions? WriteOptions { get; set; }

        public Wire.ExecuteResponse Current { get; private set; } = null!;

        public async Task<bool> MoveNext(CancellationToken cancellationToken)
        {
            if (!await _answers.Reader.WaitToReadAsync(cancellationToken) || !_answers.Reader.TryRead(out var answer)) return false;
            Current = answer;
            return true;
        }

        public Task WriteAsync(Frame message, CancellationToken cancellationToken) => WriteAsync(message);

        public Task WriteAsync(Frame message)
        {
            _seq += (ulong)message.Commands;
            _answers.Writer.TryWrite(new Wire.ExecuteResponse { CreditCommands = (ulong)message.Commands, CreditBytes = (ulong)message.Length, Frames = 1, AcknowledgedSeq = _seq });
            return Task.CompletedTask;
        }

        public Task CompleteAsync()
        {
            _answers.Writer.TryComplete();
            return Task.CompletedTask;
        }
    }
}
