using Grpc.Core;

namespace AutogradService.Client;

/// <summary>
/// The server refused a command, or could not be reached. Commands are pipelined, so this may be thrown by a later call than the one that is at
/// fault: <see cref="Location"/> tells which one that is. If a command was not run because another one had failed, this is about the first.
/// </summary>
public class AutogradException : Exception
{
    /// <summary>Makes an exception that no server told.</summary>
    public AutogradException()
        : this("the call failed")
    {
    }

    /// <summary>Makes an exception that no server told.</summary>
    public AutogradException(string message)
        : this(message, null)
    {
    }

    /// <summary>Makes an exception that no server told.</summary>
    public AutogradException(string message, Exception? inner)
        : base(message, inner)
    {
        ServerMessage = message;
        Code = StatusCode.Unknown;
        Metadata = new Dictionary<string, string>();
        Command = "";
    }

    private protected AutogradException(FailureDetails details, Exception? inner = null)
        : base(details.Message, inner)
    {
        ServerMessage = details.Text;
        Reason = details.Reason;
        Code = details.Code;
        Metadata = details.Metadata;
        CommandNumber = details.Seq;
        Command = details.Command;
        Location = details.Source;
        IsDependency = details.Consequence is not null;
        RetryAfter = details.RetryAfter;
        RecordedLocation = details.RecordedAt;
    }

    /// <summary>Why: branch on this, not on the text.</summary>
    public ErrorReason Reason { get; }

    /// <summary>The gRPC status code.</summary>
    public StatusCode Code { get; }

    /// <summary>The server's text alone; where PyTorch raises the same error it is PyTorch's wording.</summary>
    public string ServerMessage { get; }

    /// <summary>Values that the server tells beside the text ("handle", "op", "torch_type").</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>The op or call that failed first: "matmul", "backward".</summary>
    public string Command { get; }

    /// <summary>The number of that command within its session; 0 if it has none.</summary>
    public ulong CommandNumber { get; }

    /// <summary>Whether what was awaited failed only because it depends on <see cref="Command"/>.</summary>
    public bool IsDependency { get; }

    /// <summary>Where <see cref="Command"/> was given, if that is known.</summary>
    public SourceLocation? Location { get; }

    /// <summary>Source file in which <see cref="Command"/> was given.</summary>
    public string? SourceFile => Location?.File;

    /// <summary>Line of <see cref="SourceFile"/>; 0 if unknown.</summary>
    public int SourceLine => Location?.Line ?? 0;

    /// <summary>Method or property in which <see cref="Command"/> was given.</summary>
    public string? SourceMember => Location?.Member;

    /// <summary>For a backward that failed at a node of the graph: where the command that recorded the node was given, if that is still known (<see cref="AutogradSession.DetectAnomaly"/> keeps it).</summary>
    public SourceLocation? RecordedLocation { get; }

    /// <summary>How long to wait before trying again, where that helps.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>Commands given before this call that failed too, each for a reason of its own.</summary>
    public IReadOnlyList<AutogradException> Others { get; private set; } = [];

    internal static AutogradException Of(FailureDetails details, IReadOnlyList<AutogradException>? others = null)
    {
        var exception = Typed(details);
        if (others is not null) exception.Others = others;
        return exception;
    }

    private static AutogradException Typed(FailureDetails details) => details.Metadata.GetValueOrDefault("torch_type") switch
    {
        "IndexError" => new AutogradIndexException(details),
        "ValueError" => new AutogradValueException(details),
        "TypeError" => new AutogradTypeException(details),
        "NotImplementedError" => new AutogradNotImplementedException(details),
        _ => details.Code == StatusCode.Unavailable ? new AutogradConnectionException(details) : new AutogradException(details),
    };
}

/// <summary>What Python code catches as IndexError: a dim or an index out of range.</summary>
public sealed class AutogradIndexException : AutogradException
{
    internal AutogradIndexException(FailureDetails details)
        : base(details)
    {
    }
}

/// <summary>What Python code catches as ValueError.</summary>
public sealed class AutogradValueException : AutogradException
{
    internal AutogradValueException(FailureDetails details)
        : base(details)
    {
    }
}

/// <summary>What Python code catches as TypeError: arguments missing, superfluous or of the wrong kind.</summary>
public sealed class AutogradTypeException : AutogradException
{
    internal AutogradTypeException(FailureDetails details)
        : base(details)
    {
    }
}

/// <summary>What Python code catches as NotImplementedError: no such op, no such derivative.</summary>
public sealed class AutogradNotImplementedException : AutogradException
{
    internal AutogradNotImplementedException(FailureDetails details)
        : base(details)
    {
    }
}

/// <summary>The server cannot be reached, went away or refuses work for the moment. What was under way may or may not have been done.</summary>
public sealed class AutogradConnectionException : AutogradException
{
    internal AutogradConnectionException(FailureDetails details, Exception? inner = null)
        : base(details, inner)
    {
    }
}
