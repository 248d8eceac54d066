using System.Runtime.InteropServices;
using AutogradService.Testing;
using Google.Protobuf;
using Grpc.Core;
using static AutogradService.Server.Tests.TestFunctions;

namespace AutogradService.Server.Tests;

/// <summary>Unary calls of one function that share a run: every answer is what the call alone is answered.</summary>
public sealed class GatheringTests : IAsyncLifetime
{
    private const int Features = 300;
    private const int Calls = 96;
    private RunningServer _server = null!;

    private Wire.FunctionService.FunctionServiceClient Functions => new(_server.Channel);

    public async ValueTask InitializeAsync() => _server = await RunningServer.StartAsync(null, "Functions:GatherMilliseconds=50", "Functions:GatherCallsMax=16");

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Answers_are_those_of_calls_that_were_alone_bit_for_bit()
    {
        string id = await RegisterAsync(Network("relu"));
        var calls = Enumerable.Range(0, Calls).Select(i => NetworkCall(id, 1 + i % 5 / 2, i)).ToArray();
        await CheckAsync(calls, gathered: true);
    }

    [Fact]
    public async Task Vectors_and_cotangents_have_rows_too()
    {
        string id = await RegisterAsync(Network("tanh"));
        var calls = Enumerable.Range(0, Calls).Select(i =>
        {
            var call = NetworkCall(id, 1 + i % 3, i);
            call.Wanted = new Wire.Wanted { Value = true, Vjp = { "x" }, Jvp = { "x" } };
            call.Cotangents.Add(Bytes(Floats(1 + i % 3, 8, i + 1000)));
            call.Tangents.Add(Bytes(Floats(1 + i % 3, Features, i + 2000)));
            return call;
        }).ToArray();
        await CheckAsync(calls, gathered: true);
    }

    [Fact]
    public async Task Rows_that_meet_are_never_put_together()
    {
        string id = await RegisterAsync(Network("relu"));
        var gradients = Enumerable.Range(0, Calls).Select(i => NetworkCall(id, 2, i)).ToArray();
        foreach (var call in gradients)
        {
            call.Wanted = new Wire.Wanted { Vjp = { "w" } };
            call.Cotangents.Add(Bytes(Floats(2, 8, 7)));
        }
        await CheckAsync(gradients, gathered: false);
        string weighted = await RegisterAsync(Weighted());
        await CheckAsync([.. Enumerable.Range(0, Calls).Select(i => new Wire.FunctionCall { Function = weighted, Inputs = { Bytes(Floats(3, 2, i)), Bytes(1, 2) } })], gathered: false);
    }

    [Fact]
    public async Task Calls_with_other_weights_have_runs_of_their_own()
    {
        string id = await RegisterAsync(Network("relu"));
        var calls = Enumerable.Range(0, Calls).Select(i => NetworkCall(id, 1, i, weights: i % 2)).ToArray();
        await CheckAsync(calls, gathered: true);
    }

    [Fact]
    public async Task Weights_may_be_tensors_of_a_session()
    {
        string id = await RegisterAsync(Network("relu"));
        var session = await TestSession.CreateAsync(_server.Channel);
        ulong w = await session.CreateAsync(Floats(Features, 8, 3), [Features, 8]), x = await session.CreateAsync(Floats(1, Features, 5), [1, Features]);
        var calls = Enumerable.Range(0, Calls).Select(i =>
        {
            var call = NetworkCall(id, 1, i);
            call.SessionId = session.Id;
            if (i % 8 == 0) call.Inputs[0] = new Wire.Argument { Handle = x };
            call.Inputs[1] = new Wire.Argument { Handle = w };
            return call;
        }).ToArray();
        await CheckAsync(calls, gathered: true);
        ulong used = (await session.UsageAsync()).FunctionCalls;
        Assert.InRange(used, 2UL * Calls, ulong.MaxValue);
        Assert.Equal(0UL, used % Calls);
    }

    [Fact]
    public async Task What_is_wrong_with_one_call_is_told_to_that_one()
    {
        string id = await RegisterAsync(Lookup());
        var calls = Enumerable.Range(0, Calls).Select(i => new Wire.FunctionCall { Function = id, Inputs = { new Wire.Argument { Data = Int64s(i % 10 == 9 ? 50 : i % 7) }, Bytes(Floats(7, 4, 1)) } }).ToArray();
        for (int round = 0; round < 3; round++)
        {
            var answers = await Task.WhenAll(calls.Select(TryAsync));
            for (int i = 0; i < Calls; i++)
            {
                if (i % 10 == 9) Refusals.Is(StatusCode.InvalidArgument, "DIM_OUT_OF_RANGE", answers[i].Error!.GetRpcStatus()!);
                else Assert.Equal(Floats(7, 4, 1).AsSpan(i % 7 * 4, 4).ToArray(), TestSession.Floats((answers[i].Answer ?? throw answers[i].Error!).Values[0]));
            }
        }
        calls[3].Inputs[0].Data = ByteString.CopyFrom(1, 2, 3);
        var ill = await Task.WhenAll(calls.Select(TryAsync));
        Refusals.Is(StatusCode.InvalidArgument, "PAYLOAD_SIZE_MISMATCH", ill[3].Error!.GetRpcStatus()!);
        Assert.Equal(Calls - Calls / 10 - 1, ill.Count(a => a.Error is null));
    }

