using Grpc.Core;
using Grpc.Net.Client;

namespace AutogradService.Client;

/// <summary>How a client connects.</summary>
public sealed record ClientOptions
{
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

/// <summary>A connection to a server for functions, which need no session: record once, call in one round trip.</summary>
public sealed partial class AutogradClient : IAsyncDisposable
{
    private readonly GrpcChannel? _ownedChannel;
    private readonly FunctionConnection _functions;
    private readonly AutogradSession _recorder;

    private AutogradClient(CallInvoker invoker, GrpcChannel? ownedChannel, Wire.GetServerInfoResponse info, Catalog catalog)
    {
        _ownedChannel = ownedChannel;
        _functions = new FunctionConnection(invoker, null, catalog);
        _recorder = AutogradSession.ForRecording(invoker, info, catalog);
        Server = new ServerInfo(info);
    }

    /// <summary>About the server.</summary>
    public ServerInfo Server { get; }

    /// <summary>Connects to a server.</summary>
    /// <param name="address">"http://localhost:50051", or https.</param>
    /// <param name="options">How to connect.</param>
    /// <param name="cancellation">Gives up connecting.</param>
    /// <exception cref="AutogradConnectionException">The server cannot be reached.</exception>
    /// <exception cref="AutogradException">CREDENTIALS_REQUIRED.</exception>
    public static async Task<AutogradClient> ConnectAsync(string address, ClientOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new ClientOptions();
        var channel = Connection.Open(address, options.Credentials, options.ConfigureChannel);
        try
        {
            return await ConnectAsync(Connection.WithKey(channel.CreateCallInvoker(), options.Credentials), channel, cancellation).ConfigureAwait(false);
        }
        catch
        {
            channel.Dispose();
            throw;
        }
    }

    /// <summary>Uses a channel that stays the caller's. It must take messages as large as the server's.</summary>
    /// <inheritdoc cref="ConnectAsync(string, ClientOptions, CancellationToken)"/>
    /// <param name="channel">The channel.</param>
    public static Task<AutogradClient> ConnectAsync(ChannelBase channel, ClientOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(channel);
        return ConnectAsync(Connection.WithKey(channel.CreateCallInvoker(), Connection.ForGivenChannel(options?.Credentials ?? new Credentials())), null, cancellation);
    }

    /// <summary>A function that was registered before, by this program or another.</summary>
    /// <param name="nameOrId">The name that it was registered by, or its id.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="AutogradException">FUNCTION_NOT_FOUND.</exception>
    public async Task<Function> GetFunctionAsync(string nameOrId, CancellationToken cancellation = default)
    {
        var response = await AutogradSession.CallAsync("get_function", () => _functions.Calls.GetFunctionAsync(new Wire.GetFunctionRequest { Function = nameOrId }, cancellationToken: cancellation), cancellation).ConfigureAwait(false);
        return new Function(new FunctionSource(_functions, response.Function));
    }

    /// <summary>The functions that the caller has registered, by id.</summary>
    /// <param name="cancellation">Ends the listing.</param>
    /// <exception cref="AutogradException">The server refused.</exception>
    public async IAsyncEnumerable<Function> ListFunctionsAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation = default)
    {
        string token = "";
        do
        {
            var request = new Wire.ListFunctionsRequest { PageToken = token };
            var page = await AutogradSession.CallAsync("list_functions", () => _functions.Calls.ListFunctionsAsync(request, cancellationToken: cancellation), cancellation).ConfigureAwait(false);
            foreach (var description in page.Functions) yield return new Function(new FunctionSource(_functions, description));
            token = page.NextPageToken;
        }
        while (token.Length > 0);
    }

    /// <summary>Deletes a function of the caller's; others who registered it keep it.</summary>
    /// <param name="nameOrId">The name that it was registered by, or its id.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="AutogradException">FUNCTION_NOT_FOUND.</exception>
    public Task DeleteFunctionAsync(string nameOrId, CancellationToken cancellation = default) =>
        AutogradSession.CallAsync("delete_function", () => _functions.Calls.DeleteFunctionAsync(new Wire.DeleteFunctionRequest { Function = nameOrId }, cancellationToken: cancellation), cancellation);

    /// <summary>Closes the connection. Functions stay registered.</summary>
    public ValueTask DisposeAsync()
    {
        _ownedChannel?.Dispose();
        return default;
    }

    private static async Task<AutogradClient> ConnectAsync(CallInvoker invoker, GrpcChannel? ownedChannel, CancellationToken cancellation)
    {
        try
        {
            var calls = new Wire.CatalogService.CatalogServiceClient(invoker);
            var info = await calls.GetServerInfoAsync(new Wire.GetServerInfoRequest(), cancellationToken: cancellation).ConfigureAwait(false);
            return new AutogradClient(invoker, ownedChannel, info, await Catalog.GetAsync(calls, info.CatalogDigest, cancellation).ConfigureAwait(false));
        }
        catch (RpcException e) when (!cancellation.IsCancellationRequested)
        {
            throw Failure.Of(e, command: "connect").ToException();
        }
        catch (RpcException)
        {
            throw new OperationCanceledException(cancellation);
        }
    }
}
