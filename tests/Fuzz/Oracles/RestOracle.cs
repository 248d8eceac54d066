using System.Diagnostics;
using AutogradService.Fuzz.Cases;
using AutogradService.Fuzz.Target;
using Google.Protobuf;
using Grpc.Core;

namespace AutogradService.Fuzz.Oracles;

/// <summary>What must be true once everybody has gone: nothing is under way, nothing is kept.</summary>
internal sealed class RestOracle(ServerUnderTest server)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly CallInvoker _invoker = server.Channel.CreateCallInvoker();

    /// <summary>Empties a session of all that has a handle, is a gradient or is held for an answer, and says what it still holds; null if nothing, or if it is gone.</summary>
    public async Task<string?> EmptyAsync(string sessionId)
    {
        // Every answer is there: nothing that was read is held for one that was lost.
        var letGo = new Wire.RunCommandsRequest { SessionId = sessionId, ReceivedSeq = ulong.MaxValue };
        letGo.Commands.Add(new Wire.Command { SetDualLevel = new Wire.SetDualLevel() });
        letGo.Commands.Add(new Wire.Command { ZeroGrads = new Wire.ZeroGrads() });
        letGo.Commands.Add(new Wire.Command { WantResult = true, ListHandles = new Wire.ListHandles { PageSize = 1000 } });
        var response = await TryRunAsync(letGo);
        if (response is null) return null;
        var release = new Wire.RunCommandsRequest { SessionId = sessionId };
        foreach (var tensor in response.Results.Last().Page.Tensors) release.Commands.Add(new Wire.Command { ReleaseTensors = new Wire.ReleaseTensors { Handles = { tensor.Handle } } });
        response = await TryRunAsync(release);
        if (response is null) return null;
        if (response.Failed > 0) return $"listed handles cannot be released: {response.Results[0]}";
        var asked = await RawCalls.SendAsync(_invoker, RawMethod.Of("/autograd.v1.SessionService/GetUsage"), [new Wire.GetUsageRequest { SessionId = sessionId }.ToByteArray()], s_patience);
        if (asked.Code != StatusCode.OK) return null;
        var usage = Wire.GetUsageResponse.Parser.ParseFrom(asked.Messages[0]).Usage;
        return usage.Bytes == 0 && usage.Tensors == 0 && usage.Nodes == 0 && usage.QueuedCommands == 0 && usage.QueuedBytes == 0 ? null : $"an emptied session still holds {usage}";
    }

    /// <summary>Ends every session and function and waits until the server is at rest; says what does not go away.</summary>
    public async Task<string?> SettleAsync()
    {
        long start = Stopwatch.GetTimestamp();
        while (server.Calls > 0 && Stopwatch.GetElapsedTime(start) < s_patience) await Task.Delay(10);
        if (server.Calls > 0) return $"{server.Calls} calls still under way {s_patience.TotalSeconds} s after their clients were answered: a hang";
        var listed = Wire.ListSessionsResponse.Parser.ParseFrom(await SessionSeed.CallAsync(_invoker, "SessionService/ListSessions", new Wire.ListSessionsRequest { PageSize = 1000 }));
        // One that was made with an idle time of next to nothing is listed and expires when it is looked for.
        foreach (var session in listed.Sessions) await RawCalls.SendAsync(_invoker, RawMethod.Of("/autograd.v1.SessionService/DeleteSession"), [new Wire.DeleteSessionRequest { SessionId = session.SessionId }.ToByteArray()], s_patience);
        var functions = Wire.ListFunctionsResponse.Parser.ParseFrom(await SessionSeed.CallAsync(_invoker, "FunctionService/ListFunctions", new Wire.ListFunctionsRequest { PageSize = 1000 }));
        foreach (var function in functions.Functions) await SessionSeed.CallAsync(_invoker, "FunctionService/DeleteFunction", new Wire.DeleteFunctionRequest { Function = function.FunctionId });
        start = Stopwatch.GetTimestamp();
        while (server.Left != default && Stopwatch.GetElapsedTime(start) < s_patience) await Task.Delay(10);
        return server.Left == default ? null : $"after everything was deleted the server still holds {server.Left}";
    }

    private async Task<Wire.RunCommandsResponse?> TryRunAsync(Wire.RunCommandsRequest request)
    {
        var answer = await RawCalls.SendAsync(_invoker, RawMethod.Of("/autograd.v1.AutogradService/RunCommands"), [request.ToByteArray()], s_patience);
        return answer.Code == StatusCode.OK ? Wire.RunCommandsResponse.Parser.ParseFrom(answer.Messages[0]) : null;
    }
}
