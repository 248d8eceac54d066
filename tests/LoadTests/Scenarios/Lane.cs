namespace AutogradService.LoadTests.Scenarios;

/// <summary>One simulated client: makes one request at a time. A load has as many lanes as it may have requests in flight.</summary>
/// <param name="request">Makes a request and awaits all of its answer.</param>
internal sealed class Lane(Func<CancellationToken, Task> request) : IAsyncDisposable
{
    /// <summary>Whose requests these are, where a scenario mixes several; empty: nobody's in particular.</summary>
    public string Tenant { get; init; } = "";

    /// <summary>Whether the lane can go on after a request of its failed; if not it is opened anew.</summary>
    public Func<bool> IsUsable { get; init; } = static () => true;

    /// <summary>Gives back what the lane holds.</summary>
    public Func<ValueTask> Close { get; init; } = static () => ValueTask.CompletedTask;

    /// <summary>Makes a request.</summary>
    public Task RequestAsync(CancellationToken cancellation) => request(cancellation);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Close();
}
