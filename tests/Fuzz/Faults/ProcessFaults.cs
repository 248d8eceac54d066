using System.Diagnostics;
using AutogradService.Client;
using AutogradService.Fuzz.Cases;
using AutogradService.Fuzz.Oracles;
using AutogradService.Fuzz.Target;
using Google.Protobuf;
using Grpc.Core;

namespace AutogradService.Fuzz.Faults;

/// <summary>Processes that end without a word, on either side, a process short of memory, and a log that cannot be written.</summary>
internal static class ProcessFaults
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly Dictionary<string, string> s_plain = [];

    public static IEnumerable<Scenario> All =>
    [
        new("server killed", ServerKilledAsync), new("clients killed", ClientsKilledAsync), new("heap limit", HeapLimitAsync),
        new("log on a full disk", tally => LogAsync("/dev/full")), new("log into a pipe that nobody reads", LogPipeAsync),
    ];

    /// <summary>What a client does that is going to be killed: streams of work on one session, for ever.</summary>
    public static async Task ClientAsync(string address, string session)
    {
        using var channel = Grpc.Net.Client.GrpcChannel.ForAddress(address);
        var invoker = channel.CreateCallInvoker();
        var execute = RawMethod.Of("/autograd.v1.AutogradService/Execute");
        using var call = invoker.AsyncDuplexStreamingCall(execute.Method, null, default);
        ulong seq = 0;
        for (bool first = true; ; first = false)
        {
            var frame = new Wire.ExecuteRequest { SessionId = first ? session : "" };
            for (int i = 0; i < 50; i++) frame.Commands.Add(new Wire.Command { Seq = ++seq, ApplyOp = new Wire.ApplyOp { Op = "matmul", A = 12, B = 12, Out = 1000 + seq } });
            frame.Commands.Add(new Wire.Command { Seq = ++seq, ReleaseTensors = new Wire.ReleaseTensors { Handles = { frame.Commands.Select(static c => c.ApplyOp.Out) } } });
            await call.RequestStream.WriteAsync(frame.ToByteArray());
            if (!await call.ResponseStream.MoveNext(CancellationToken.None)) return;
            if (first) Console.WriteLine("working");
        }
    }

    // The C# client, in each of its modes: what is awaited must fail in time and say how.
    private static async Task<string?> ServerKilledAsync(Tally tally)
    {
        var random = new Random(1);
        foreach (var mode in Enum.GetValues<CallMode>())
        {
            await using var server = await ServerProcess.StartAsync(null, s_plain);
            var workers = Enumerable.Range(0, 4).Select(_ => WorkAsync(server.Address, mode)).ToArray();
            await Task.Delay(random.Next(300, 900));
            await server.KillAsync();
            var all = Task.WhenAll(workers);
            if (await Task.WhenAny(all, Task.Delay(s_patience)) != all) return $"a {mode} client hangs {s_patience.TotalSeconds} s after its server was killed";
            if ((await all).FirstOrDefault(static f => f is not null) is { } fault) return $"{mode}: {fault}";
        }
        return null;
    }

    private static async Task<string?> WorkAsync(string address, CallMode mode)
    {
        try
        {
            await using var session = await AutogradSession.ConnectAsync(address, new SessionOptions { Mode = mode });
            var x = session.Tensor(new float[] { 1, 2, 3, 4 }, [2, 2]);
            while (true)
            {
                using var y = x.Matmul(x);
                using var z = y.Sum();
                await z.ItemAsync<float>();
            }
        }
        catch (AutogradException)
        {
            return null;
        }
        catch (RpcException e)
        {
            return $"a bare RpcException reaches the user: {e.Status}";
        }
        catch (Exception e)
        {
            return $"{e.GetType().Name} reaches the user: {e.Message}";
        }
    }

    private static async Task<string?> ClientsKilledAsync(Tally tally)
    {
        await using var server = await ServerUnderTest.StartAsync();
        var invoker = server.Channel.CreateCallInvoker();
        var clients = new List<(Process Process, string Session)>();
        for (int i = 0; i < 3; i++)
        {
            string session = await SessionSeed.OpenAsync(invoker);
            var start = new ProcessStartInfo("dotnet") { UseShellExecute = false, RedirectStandardOutput = true };
            foreach (string argument in (string[])[typeof(ProcessFaults).Assembly.Location, "client", server.Grpc.ToString(), session]) start.ArgumentList.Add(argument);
            var process = Process.Start(start)!;
            clients.Add((process, session));
        }
        string? fault = null;
        foreach (var (process, session) in clients)
        {
            if (await process.StandardOutput.ReadLineAsync() != "working") fault ??= "a client did not start to work";
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
        long start1 = Stopwatch.GetTimestamp();
        while (server.Calls > 0 && Stopwatch.GetElapsedTime(start1) < s_patience) await Task.Delay(10);
        if (server.Calls > 0) return $"{server.Calls} calls of killed clients go on";
        var rest = new RestOracle(server);
        foreach (var (_, session) in clients) fault ??= await rest.EmptyAsync(session);
        return fault ?? await rest.SettleAsync() ?? (server.Log.Take() is [var error, ..] ? error : null);
    }

    // A managed heap that is far too small for what is asked: each call is served or refused with a reason, and no connection is lost over it.
    private static async Task<string?> HeapLimitAsync(Tally tally)
    {
        await using var server = await ServerProcess.StartAsync(null, new Dictionary<string, string> { ["DOTNET_GCHeapHardLimit"] = "0x8000000" }, "Limits:ServerBytesMax=268435456");
        var run = RawMethod.Of("/autograd.v1.AutogradService/RunCommands");
        int served = 0;
        string[] faults = await Task.WhenAll(Enumerable.Range(0, 12).Select(async n =>
        {
            var invoker = Grpc.Net.Client.GrpcChannel.ForAddress(server.Address, new Grpc.Net.Client.GrpcChannelOptions { MaxReceiveMessageSize = null, MaxSendMessageSize = null }).CreateCallInvoker();
            for (int i = 0; i < 6; i++)
            {
                try
                {
                    string session = await SessionSeed.OpenAsync(invoker);
                    var request = new Wire.RunCommandsRequest { SessionId = session };
                    request.Commands.Add(new Wire.Command { WantResult = true, CreateTensor = new Wire.CreateTensor { Out = 500, Data = new Wire.TensorData { Dtype = Wire.DataType.Uint8, Shape = { 12 << 20 }, Data = UnsafeByteOperations.UnsafeWrap(new byte[12 << 20]) } } });
                    for (int k = 0; k < 4; k++) request.Commands.Add(new Wire.Command { WantResult = true, ReadTensor = new Wire.ReadTensor { Tensor = 500 } });
                    var answer = await RawCalls.SendAsync(invoker, run, [request.ToByteArray()], TimeSpan.FromSeconds(60));
                    if (AnswerOracle.Check(run, answer, tally) is { } fault) return fault;
                    if (answer.Code == StatusCode.OK) Interlocked.Increment(ref served);
                    await RawCalls.SendAsync(invoker, RawMethod.Of("/autograd.v1.SessionService/DeleteSession"), [new Wire.DeleteSessionRequest { SessionId = session }.ToByteArray()], s_patience);
                }
                catch (InvalidOperationException e)
                {
                    return $"a small call beside it failed: {e.Message}";
                }
            }
            return "";
        }));
        if (server.HasExited) return "the process ended for want of memory";
        if (faults.FirstOrDefault(static f => f.Length > 0) is { } found) return found;
        if (served == 0) return "none of the large calls was served, one at a time neither";
        tally.Count("large calls", $"{served} served");
        return await server.AnswersAsync() ? null : "the server no longer answers";
    }

    private static async Task<string?> LogAsync(string log)
    {
        await using var server = await ServerProcess.StartAsync(log, new Dictionary<string, string> { ["Logging__LogLevel__Default"] = "Debug", ["Logging__LogLevel__AutogradService"] = "Trace" });
        var canary = new Canary(server.Channel);
        for (int i = 0; i < 300; i++)
            if (await canary.SingAsync() is { } fault) return fault;
        return server.HasExited ? "the process ended" : null;
    }

    // Its reader sleeps: the pipe fills up, and writing to it waits for ever.
    private static async Task<string?> LogPipeAsync(Tally tally)
    {
        string folder = Directory.CreateTempSubdirectory("fuzz-").FullName;
        string pipe = Path.Combine(folder, "log");
        using (var made = Process.Start("mkfifo", pipe)) await made.WaitForExitAsync();
        // Open for reading and writing, so that neither end waits for the other, and never read.
        using var holder = new FileStream(pipe, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, 1);
        try
        {
            return await LogAsync(pipe);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
