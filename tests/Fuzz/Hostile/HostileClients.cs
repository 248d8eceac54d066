using System.Diagnostics;
using System.Net.Sockets;
using AutogradService.Fuzz.Cases;
using AutogradService.Fuzz.Oracles;
using AutogradService.Fuzz.Target;
using AutogradService.Testing;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace AutogradService.Fuzz.Hostile;

/// <summary>Many clients that do not behave: others must still be served, memory must stay bounded, and nothing may be left when they are gone.</summary>
internal static class HostileClients
{
    // Answers that wait for thirty readers and windows of the transport; far below what thirty clients asked for.
    private const long GrowthBytesMax = 400L << 20;
    private static readonly RawMethod s_execute = RawMethod.Of("/autograd.v1.AutogradService/Execute");
    private static readonly CallOptions s_patient = new(deadline: DateTime.UtcNow + TimeSpan.FromHours(1));

    public static IEnumerable<Scenario> All =>
    [
        new("slow readers", SlowReadersAsync), new("slow writers", SlowWritersAsync), new("stream flood", StreamFloodAsync), new("connection flood", ConnectionFloodAsync), new("session flood", SessionFloodAsync),
        new("strangers", StrangersAsync), new("server memory", ServerMemoryAsync), new("empty dimensions", EmptyDimensions.RunAsync), new("endless tensors", EndlessTensors.RunAsync), new("small messages", SmallMessages.RunAsync),
    ];

