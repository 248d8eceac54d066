using System.Runtime.InteropServices;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace AutogradService.Server.Tests;

/// <summary>A session as a client sees it: the generated stubs, and a few short forms for writing tests.</summary>
internal sealed class TestSession
{
    private ulong _lastHandle;

    private TestSession(GrpcChannel channel, string id)
    {
        Autograd = new Wire.AutogradService.AutogradServiceClient(channel);
        Sessions = new Wire.SessionService.SessionServiceClient(channel);
        Id = id;
    }

    public Wire.AutogradService.AutogradServiceClient Autograd { get; }

    public Wire.SessionService.SessionServiceClient Sessions { get; }

    public string Id { get; }

    public static async Task<TestSession> CreateAsync(GrpcChannel channel, Metadata? headers = null)
    {
        var sessions = new Wire.SessionService.SessionServiceClient(channel);
        var response = await sessions.CreateSessionAsync(new Wire.CreateSessionRequest(), headers);
        return new TestSession(channel, response.Session.SessionId);
    }

    /// <summary>The same session over another connection.</summary>
    public TestSession Over(GrpcChannel channel) => new(channel, Id);

    /// <summary>A handle that was not used before.</summary>
    public ulong Next() => ++_lastHandle;

    public static Wire.TensorData Data(float[] values, params long[] shape) => new()
    {
        Dtype = Wire.DataType.Float32,
        Shape = { shape },
        Data = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(values)),
    };

    public static Wire.Command Create(ulong handle, float[] values, long[] shape, bool requiresGrad = false) =>
        new() { CreateTensor = new Wire.CreateTensor { Out = handle, RequiresGrad = requiresGrad, Data = Data(values, shape) } };

    public static Wire.Command Op(string op, ulong @out, ulong a, ulong b = 0) => new() { ApplyOp = new Wire.ApplyOp { Op = op, Out = @out, A = a, B = b } };

    public static Wire.Command Read(ulong handle) => new() { WantResult = true, ReadTensor = new Wire.ReadTensor { Tensor = handle } };

    public static Wire.Command Release(params ulong[] handles) => new() { ReleaseTensors = new Wire.ReleaseTensors { Handles = { handles } } };

    public async Task<ulong> CreateAsync(float[] values, long[] shape, bool requiresGrad = false)
    {
        ulong handle = Next();
        await Autograd.CreateTensorAsync(new Wire.CreateTensorRequest { SessionId = Id, CreateTensor = Create(handle, values, shape, requiresGrad).CreateTensor });
        return handle;
    }

    /// <summary>A tensor of that many elements, all 1.</summary>
    public Task<ulong> OnesAsync(int count, bool requiresGrad = false)
    {
        var values = new float[count];
        Array.Fill(values, 1f);
        return CreateAsync(values, [count], requiresGrad);
    }

    public async Task<ulong> OpAsync(string op, ulong a, ulong b = 0)
    {
        ulong handle = Next();
        await Autograd.ApplyOpAsync(new Wire.ApplyOpRequest { SessionId = Id, ApplyOp = Op(op, handle, a, b).ApplyOp });
        return handle;
    }

    public Task BackwardAsync(params ulong[] roots) =>
        Autograd.BackwardAsync(new Wire.BackwardRequest { SessionId = Id, Backward = new Wire.Backward { Roots = { roots } } }).ResponseAsync;

    public async Task<float[]> ReadAsync(ulong handle)
    {
        var response = await Autograd.GetTensorAsync(new Wire.GetTensorRequest { SessionId = Id, Tensor = handle });
        return Floats(response.Data);
    }

    public async Task<float[]?> GradAsync(ulong handle)
    {
        var response = await Autograd.GetGradAsync(new Wire.GetGradRequest { SessionId = Id, Tensor = handle });
        return response.Grad.Grad is { } grad ? Floats(grad) : null;
    }

    public Task<Wire.RunCommandsResponse> RunAsync(params Wire.Command[] commands) => RunAsync(false, commands);

    public async Task<Wire.RunCommandsResponse> RunAsync(bool failFast, params Wire.Command[] commands) =>
        await Autograd.RunCommandsAsync(new Wire.RunCommandsRequest { SessionId = Id, FailFast = failFast, Commands = { commands } });

    /// <summary>Runs one command for its result; throws its error as a unary call would.</summary>
    public async Task<Wire.CommandResult> RunOneAsync(Wire.Command command)
    {
        command.WantResult = true;
        var result = Assert.Single((await RunAsync(command)).Results);
        return result.Error is { } error ? throw error.ToRpcException() : result;
    }

    public async Task<Wire.Usage> UsageAsync() => (await Sessions.GetUsageAsync(new Wire.GetUsageRequest { SessionId = Id })).Usage;

    public static float[] Floats(Wire.TensorData data)
    {
        Assert.Equal(Wire.DataType.Float32, data.Dtype);
        return MemoryMarshal.Cast<byte, float>(data.Data.Span).ToArray();
    }
}
