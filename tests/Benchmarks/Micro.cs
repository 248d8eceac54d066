using AutogradService.Client;
using AutogradService.Engine;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Google.Protobuf;
using Wire = Autograd.V1;

namespace AutogradService.Benchmarks;

/// <summary>A few single things under BenchmarkDotNet, in this process: it would not find a project by its assembly's name.</summary>
internal static class Micro
{
    public static void Run(string filter)
    {
        var config = DefaultConfig.Instance.AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance));
        BenchmarkSwitcher.FromTypes([typeof(EngineMicro), typeof(CommandMicro)]).Run(["--filter", filter.Contains('*', StringComparison.Ordinal) ? filter : $"*{filter}*"], config);
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

/// <summary>Commands to bytes and back.</summary>
[MemoryDiagnoser]
public class CommandMicro
{
    private const int Commands = 1000;
    private readonly Frame _frame = new();
    private readonly Wire.Command _command = new() { ApplyOp = new Wire.ApplyOp { OpId = 17, A = 1, B = 2 } };
    private byte[] _bytes = [];

    [GlobalSetup]
    public void Prepare()
    {
        Encode();
        _bytes = _frame.Bytes.ToArray();
    }

    /// <summary>Per command: as the client puts frames together.</summary>
    [Benchmark(OperationsPerInvoke = Commands)]
    public void Encode()
    {
        _frame.Clear();
        for (ulong i = 1; i <= Commands; i++)
        {
            _command.Seq = i;
            _command.ApplyOp.Out = 2 + i;
            _frame.Append(_command, _command.CalculateSize());
        }
    }

    /// <summary>Per command: a frame as the generated messages parse it.</summary>
    [Benchmark(OperationsPerInvoke = Commands)]
    public int Decode() => Wire.ExecuteRequest.Parser.ParseFrom(_bytes).Commands.Count;
}
