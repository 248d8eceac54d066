using AutogradService.Client;
using AutogradService.LoadTests.Observation;
using AutogradService.LoadTests.Reports;
using AutogradService.LoadTests.Scenarios;

namespace AutogradService.LoadTests.Experiments;

/// <summary>Which server is loaded.</summary>
internal sealed record SiteOptions
{
    /// <summary>Where it serves gRPC; null: one is started.</summary>
    public Uri? Address { get; init; }

    /// <summary>Key to present.</summary>
    public string? Key { get; init; }

    /// <summary>Its metrics' page; null: /metrics of a server started here, else none.</summary>
    public Uri? Metrics { get; init; }

    /// <summary>Its process on this machine, where it was not started here.</summary>
    public int? ProcessId { get; init; }

    /// <summary>Further settings for a server started here, within its section: "KernelThreads=1".</summary>
    public IReadOnlyList<string> ServerSettings { get; init; } = [];
}

/// <summary>The server that is loaded: one of its own, or one that runs already.</summary>
internal sealed class Site : IAsyncDisposable
{
    private readonly SiteOptions _options;
    private readonly ServerProcess? _own;

    private Site(SiteOptions options, ServerProcess? own)
    {
        _options = options;
        _own = own;
    }

    /// <summary>Where it serves gRPC.</summary>
    public Uri Address => _options.Address ?? _own!.Grpc;

    /// <summary>Its process, where it can be seen.</summary>
    public int? ProcessId => _own?.Id ?? _options.ProcessId;

    /// <summary>Starts a server if none is given.</summary>
    /// <param name="options">Which server.</param>
    /// <param name="settings">What the load needs of a server that is started.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="InvalidOperationException">It could not be started.</exception>
    public static async Task<Site> OpenAsync(SiteOptions options, IEnumerable<string> settings, CancellationToken cancellation) =>
        new(options, options.Address is null ? await ServerProcess.StartAsync(settings.Concat(options.ServerSettings), cancellation) : null);

    /// <summary>Connects to it.</summary>
    public Target Connect(int connections) => new(Address, _options.Key, connections);

    /// <summary>Looks at its process and metrics.</summary>
    public MetricsPage OpenMetrics() => new(_options.Metrics ?? (_own is null ? null : new Uri(_own.Http, "/metrics")));

    /// <summary>Asks what it is.</summary>
    /// <exception cref="AutogradException">It cannot be reached.</exception>
    public async Task<MachineFacts> DescribeAsync(CancellationToken cancellation)
    {
        await using var client = await AutogradClient.ConnectAsync(Address.ToString(), new ClientOptions { Key = _options.Key }, cancellation);
        return MachineReading.Read(client.Server);
    }

    /// <summary>Says what the server said, if it ended by itself.</summary>
    /// <exception cref="InvalidOperationException">It did.</exception>
    public void RequireRunning()
    {
        if (_own is { IsRunning: false }) throw new InvalidOperationException($"the server ended during the load\n{_own.Tail()}");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _own?.DisposeAsync() ?? ValueTask.CompletedTask;
}
