using System.Globalization;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace AutogradService.Client;

/// <summary>A command that failed, or a call: what the server told, and where the command was given.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="Command">What it was.</param>
/// <param name="Source">Where it was given, or the nearest traced command before it.</param>
/// <param name="IsTraced">Whether the source is its own.</param>
/// <param name="Status">What the server told.</param>
internal sealed record Failure(ulong Seq, string Command, Source Source, bool IsTraced, Rpc.Status Status)
{
    private const string Trailer = "grpc-status-details-bin";
    private readonly Rpc.ErrorInfo _info = Find<Rpc.ErrorInfo>(Status) ?? new Rpc.ErrorInfo();

    /// <summary>The command that recorded the node of the graph at which a backward failed, if it is still known.</summary>
    public (string Name, Source Source)? Recorded { get; init; }

    /// <summary>The reason.</summary>
    public ErrorReason Reason => ReasonOf(_info.Reason);

    /// <summary>Whether the command was not run because another one failed.</summary>
    public bool IsConsequence => Reason is ErrorReason.DependencyFailed or ErrorReason.BatchStopped;

    /// <summary>The number of the command that failed first: this one's, unless it is a consequence.</summary>
    public ulong RootSeq => IsConsequence && _info.Metadata.TryGetValue("root_seq", out string? seq) && ulong.TryParse(seq, NumberStyles.None, CultureInfo.InvariantCulture, out ulong root) ? root : Seq;

    /// <summary>The failure of a call.</summary>
    public static Failure Of(RpcException e, ulong seq = 0, string command = "", Source source = default) => new(seq, command, source, true, StatusOf(e));

    /// <summary>The number of the command that recorded the node at which a backward failed.</summary>
    public static ulong? RecordedBy(Rpc.Status status) =>
        Find<Rpc.ErrorInfo>(status) is { } info && info.Metadata.TryGetValue("recorded_by_seq", out string? seq) && ulong.TryParse(seq, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number) ? number : null;

    /// <summary>What a failed call's trailers say, or its bare status.</summary>
    public static Rpc.Status StatusOf(RpcException e)
    {
        if (e.Trailers.GetValueBytes(Trailer) is { } bytes)
        {
            try
            {
                return Rpc.Status.Parser.ParseFrom(bytes);
            }
            catch (InvalidProtocolBufferException)
            {
                // The bare status still says something.
            }
        }
        return new Rpc.Status { Code = (int)e.StatusCode, Message = e.Status.Detail };
    }

    /// <summary>The exception that tells it.</summary>
    /// <param name="root">The failure that this one is a consequence of, if it is still known.</param>
    /// <param name="others">Further failures that the same call tells of.</param>
    public AutogradException ToException(Failure? root = null, IReadOnlyList<AutogradException>? others = null)
    {
        if (root is not null && root.Seq != Seq) return AutogradException.Of(root.Details(this), others);
        return AutogradException.Of(Details(IsConsequence ? this : null), others);
    }

    /// <summary>The same failure in other words.</summary>
    public Failure Saying(string message)
    {
        var status = Status.Clone();
        status.Message = message;
        return this with { Status = status };
    }

    private FailureDetails Details(Failure? consequence) => new(
        IsConsequence && _info.Metadata.TryGetValue("root_reason", out string? reason) ? ReasonOf(reason) : Reason,
        (StatusCode)Status.Code, Status.Message, _info.Metadata.ToDictionary(), Seq, Command, Location(), consequence, RetryAfter, Recorded?.Name, Recorded?.Source.Resolve());

    /// <summary>Where the command was given.</summary>
    public SourceLocation? Location() => Source.Resolve() is { } location ? location with { IsExact = IsTraced } : null;

    /// <summary>When the server says to try again.</summary>
    public TimeSpan? RetryAfter => Find<Rpc.RetryInfo>(Status)?.RetryDelay?.ToTimeSpan();

    private static T? Find<T>(Rpc.Status status) where T : class, IMessage<T>, new()
    {
        var descriptor = new T().Descriptor;
        foreach (var detail in status.Details)
            if (detail.Is(descriptor)) return detail.Unpack<T>();
        return null;
    }

    private static ErrorReason ReasonOf(string name) =>
        System.Enum.TryParse<ErrorReason>(name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true, out var reason) ? reason : ErrorReason.Unspecified;
}

/// <summary>What an exception is made of.</summary>
internal sealed record FailureDetails(
    ErrorReason Reason, StatusCode Code, string Text, IReadOnlyDictionary<string, string> Metadata, ulong Seq, string Command, SourceLocation? Source, Failure? Consequence, TimeSpan? RetryAfter,
    string? RecordedCommand = null, SourceLocation? RecordedAt = null)
{
    /// <summary>The text, the command and its place.</summary>
    public string Message
    {
        get
        {
            string text = Text;
            if (Command.Length > 0) text += $"\n  in '{Command}'" + (Source is null ? "" : $" at {Source}");
            if (RecordedCommand is { Length: > 0 }) text += $"\n  at a node that '{RecordedCommand}' recorded" + (RecordedAt is null ? "" : $" at {RecordedAt}");
            if (Consequence is { Command.Length: > 0 } later && later.Seq != Seq) text += $"\n  on which '{later.Command}'" + (later.Location() is { } place ? $" at {place}" : "") + " depends";
            return text;
        }
    }
}
