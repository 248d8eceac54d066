using Grpc.Net.Client;

namespace AutogradService.Client;

/// <summary>How a session's commands reach the server. All modes give the same results, bit for bit.</summary>
public enum CallMode
{
    /// <summary>Through one stream, many commands a frame, without waiting: the fast way.</summary>
    Pipelined,
    /// <summary>In batches, one after another.</summary>
    Batched,
    /// <summary>One unary call for each command, one after another.</summary>
    Unary,
}

/// <summary>Whether operators (<c>a + b</c>), which the compiler tells no source line, look for theirs on the stack.</summary>
public enum OperatorSource
{
    /// <summary>Never: a failed operator is reported with the nearest method call before it.</summary>
    Off,
    /// <summary>As long as looking takes under 5% of the session's time.</summary>
    Adaptive,
    /// <summary>Always: some microseconds for each operator.</summary>
    Always,
}

/// <summary>How a session is set up.</summary>
public sealed record SessionOptions
{
    /// <summary>How commands are sent.</summary>
    public CallMode Mode { get; init; } = CallMode.Pipelined;

    /// <summary>Shorthand for <see cref="Mode"/>: false means <see cref="CallMode.Unary"/>.</summary>
    public bool Pipelined
    {
        get => Mode == CallMode.Pipelined;
        init => Mode = value ? CallMode.Pipelined : CallMode.Unary;
    }

    /// <summary>How operators find their source line.</summary>
    public OperatorSource OperatorSource { get; init; } = OperatorSource.Adaptive;

    /// <summary>How long commands that nobody waits for may wait for more of their kind. Zero: not at all.</summary>
    public TimeSpan FlushDelay { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>
    /// For how long it is tried to come back when the connection is lost. Commands that were not answered are sent again, and the server applies each once. Whoever awaits waits meanwhile.
    /// Zero: a lost connection is an error at once.
    /// </summary>
    public TimeSpan ResumeTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Bytes of commands that may wait to be sent; whoever gives more is made to wait.</summary>
    public long BufferBytesMax { get; init; } = 64L << 20;

    /// <summary>Tensors of more bytes than this are sent in chunks rather than in a frame.</summary>
    public int InlineBytesMax { get; init; } = 4 << 20;

    /// <summary>Most commands in a frame.</summary>
    public int FrameCommandsMax { get; init; } = 4096;

    /// <summary>Releases tensors that are collected without having been disposed. Disposing them, or using scopes, gives memory back sooner.</summary>
    public bool ReleaseCollected { get; init; } = true;

    /// <summary>A name for people.</summary>
    public string DisplayName { get; init; } = "";

    /// <summary>How long the session may be idle; null: the server's default.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>Who the client is, and how it makes sure of the server.</summary>
    public Credentials Credentials { get; init; } = new();

    /// <summary>Shorthand for <see cref="Credentials"/>: the key to present as <c>authorization: Bearer</c>, where the server asks for one.</summary>
    public string? Key
    {
        get => Credentials.Key;
        init => Credentials = Credentials with { Key = value };
    }

    /// <summary>Changes the channel's options: proxies and the like.</summary>
    public Action<GrpcChannelOptions>? ConfigureChannel { get; init; }
}
