namespace AutogradService.Client;

/// <summary>About a server.</summary>
public sealed record ServerInfo
{
    internal ServerInfo(Wire.GetServerInfoResponse wire)
    {
        Version = wire.ServerVersion;
        TorchVersion = wire.TorchVersion;
        CatalogDigest = wire.CatalogDigest;
        KernelThreads = (int)wire.KernelThreads;
        MessageBytesMax = (long)wire.Limits.MessageBytesMax;
        SessionBytesMax = (long)wire.SessionLimits.BytesMax;
    }

    /// <summary>The server's version.</summary>
    public string Version { get; }

    /// <summary>The PyTorch release whose conventions it follows.</summary>
    public string TorchVersion { get; }

    /// <summary>Changes whenever an op does.</summary>
    public string CatalogDigest { get; }

    /// <summary>Threads that kernels may use.</summary>
    public int KernelThreads { get; }

    /// <summary>Largest message, in bytes.</summary>
    public long MessageBytesMax { get; }

    /// <summary>Bytes of tensor storage that a session may hold.</summary>
    public long SessionBytesMax { get; }
}

/// <summary>What a session uses, or a caller altogether.</summary>
public sealed record SessionUsage
{
    internal SessionUsage(Wire.Usage wire)
    {
        Bytes = (long)wire.Bytes;
        PeakBytes = (long)wire.PeakBytes;
        Tensors = (long)wire.Tensors;
        Nodes = (long)wire.Nodes;
        Hooks = (long)wire.Hooks;
        CommandsApplied = (long)wire.CommandsApplied;
        ComputeTime = wire.ComputeTime?.ToTimeSpan() ?? TimeSpan.Zero;
        Flops = (long)wire.Flops;
        BackwardCalls = (long)wire.BackwardCalls;
        FunctionCalls = (long)wire.FunctionCalls;
        ReceivedBytes = (long)wire.ReceivedBytes;
        SentBytes = (long)wire.SentBytes;
        Sessions = (long)wire.Sessions;
    }

    /// <summary>Bytes of storage: tensors, gradients, what the graph saved.</summary>
    public long Bytes { get; }

    /// <summary>The most bytes at any time.</summary>
    public long PeakBytes { get; }

    /// <summary>Live tensors that have a handle.</summary>
    public long Tensors { get; }

    /// <summary>Nodes of the graph that are alive.</summary>
    public long Nodes { get; }

    /// <summary>Registered hooks.</summary>
    public long Hooks { get; }

    /// <summary>Commands applied since the session was created.</summary>
    public long CommandsApplied { get; }

    /// <summary>How long the server's threads computed, by the clock.</summary>
    public TimeSpan ComputeTime { get; }

    /// <summary>Floating-point operations done, as ops count them.</summary>
    public long Flops { get; }

    /// <summary>Backward passes run.</summary>
    public long BackwardCalls { get; }

    /// <summary>Calls of functions.</summary>
    public long FunctionCalls { get; }

    /// <summary>Bytes that the server received.</summary>
    public long ReceivedBytes { get; }

    /// <summary>Bytes that the server sent.</summary>
    public long SentBytes { get; }

    /// <summary>Sessions that these numbers are of.</summary>
    public long Sessions { get; }
}