    [Fact]
    public async Task Callers_that_go_away_leave_the_others_their_answers()
    {
        string id = await RegisterAsync(Network("relu"));
        var expected = await CallAsync(NetworkCall(id, 1, 0));
        for (int round = 0; round < 10; round++)
        {
            using var going = new CancellationTokenSource();
            var calls = Enumerable.Range(0, Calls).Select(i => TryAsync(NetworkCall(id, 1, 0), i % 2 == 0 ? going.Token : default)).ToArray();
            await going.CancelAsync();
            var answers = await Task.WhenAll(calls);
            for (int i = 0; i < Calls; i++)
            {
                if (answers[i].Error is { } error) Assert.True(i % 2 == 0, $"call {i}: {error}");
                else Assert.Equal(expected, answers[i].Answer);
            }
        }
    }

    private static Wire.Function Network(string activation) => new()
    {
        Parameters =
        {
            new Wire.FunctionParameter { Name = "x", Handle = 1, Dtype = Wire.DataType.Float32, Shape = { new Wire.Dimension { Symbol = "n" }, new Wire.Dimension { Fixed = Features } } },
            new Wire.FunctionParameter { Name = "w", Handle = 2, Dtype = Wire.DataType.Float32, Shape = { new Wire.Dimension { Fixed = Features }, new Wire.Dimension { Fixed = 8 } } },
        },
        Steps = { Step("mm", 3, 1, 2), Step(activation, 4, 3, 0) },
        Results = { new Wire.FunctionResult { Handle = 4 } },
    };

    private static Wire.Function Lookup() => new()
    {
        Parameters =
        {
            new Wire.FunctionParameter { Name = "i", Handle = 1, Dtype = Wire.DataType.Int64, Shape = { new Wire.Dimension { Symbol = "n" } } },
            new Wire.FunctionParameter { Name = "table", Handle = 2, Dtype = Wire.DataType.Float32, Shape = { new Wire.Dimension { Fixed = 7 }, new Wire.Dimension { Fixed = 4 } } },
        },
        Steps = { Step("embedding", 3, 2, 1) },
        Results = { new Wire.FunctionResult { Handle = 3 } },
    };

    private static Wire.SegmentStep Step(string op, ulong result, ulong a, ulong b) => new() { ApplyOp = new Wire.ApplyOp { Op = op, A = a, B = b, Out = result } };

    private static Wire.FunctionCall NetworkCall(string id, int rows, int seed, int weights = 3) =>
        new() { Function = id, Inputs = { Bytes(Floats(rows, Features, seed)), Bytes(Floats(Features, 8, weights)) } };

    private static ByteString Int64s(params long[] values) => ByteString.CopyFrom(MemoryMarshal.AsBytes<long>(values));

    private static float[] Floats(int rows, int columns, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, rows * columns).Select(_ => random.NextSingle() - 0.5f)];
    }

    private async Task CheckAsync(Wire.FunctionCall[] calls, bool gathered)
    {
        var alone = new Wire.FunctionAnswer[calls.Length];
        for (int i = 0; i < calls.Length; i++) alone[i] = await CallAsync(calls[i]);
        Assert.Equal(0, await GatheredAsync());
        long shared = 0;
        // Runs may be over before the next call comes, and what is scraped may be some tenths of a second old.
        for (int round = 0; round < (gathered ? 100 : 10) && (shared == 0 || !gathered); round++)
        {
            var together = await Task.WhenAll(calls.Select(CallAsync));
            for (int i = 0; i < calls.Length; i++) Assert.Equal(alone[i], together[i]);
            await Task.Delay(50);
            shared = await GatheredAsync();
        }
        Assert.True(gathered ? shared > 0 : shared == 0, $"{shared} calls shared a run");
    }

    private async Task<long> GatheredAsync()
    {
        using var client = new HttpClient();
        return (long)PrometheusText.ValueOf(await client.GetStringAsync(new Uri(_server.Http, "metrics")), "autograd_function_gathered_total");
    }

    private async Task<string> RegisterAsync(Wire.Function function) => (await Functions.RegisterFunctionAsync(new Wire.RegisterFunctionRequest { Function = function })).Function.FunctionId;

    private async Task<Wire.FunctionAnswer> CallAsync(Wire.FunctionCall call) => (await Functions.CallFunctionAsync(new Wire.CallFunctionRequest { Call = call })).Answer;

    private async Task<(Wire.FunctionAnswer? Answer, RpcException? Error)> TryAsync(Wire.FunctionCall call) => await TryAsync(call, default);

    private async Task<(Wire.FunctionAnswer? Answer, RpcException? Error)> TryAsync(Wire.FunctionCall call, CancellationToken cancellation)
    {
        try
        {
            return ((await Functions.CallFunctionAsync(new Wire.CallFunctionRequest { Call = call }, cancellationToken: cancellation)).Answer, null);
        }
        catch (RpcException e)
        {
            return (null, e);
        }
    }
}
