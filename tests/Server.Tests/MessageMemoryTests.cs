using System.Diagnostics;
using AutogradService.Testing;
using Grpc.Core;
using Grpc.Net.Client;
using static AutogradService.Server.Tests.TestFunctions;

namespace AutogradService.Server.Tests;

/// <summary>The heap's share for messages under way: what waits for a client that does not read is charged, others are refused meanwhile, and all is given back.</summary>
public sealed class MessageMemoryTests
{
    private const int Rows = 200_000;
    private static readonly TimeSpan s_hang = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Answers_that_nobody_reads_are_charged_until_they_are_read()
    {
        // An answer of a call takes 1.6 MB, twice counted.
        await using var server = await RunningServer.StartAsync(null, $"Limits:MessageHeapBytesMax={6 << 20}");
        // No more than a little comes in unasked.
        using var handler = new SocketsHttpHandler { InitialHttp2StreamWindowSize = 65_535 };
        using var slow = GrpcChannel.ForAddress(server.Grpc, new GrpcChannelOptions { HttpHandler = handler, MaxReceiveMessageSize = null, MaxSendMessageSize = null });
        var functions = new Wire.FunctionService.FunctionServiceClient(server.Channel);
        var call = new Wire.FunctionCall
        {
            Function = (await functions.RegisterFunctionAsync(new Wire.RegisterFunctionRequest { Function = Weighted() })).Function.FunctionId,
            Inputs = { Bytes(new float[2 * Rows]), Bytes(1, 1) },
        };
        var s = await TestSession.CreateAsync(server.Channel);
        ulong x = await s.CreateAsync(new float[2 * Rows], [2 * Rows]);

        const int calls = 6, answerCharge = 2 * 2 * Rows * sizeof(float);
        using var stream = new Wire.FunctionService.FunctionServiceClient(slow).CallFunctions();
        var writing = WriteAsync();
        // One answer is stuck on its way, and one waits for it. A call alone may have more than the share.
        var since = Stopwatch.GetTimestamp();
        while (await UsedAsync() < 2 * answerCharge) Assert.True(Stopwatch.GetElapsedTime(since) < s_hang, "the answers are not charged");
        await Refusals.OfAsync(StatusCode.ResourceExhausted, "QUOTA_SERVER_MEMORY", () => functions.CallFunctionAsync(new Wire.CallFunctionRequest { Call = call }).ResponseAsync);
        // A chunk of a download is no less charged.
        await Refusals.OfAsync(StatusCode.ResourceExhausted, "QUOTA_SERVER_MEMORY", async () =>
        {
            using var download = s.Autograd.DownloadTensor(new Wire.DownloadTensorRequest { SessionId = s.Id, Tensor = x, ChunkBytes = 4 << 20 });
            while (await download.ResponseStream.MoveNext())
            {
            }
        });
        // Small calls go on.
        Assert.Single(await s.ReadAsync(await s.OnesAsync(1)));

        int answers = 0;
        while (await stream.ResponseStream.MoveNext())
            foreach (var outcome in stream.ResponseStream.Current.Outcomes)
            {
                Assert.Equal(2 * Rows * sizeof(float), outcome.Answer.Values[1].Data.Length);
                answers++;
            }
        await writing;
        Assert.Equal(calls, answers);
        Assert.NotNull((await functions.CallFunctionAsync(new Wire.CallFunctionRequest { Call = call })).Answer);
        since = Stopwatch.GetTimestamp();
        while (await UsedAsync() > 0) Assert.True(Stopwatch.GetElapsedTime(since) < s_hang, "not all was given back");

        async Task<double> UsedAsync()
        {
            using var http = new HttpClient();
            return PrometheusText.ValueOf(await http.GetStringAsync(new Uri(server.Http, "metrics")), "autograd_messages_memory_bytes");
        }

        async Task WriteAsync()
        {
            for (int i = 0; i < calls; i++) await stream.RequestStream.WriteAsync(new Wire.CallFunctionsRequest { Calls = { call } });
            await stream.RequestStream.CompleteAsync();
        }
    }
}