    private static async Task<string?> SlowReadersAsync(Tally tally)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var canary = new Canary(server.Connect());
        if (await canary.SingAsync() is { } early) return early;
        long before = Process.GetCurrentProcess().WorkingSet64;
        var channels = new List<GrpcChannel>();
        for (int i = 0; i < 30; i++)
        {
            var channel = server.Connect();
            channels.Add(channel);
            var invoker = channel.CreateCallInvoker();
            string session = await SessionSeed.OpenAsync(invoker);
            var call = invoker.AsyncDuplexStreamingCall(s_execute.Method, null, s_patient);
            var make = new Wire.ExecuteRequest { SessionId = session };
            make.Commands.Add(new Wire.Command { Seq = 1, CreateTensor = new Wire.CreateTensor { Out = 300, Data = new Wire.TensorData { Dtype = Wire.DataType.Uint8, Shape = { 900_000 }, Data = ByteString.CopyFrom(new byte[900_000]) } } });
            await call.RequestStream.WriteAsync(make.ToByteArray());
            for (ulong seq = 2; seq < 80; seq++) await call.RequestStream.WriteAsync(new Wire.ExecuteRequest { Commands = { new Wire.Command { Seq = seq, WantResult = true, ReadTensor = new Wire.ReadTensor { Tensor = 300 } } } }.ToByteArray());
        }
        long growth = Process.GetCurrentProcess().WorkingSet64 - before;
        string? beside = await canary.SingAsync();
        foreach (var channel in channels) channel.Dispose();
        return beside ?? (growth > GrowthBytesMax ? $"30 clients that do not read cost {growth >> 20} MiB" : null) ?? await GoneAsync(server);
    }

    // A byte at a time, of a request that never ends.
    private static async Task<string?> SlowWritersAsync(Tally tally)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var canary = new Canary(server.Connect());
        using var over = new CancellationTokenSource();
        using var client = new HttpClient(new SocketsHttpHandler { EnableMultipleHttp2Connections = true });
        var writers = Enumerable.Range(0, 100).Select(async _ =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(server.Grpc, s_execute.Path)) { Version = new Version(2, 0), VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new TrickleContent(over.Token) };
            request.Headers.TE.ParseAdd("trailers");
            try
            {
                using var response = await client.SendAsync(request, over.Token);
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException or IOException)
            {
            }
        }).ToArray();
        string? fault = null;
        for (int i = 0; i < 5 && fault is null; i++)
        {
            fault = await canary.SingAsync();
            await Task.Delay(300);
        }
        over.Cancel();
        await Task.WhenAll(writers);
        return fault ?? await GoneAsync(server);
    }

    private static async Task<string?> StreamFloodAsync(Tally tally)
    {
        await using var server = await ServerUnderTest.StartAsync(null, "Limits:CallsMax=200");
        var invoker = server.Channel.CreateCallInvoker();
        string session = await SessionSeed.OpenAsync(invoker);
        using var over = new CancellationTokenSource();
        byte[] opening = new Wire.ExecuteRequest { SessionId = session }.ToByteArray();
        var streams = await Task.WhenAll(Enumerable.Range(0, 900).Select(async _ =>
        {
            var call = invoker.AsyncDuplexStreamingCall(s_execute.Method, null, new CallOptions(cancellationToken: over.Token));
            try
            {
                await call.RequestStream.WriteAsync(opening);
                return await call.ResponseStream.MoveNext(over.Token) ? null : "an open stream ended";
            }
            catch (RpcException e)
            {
                return AnswerOracle.Check(s_execute, new Answer(e.StatusCode, e.Status.Detail, e.Trailers, [], default), tally) ?? (e.StatusCode == StatusCode.Unavailable ? null : $"a stream too many: {e.StatusCode}");
            }
        }));
        if (streams.FirstOrDefault(static s => s is not null) is { } fault) return fault;
        if (server.Calls > 200) return $"{server.Calls} calls under way, 200 may be";
        over.Cancel();
        return await GoneAsync(server) ?? await new Canary(server.Connect()).SingAsync();
    }

    private static async Task<string?> ConnectionFloodAsync(Tally tally)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var canary = new Canary(server.Connect());
        var clients = new List<TcpClient>();
        try
        {
            for (int i = 0; i < 600; i++)
            {
                var client = new TcpClient();
                clients.Add(client);
                await client.ConnectAsync("127.0.0.1", i % 3 == 0 ? server.Http.Port : server.Grpc.Port);
                if (i % 2 == 0) await client.GetStream().WriteAsync("PRI * HT"u8.ToArray());
            }
            return await canary.SingAsync();
        }
        finally
        {
            foreach (var client in clients) client.Dispose();
        }
    }

    private static async Task<string?> SessionFloodAsync(Tally tally)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var invoker = server.Channel.CreateCallInvoker();
        var create = RawMethod.Of("/autograd.v1.SessionService/CreateSession");
        int made = 0;
        for (int i = 0; i < ServerUnderTest.SessionsMax + 20; i++)
        {
            var answer = await RawCalls.SendAsync(invoker, create, [[]], TimeSpan.FromSeconds(20));
            if (AnswerOracle.Check(create, answer, tally) is { } fault) return fault;
            if (answer.Code == StatusCode.OK) made++;
        }
        if (made != ServerUnderTest.SessionsMax) return $"{made} sessions were made, {ServerUnderTest.SessionsMax} may be";
        return await new RestOracle(server).SettleAsync() ?? await new Canary(server.Connect()).SingAsync();
    }

    // Somebody without a key, with a wrong one, and with a key of another's session.
    private static async Task<string?> StrangersAsync(Tally tally)
    {
        string alice = TestKeys.Of("alice"), bob = TestKeys.Of("bob");
        await using var server = await ServerUnderTest.StartAsync(null, TestKeys.Settings("alice", "bob"));
        var create = RawMethod.Of("/autograd.v1.SessionService/CreateSession");
        var made = await RawCalls.SendAsync(As(alice), create, [[]], TimeSpan.FromSeconds(20));
        string session = Wire.CreateSessionResponse.Parser.ParseFrom(made.Messages[0]).Session.SessionId;
        foreach (var method in RawMethod.All.Where(static m => m.IsContract))
            foreach (var call in Mutation.SeedRequests.Of(method, session))
                foreach (string key in (string[])["", "wrong", bob])
                {
                    var answer = await RawCalls.SendAsync(As(key), method, call, TimeSpan.FromSeconds(20));
                    if (AnswerOracle.Check(method, answer, tally) is { } fault) return fault;
                    bool names = call.Any(m => m.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(session)) >= 0);
                    // A function is looked for before its call's session: the stranger has none.
                    bool refused = key == bob ? answer.Code is StatusCode.PermissionDenied or StatusCode.NotFound : answer.Code == StatusCode.Unauthenticated;
                    if ((names || key != bob) && !refused && !method.Path.EndsWith("/CallFunctions", StringComparison.Ordinal)) return $"{method.Path} as '{key}': {answer.Code}";
                }
        return server.Log.Take() is [var error, ..] ? error : null;

        CallInvoker As(string key) => Grpc.Core.Interceptors.CallInvokerExtensions.Intercept(server.Channel.CreateCallInvoker(), metadata =>
        {
            if (key.Length > 0) metadata.Add("authorization", "Bearer " + key);
            return metadata;
        });
    }

    // Sessions that together want more than the server has.
    private static async Task<string?> ServerMemoryAsync(Tally tally)
    {
        await using var server = await ServerUnderTest.StartAsync(null, "Limits:ServerBytesMax=33554432", "Limits:BytesMax=16777216");
        var run = RawMethod.Of("/autograd.v1.AutogradService/RunCommands");
        var faults = await Task.WhenAll(Enumerable.Range(0, 8).Select(async n =>
        {
            var invoker = server.Connect().CreateCallInvoker();
            string session = await SessionSeed.OpenAsync(invoker);
            for (int i = 0; i < 40; i++)
            {
                var request = new Wire.RunCommandsRequest { SessionId = session };
                for (ulong k = 0; k < 8; k++)
                    request.Commands.Add(new Wire.Command { ApplyOp = new Wire.ApplyOp { Op = "zeros", Out = 1000 + k, Extra = new Wire.ApplyOpExtra { Attributes = { new Wire.OpAttribute { Name = "size", Value = new Wire.AttributeValue { IntsValue = new Wire.IntList { Values = { 1000 + n, 500 } } } } } } } });
                if (i % 2 == 1) request.Commands.Add(new Wire.Command { ReleaseTensors = new Wire.ReleaseTensors { Handles = { Enumerable.Range(1000, 8).Select(static h => (ulong)h) } } });
                var answer = await RawCalls.SendAsync(invoker, run, [request.ToByteArray()], TimeSpan.FromSeconds(60));
                if (AnswerOracle.Check(run, answer, tally) is { } fault) return fault;
                if (answer.Code != StatusCode.OK) return $"{answer.Code} {answer.Text}";
            }
            return null;
        }));
        if (tally.Of("reason", "QUOTA_SERVER_MEMORY") == 0) return "nobody was refused for want of the server's memory";
        return faults.FirstOrDefault(static f => f is not null) ?? await new RestOracle(server).SettleAsync() ?? await new Canary(server.Connect()).SingAsync() ?? (server.Log.Take() is [var error, ..] ? error : null);
    }

    private static async Task<string?> GoneAsync(ServerUnderTest server) => await new RestOracle(server).SettleAsync() ?? (server.Log.Take() is [var error, ..] ? error : null);

    /// <summary>A message of a thousand bytes, one at a time.</summary>
    private sealed class TrickleContent : HttpContent
    {
        private readonly CancellationToken _over;

        public TrickleContent(CancellationToken over)
        {
            _over = over;
            Headers.TryAddWithoutValidation("content-type", "application/grpc");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, System.Net.TransportContext? context)
        {
            byte[] prefix = [0, 0, 0, 3, 232];
            for (int i = 0; i < 1005; i++)
            {
                await stream.WriteAsync(new byte[] { i < prefix.Length ? prefix[i] : (byte)0 }, _over);
                await stream.FlushAsync(_over);
                await Task.Delay(100, _over);
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
