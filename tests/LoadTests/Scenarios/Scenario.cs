namespace AutogradService.LoadTests.Scenarios;

/// <summary>What a load consists of. One object serves one run.</summary>
internal abstract class Scenario : IAsyncDisposable
{
    /// <summary>The name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>What one request does, in one sentence.</summary>
    public abstract string Description { get; }

    /// <summary>What is counted beside requests: "op", "backward", "step".</summary>
    public abstract string Unit { get; }

    /// <summary>How many of them a request has.</summary>
    public virtual double UnitsPerRequest => 1;

    /// <summary>Workers of a closed loop that names no number.</summary>
    public virtual int Concurrency => 8;

    /// <summary>Settings that a server started for this scenario needs, within its section: "Limits:SessionsMax=5000".</summary>
    public virtual IReadOnlyList<string> ServerSettings => [];

    /// <summary>What must be there before the first lane.</summary>
    public virtual Task PrepareAsync(Target target, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>Opens a lane; its first request is a warm one.</summary>
    public abstract Task<Lane> OpenLaneAsync(Target target, int index, CancellationToken cancellation);

    /// <inheritdoc/>
    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
