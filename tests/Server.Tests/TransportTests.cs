using System.Diagnostics;
using System.Net;
using System.Text;
using AutogradService.Server.Calls;
using AutogradService.Testing;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;

namespace AutogradService.Server.Tests;

/// <summary>What goes wrong around commands: bytes that are no message, methods that are none, bugs, deadlines, too many calls.</summary>
public sealed class TransportTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static readonly Marshaller<byte[]> s_raw = new(bytes => bytes, bytes => bytes);

    [Theory]
    [InlineData("CreateTensor", "0A")]
    [InlineData("ApplyOp", "FFFFFFFFFFFFFFFFFFFFFF")]
    [InlineData("RunCommands", "1A05220308")]
    [InlineData("GetTensor", "0001")]
    [InlineData("ListTensors", "0AFFFFFFFF0F")]
    public async Task Bytes_that_are_no_message(string method, string hex) => await Refusals.OfAsync(StatusCode.InvalidArgument, "MALFORMED_MESSAGE", async () =>
    {
        using var call = Raw(MethodType.Unary, $"autograd.v1.AutogradService/{method}", (invoker, m, o) => invoker.AsyncUnaryCall(m, null, o, Convert.FromHexString(hex)));
        await call.ResponseAsync;
    });

    [Theory]
    [InlineData("0A")]
    [InlineData("12020A")]
    [InlineData("1203120A01")]
    [InlineData("120308FFFF")]
    [InlineData("1202FFFF")]
    [InlineData("1201FFFFFFFFFFFFFFFFFFFF")]
    [InlineData("120C08FFFFFFFFFFFFFFFFFFFF01")]
    [InlineData("0B")]
    [InlineData("1207150000000010")]
    [InlineData("12021DFF")]
    public async Task Bytes_that_are_no_part_of_an_upload(string hex) => await Refusals.OfAsync(StatusCode.InvalidArgument, "MALFORMED_MESSAGE", async () =>
    {
        using var call = Raw(MethodType.ClientStreaming, "autograd.v1.AutogradService/UploadTensor", (invoker, m, o) => invoker.AsyncClientStreamingCall(m, null, o));
        await call.RequestStream.WriteAsync(Convert.FromHexString(hex));
        await call.RequestStream.CompleteAsync();
        await call.ResponseAsync;
    });

    [Fact]
    public async Task Random_bytes_never_get_further_than_a_refusal()
    {
        var s = await fixture.SessionAsync();
        var random = new Random(7);
        var valid = new Wire.UploadTensorRequest { Chunk = new Wire.TensorChunk { Offset = 3, Crc32C = 5, Data = Google.Protobuf.ByteString.CopyFrom(1, 2, 3) } };
        for (int i = 0; i < 300; i++)
        {
            byte[] bytes = i % 2 == 0 ? new byte[random.Next(1, 40)] : Google.Protobuf.MessageExtensions.ToByteArray(valid);
            if (i % 2 == 0) random.NextBytes(bytes);
            else bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var status = await Refusals.OfAsync(async () =>
            {
                using var call = Raw(MethodType.ClientStreaming, "autograd.v1.AutogradService/UploadTensor", (invoker, m, o) => invoker.AsyncClientStreamingCall(m, null, o));
                await call.RequestStream.WriteAsync(bytes);
                await call.RequestStream.CompleteAsync();
                await call.ResponseAsync;
            });
            Assert.Contains(Refusals.InfoOf(status).Reason, new[] { "MALFORMED_MESSAGE", "STREAM_PROTOCOL", "INVALID_FIELD", "SESSION_NOT_FOUND" });
            status = await Refusals.OfAsync(async () =>
            {
                using var call = Raw(MethodType.Unary, "autograd.v1.AutogradService/RunCommands", (invoker, m, o) => invoker.AsyncUnaryCall(m, null, o, bytes));
                await call.ResponseAsync;
            });
            Assert.Contains(Refusals.InfoOf(status).Reason, new[] { "MALFORMED_MESSAGE", "INVALID_FIELD", "SESSION_NOT_FOUND" });
        }
        await s.OnesAsync(1);
    }

    [Fact]
    public async Task Bytes_that_are_no_frame_end_the_stream() => await Refusals.OfAsync(StatusCode.InvalidArgument, "MALFORMED_MESSAGE", async () =>
    {
        using var call = Raw(MethodType.DuplexStreaming, "autograd.v1.AutogradService/Execute", (invoker, m, o) => invoker.AsyncDuplexStreamingCall(m, null, o));
        await call.RequestStream.WriteAsync([0x1a, 0x7f]);
        await call.ResponseStream.MoveNext();
    });

    [Fact]
    public async Task A_frame_that_is_too_large_ends_the_stream()
    {
        var s = await fixture.SessionAsync();
        var frame = ExecuteTests.Frame(s, [ExecuteTests.Numbered(TestSession.Create(1, new float[ServerFixture.MessageBytesMax / 4], [ServerFixture.MessageBytesMax / 4]), 1)], true);
        await Refusals.OfAsync(StatusCode.ResourceExhausted, "QUOTA_MESSAGE_BYTES", async () =>
        {
            using var call = s.Autograd.Execute();
            try
            {
                await call.RequestStream.WriteAsync(frame);
            }
            catch (Exception e) when (e is RpcException or InvalidOperationException)
            {
                // The server ended the call while we wrote; reading tells why.
            }
            await call.ResponseStream.MoveNext();
        });
        Assert.Equal(0UL, (await s.UsageAsync()).Tensors);
    }

    [Fact]
    public async Task A_small_message_cannot_unfold_into_a_huge_one()
    {
        var s = await fixture.SessionAsync();
        var compressed = new Metadata { { "grpc-internal-encoding-request", "gzip" } };
        const int floats = 4 * ServerFixture.MessageBytesMax; // zeros, of which a thousandth is left when compressed
        var request = new Wire.CreateTensorRequest { SessionId = s.Id, CreateTensor = TestSession.Create(1, new float[floats], [floats]).CreateTensor };
        await Refusals.OfAsync(StatusCode.ResourceExhausted, "QUOTA_MESSAGE_BYTES", () => s.Autograd.CreateTensorAsync(request, compressed).ResponseAsync);
        Assert.Equal(0UL, (await s.UsageAsync()).Tensors);
    }

    [Theory]
    [InlineData("autograd.v1.AutogradService/Frobnicate")]
    [InlineData("autograd.v1.NoService/Frobnicate")]
    public async Task Methods_that_are_none(string method) => await Refusals.OfAsync(StatusCode.Unimplemented, "FEATURE_UNSUPPORTED", async () =>
    {
        using var call = Raw(MethodType.Unary, method, (invoker, m, o) => invoker.AsyncUnaryCall(m, null, o, []));
        await call.ResponseAsync;
    });

    [Fact]
    public async Task A_bug_tells_a_request_id_and_nothing_else()
    {
        var time = new ManualTime();
        await using var server = await RunningServer.StartAsync(time);
        var s = await TestSession.CreateAsync(server.Channel);
        time.FailOnce = true;
        var status = await Refusals.OfAsync(StatusCode.Internal, "INTERNAL", () => TestSession.CreateAsync(server.Channel));
        Assert.Matches("^[0-9a-f]{32}$", Assert.Single(Refusals.InfoOf(status).Metadata).Value);
        Assert.DoesNotContain("secret", status.ToString(), StringComparison.Ordinal);
        Assert.Single(status.Details);
        await s.OnesAsync(1);
    }

    [Fact]
    public async Task A_deadline_stops_the_work_between_commands_and_the_session_goes_on()
    {
        await using var server = await RunningServer.StartAsync();
        var s = await TestSession.CreateAsync(server.Channel);
        await s.CreateAsync(new float[1 << 20], [1 << 20]);
        const int count = 60_000; // minutes of work
        var request = new Wire.RunCommandsRequest { SessionId = s.Id };
        for (int i = 0; i < count; i++) request.Commands.Add(TestSession.Op("exp", 0, 1));
        var clock = Stopwatch.StartNew();
        var e = await Assert.ThrowsAsync<RpcException>(() => s.Autograd.RunCommandsAsync(request, deadline: DateTime.UtcNow.AddMilliseconds(300)).ResponseAsync);
        Assert.Equal(StatusCode.DeadlineExceeded, e.StatusCode);
        await s.OnesAsync(1);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"took {clock.Elapsed}");
        Assert.InRange((await s.UsageAsync()).CommandsApplied, 1UL, (ulong)count / 2);
    }

    [Fact]
    public async Task A_call_that_is_cancelled_leaves_the_queue()
    {
        await using var server = await RunningServer.StartAsync();
        using var other = server.Connect();
        var s = await TestSession.CreateAsync(server.Channel);
        await s.CreateAsync(new float[1 << 22], [1 << 22]);
        var busy = new Wire.RunCommandsRequest { SessionId = s.Id };
        for (int i = 0; i < 20_000; i++) busy.Commands.Add(TestSession.Op("exp", 0, 1));
        using var first = s.Autograd.RunCommandsAsync(busy);
        await TransferTests.EventuallyAsync(async () => (await s.UsageAsync()).CommandsApplied > 1);
        using var second = s.Over(other).Autograd.ApplyOpAsync(new Wire.ApplyOpRequest { SessionId = s.Id, ApplyOp = TestSession.Op("exp", 7, 1).ApplyOp });
        await TransferTests.EventuallyAsync(async () => (await s.UsageAsync()).QueuedCommands == 1);
        second.Dispose();
        await TransferTests.EventuallyAsync(async () => (await s.UsageAsync()).QueuedCommands == 0);
        first.Dispose();
        await s.OnesAsync(1);
        await Refusals.OfAsync(StatusCode.NotFound, "TENSOR_NOT_FOUND", () => s.ReadAsync(7));
    }

    [Fact]
    public async Task A_full_queue_asks_to_come_back()
    {
        await using var server = await RunningServer.StartAsync(null, "Limits:BatchCommandsMax=20000", "Limits:QueuedCommandsMax=20000");
        var s = await TestSession.CreateAsync(server.Channel);
        await s.CreateAsync(new float[1 << 22], [1 << 22]);
        var busy = new Wire.RunCommandsRequest { SessionId = s.Id };
        for (int i = 0; i < 20_000; i++) busy.Commands.Add(TestSession.Op("exp", 0, 1));
        using var first = s.Autograd.RunCommandsAsync(busy);
        await TransferTests.EventuallyAsync(async () => (await s.UsageAsync()).CommandsApplied > 1);
        using var second = s.Autograd.RunCommandsAsync(busy);
        await TransferTests.EventuallyAsync(async () => (await s.UsageAsync()).QueuedCommands == 20_000);
        Assert.True((await s.UsageAsync()).QueuedBytes > 100_000);
        var status = await Refusals.OfAsync(StatusCode.ResourceExhausted, "QUOTA_QUEUE", () => s.ReadAsync(1));
        Assert.True(status.GetDetail<Rpc.RetryInfo>()!.RetryDelay.ToTimeSpan() > TimeSpan.Zero);
        second.Dispose();
        first.Dispose();
        // The calls' ends travel to the server on their own time.
        await TransferTests.EventuallyAsync(async () => (await s.UsageAsync()).QueuedCommands == 0);
        await s.OnesAsync(1);
    }

    [Fact]
    public async Task Too_many_calls_at_once_are_asked_to_come_back()
    {
        await using var server = await RunningServer.StartAsync(null, "Limits:CallsMax=2");
        var s = await TestSession.CreateAsync(server.Channel);
        using (var one = s.Autograd.Execute())
        using (var two = s.Autograd.Execute())
        {
            foreach (var call in new[] { one, two })
            {
                await call.RequestStream.WriteAsync(new Wire.ExecuteRequest { SessionId = s.Id });
                Assert.True(await call.ResponseStream.MoveNext());
            }
            var status = await Refusals.OfAsync(StatusCode.Unavailable, "OVERLOADED", () => s.UsageAsync());
            Assert.True(status.GetDetail<Rpc.RetryInfo>()!.RetryDelay.ToTimeSpan() > TimeSpan.Zero);
        }
        await TransferTests.EventuallyAsync(async () =>
        {
            try
            {
                await s.UsageAsync();
                return true;
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
            {
                return false;
            }
        });
    }

    [Theory]
    [InlineData("Execute")]
    [InlineData("UploadTensor")]
    [InlineData("GetTensor")]
    public async Task Bytes_that_frame_no_message(string method)
    {
        using var http = new HttpClient();
        // The flag that says whether the message is compressed is 0 or 1.
        byte[] framed = [2, 0, 0, 0, 0];
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{fixture.Server.Grpc}autograd.v1.AutogradService/{method}")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(framed) { Headers = { { "content-type", "application/grpc" } } },
            Headers = { { "te", "trailers" } },
        };
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var status = response.Headers.Contains("grpc-status") ? response.Headers : response.TrailingHeaders;
        Assert.Equal("3", status.GetValues("grpc-status").Single());
        Assert.Contains("MALFORMED_MESSAGE", Encoding.ASCII.GetString(Convert.FromBase64String(status.GetValues("grpc-status-details-bin").Single())), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_that_is_over_is_a_call_that_was_cancelled()
    {
        // As the framework answers from the moment on at which the client reset the stream, a little before the call's token tells.
        var gone = new GoneStream();
        await Assert.ThrowsAsync<OperationCanceledException>(() => new CallReader<int>(gone).MoveNext(CancellationToken.None));
        await Assert.ThrowsAsync<OperationCanceledException>(() => new CallWriter<int>(gone).WriteAsync(1));
    }

    private sealed class GoneStream : IAsyncStreamReader<int>, IServerStreamWriter<int>
    {
        public int Current => 0;

        public WriteOptions? WriteOptions { get; set; }

        public Task<bool> MoveNext(CancellationToken cancellationToken) => Task.FromException<bool>(new InvalidOperationException("Can't read messages after the request is complete."));

        public async Task WriteAsync(int message)
        {
            await Task.Yield();
            throw new InvalidOperationException("Can't write the message because the request is complete.");
        }

        public Task WriteAsync(int message, CancellationToken cancellationToken) => WriteAsync(message);
    }

    private T Raw<T>(MethodType type, string path, Func<CallInvoker, Method<byte[], byte[]>, CallOptions, T> start)
    {
        string[] names = path.Split('/');
        return start(fixture.Server.Channel.CreateCallInvoker(), new Method<byte[], byte[]>(type, names[0], names[1], s_raw, s_raw), new CallOptions());
    }
}
