using AutogradService.Engine;
using AutogradService.Server.Hosting;
using Google.Protobuf.WellKnownTypes;

namespace AutogradService.Server.Calls;

/// <summary>The limits as the contract tells them.</summary>
internal static class WireLimits
{
    public static Wire.ServerLimits ForServer(this LimitOptions limits) => new()
    {
        SessionsMax = (ulong)limits.SessionsMax,
        MessageBytesMax = (ulong)limits.MessageBytesMax,
        ChunkBytesMax = (ulong)limits.ChunkBytesMax,
        ChunkBytesDefault = (ulong)limits.ChunkBytes,
        BatchCommandsMax = (uint)limits.BatchCommandsMax,
        DimsMax = Shape.RankMax,
        ListLengthMax = (uint)limits.ListLengthMax,
        StringLengthMax = (uint)limits.StringLengthMax,
        StreamCreditCommands = (ulong)limits.StreamCreditCommands,
        StreamCreditBytes = (ulong)limits.StreamCreditBytes,
        IdleTimeoutMax = TimeSpan.FromSeconds(limits.IdleSecondsMax).ToDuration(),
        IdleTimeoutDefault = TimeSpan.FromSeconds(limits.IdleSeconds).ToDuration(),
        GraphNodesMax = (uint)limits.GraphNodesMax,
    };

    public static Wire.SessionLimits ForSessions(this LimitOptions limits) => new()
    {
        BytesMax = (ulong)limits.BytesMax,
        TensorsMax = (ulong)limits.TensorsMax,
        NodesMax = (ulong)limits.NodesMax,
        QueuedCommandsMax = (ulong)limits.QueuedCommandsMax,
        QueuedBytesMax = (ulong)limits.QueuedBytesMax,
        HooksMax = (ulong)limits.HooksMax,
        KeptResultsMax = (uint)limits.KeptResultsMax,
        PoisonedMax = (ulong)limits.PoisonedMax,
    };
}
