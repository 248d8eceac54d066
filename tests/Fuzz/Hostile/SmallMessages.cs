using AutogradService.Fuzz.Cases;
using AutogradService.Fuzz.Oracles;
using AutogradService.Fuzz.Target;
using Google.Protobuf;
using Grpc.Core;

namespace AutogradService.Fuzz.Hostile;

/// <summary>A server whose messages are 64 KiB at most: an answer that is larger is refused with its reason, and smaller ones go on being had, by prefix or by page.</summary>
internal static class SmallMessages
{
    private const int MessageBytes = 65_536;

    public static async Task<string?> RunAsync(Tally tally)
    {
        await using var server = await ServerUnderTest.StartAsync(null, $"Limits:MessageBytesMax={MessageBytes}", "Limits:ChunkBytesMax=32768", "Limits:ChunkBytes=32768", "Limits:BatchCommandsMax=64");
        var invoker = server.Channel.CreateCallInvoker();
        var list = RawMethod.Of("/autograd.v1.CatalogService/ListOps");
        var all = await RawCalls.SendAsync(invoker, list, [[]], TimeSpan.FromSeconds(20));
        if (AnswerOracle.Check(list, all, tally) is { } fault) return fault;
        if (all.Code == StatusCode.OK && all.Messages[0].Length > MessageBytes) return $"an answer of {all.Messages[0].Length} bytes";
        if (all.Code != StatusCode.OK && tally.Of("reason", "QUOTA_MESSAGE_BYTES") == 0) return $"{all.Code} {all.Text}";
        int ops = 0;
        for (char letter = '_'; letter <= 'z'; letter++)
        {
            var some = await RawCalls.SendAsync(invoker, list, [new Wire.ListOpsRequest { NamePrefix = letter.ToString() }.ToByteArray()], TimeSpan.FromSeconds(20));
            if (AnswerOracle.Check(list, some, tally) is { } wrong) return wrong;
            if (some.Code == StatusCode.OK) ops += Wire.ListOpsResponse.Parser.ParseFrom(some.Messages[0]).Ops.Count;
        }
        return ops == 0 ? "no op can be had by its prefix" : server.Log.Take() is [var error, ..] ? error : await new RestOracle(server).SettleAsync();
    }
}
