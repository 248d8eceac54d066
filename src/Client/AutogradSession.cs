using Grpc.Core;
using Grpc.Net.Client;

namespace AutogradService.Client;

/// <summary>
/// A session on an AutogradService server: what holds tensors, gradients and graph. Calls that make tensors return at once; their commands are
/// pipelined in order, and what went wrong is told by the next awaited call, with the source line of the command at fault.
/// </summary>
/// <remarks>Any thread may use it; grad mode and scopes belong to the session as a whole, so flows that use them should not run side by side.</remarks>
public sealed partial class AutogradSession : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private readonly GrpcChannel? _ownedChannel;
    private readonly Wire.SessionService.SessionServiceClient _sessionCalls;
    private readonly OperatorTrace _trace;
    private readonly Pipeline? _pipeline;
    private TensorScope? _scope;
    private long _lastHandle;
    private int _disposed;

    private AutogradSession(CallInvoker invoker, GrpcChannel? ownedChannel, Wire.GetServerInfoResponse info, Wire.Session session, Catalog catalog, SessionOptions options)
    {
        _ownedChannel = ownedChannel;
        Options = options;
        _trace = new OperatorTrace(options.OperatorSource);
        _sessionCalls = new Wire.SessionService.SessionServiceClient(invoker);
        Calls = new Wire.AutogradService.AutogradServiceClient(invoker);
        Id = session.SessionId;
        Catalog = catalog;
        Server = new ServerInfo(info);
        Transport transport = options.Mode switch
        {
            CallMode.Pipelined => new StreamTransport(invoker, Id, info.Limits, info.SessionLimits?.KeptResultsMax ?? 0, options.FrameCommandsMax),
            CallMode.Batched => new BatchTransport(invoker, info.Limits, options.FrameCommandsMax),
            _ => new UnaryTransport(Calls, Id, info.Limits),
        };
        Functions = new FunctionConnection(invoker, this, catalog);
        _pipeline = new Pipeline(transport, Calls, Id, info.Limits, options) { Changed = change => ConnectionChanged?.Invoke(change) };
        _pipeline.Start();
    }

    private AutogradSession(CallInvoker invoker, Wire.GetServerInfoResponse info, Catalog catalog)
    {
        Options = new SessionOptions { OperatorSource = Client.OperatorSource.Off };
        _trace = new OperatorTrace(Options.OperatorSource);
        _sessionCalls = new Wire.SessionService.SessionServiceClient(invoker);
        Calls = new Wire.AutogradService.AutogradServiceClient(invoker);
        Functions = new FunctionConnection(invoker, null, catalog);
        Id = "";
        Catalog = catalog;
        Server = new ServerInfo(info);
    }

    /// <summary>
    /// Told when the connection is lost, when it is there again (nothing was lost, and nothing done twice: see <see cref="SessionOptions.ResumeTimeout"/>), and when it is given up. Called by the
    /// task that sends: it must not wait for the session.
    /// </summary>
    public event Action<ConnectionChange>? ConnectionChanged;

    /// <summary>The session's id. Keep it secret: where the server asks for no credentials, whoever knows it can use the session.</summary>
    public string Id { get; }

    /// <summary>About the server.</summary>
    public ServerInfo Server { get; }

    /// <summary>Whether commands given now are recorded for backward; see <see cref="NoGrad"/>.</summary>
    public bool IsGradEnabled { get; private set; } = true;

    /// <summary>Whether the connection is lost for good: everything given from now on fails, and only a new session helps.</summary>
    public bool IsBroken => Pipeline.IsBroken;

    /// <summary>Frames (or calls) sent so far.</summary>
    public long FramesSent => Pipeline.Frames;

    /// <summary>Commands given so far.</summary>
    public long CommandsGiven => (long)Pipeline.Commands;

    /// <summary>Functions that call the server with this session's tensors.</summary>
    internal FunctionConnection Functions { get; }

    /// <summary>Whether functions can be recorded with it but nothing can be run, because no session of the server's is behind it.</summary>
    internal bool OnlyRecords => _pipeline is null;

    internal Pipeline Pipeline => _pipeline ?? throw FunctionTrace.Refuse("running anything");

    internal Catalog Catalog { get; }

    internal Wire.AutogradService.AutogradServiceClient Calls { get; }

    internal SessionOptions Options { get; }

    internal bool ReleasesCollected => Options.ReleaseCollected;

    /// <summary>Connects to a server and creates a session.</summary>
    /// <param name="address">"http://localhost:50051", or https.</param>
    /// <param name="options">How the session is set up.</param>
    /// <param name="cancellation">Gives up connecting.</param>
    /// <exception cref="AutogradConnectionException">The server cannot be reached.</exception>
    /// <exception cref="AutogradException">QUOTA_SESSIONS, CREDENTIALS_REQUIRED.</exception>
    public static async Task<AutogradSession> ConnectAsync(string address, SessionOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new SessionOptions();
        var channel = Connection.Open(address, options.Credentials, options.ConfigureChannel);
        try
        {
            return await ConnectAsync(channel.CreateCallInvoker(), channel, options, cancellation).ConfigureAwait(false);
        }
        catch
        {
            channel.Dispose();
            throw;
        }
    }

    /// <summary>Creates a session over a channel that stays the caller's. It must take messages as large as the server's.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="options">How the session is set up.</param>
    /// <param name="cancellation">Gives up connecting.</param>
    /// <exception cref="AutogradException">As for an address.</exception>
    public static Task<AutogradSession> ConnectAsync(ChannelBase channel, SessionOptions? options = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(channel);
        options ??= new SessionOptions();
        Connection.ForGivenChannel(options.Credentials);
        return ConnectAsync(channel.CreateCallInvoker(), null, options, cancellation);
    }

    /// <summary>What functions are recorded with where there is no session: placeholders belong to it, and nothing can be run.</summary>
    internal static AutogradSession ForRecording(CallInvoker invoker, Wire.GetServerInfoResponse info, Catalog catalog) => new(invoker, info, catalog);

    internal static async Task<AutogradSession> ConnectAsync(CallInvoker invoker, GrpcChannel? ownedChannel, SessionOptions options, CancellationToken cancellation)
    {
        invoker = Connection.WithKey(invoker, options.Credentials);
        try
        {
            var catalogCalls = new Wire.CatalogService.CatalogServiceClient(invoker);
            var info = await catalogCalls.GetServerInfoAsync(new Wire.GetServerInfoRequest(), cancellationToken: cancellation).ConfigureAwait(false);
            var catalog = await Catalog.GetAsync(catalogCalls, info.CatalogDigest, cancellation).ConfigureAwait(false);
            var request = new Wire.CreateSessionRequest { DisplayName = options.DisplayName };
            if (options.IdleTimeout is { } idle) request.IdleTimeout = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(idle);
            var created = await new Wire.SessionService.SessionServiceClient(invoker).CreateSessionAsync(request, cancellationToken: cancellation).ConfigureAwait(false);
            return new AutogradSession(invoker, ownedChannel, info, created.Session, catalog, options);
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

    /// <summary>Awaits that every command given so far was run.</summary>
    /// <param name="cancellation">Ends the wait, not the commands.</param>
    /// <exception cref="AutogradException">The first command that failed and that no call told of yet.</exception>
    public Task FlushAsync(CancellationToken cancellation = default) => Pipeline.FlushAsync(cancellation);

    /// <summary>What the session uses, after every command given so far.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="AutogradException">As <see cref="FlushAsync"/>.</exception>
    public async Task<SessionUsage> UsageAsync(CancellationToken cancellation = default)
    {
        await FlushAsync(cancellation).ConfigureAwait(false);
        return new SessionUsage((await CallAsync("usage", () => _sessionCalls.GetUsageAsync(new Wire.GetUsageRequest { SessionId = Id }, cancellationToken: cancellation), cancellation).ConfigureAwait(false)).Usage);
    }

    /// <summary>What the caller uses altogether: what its sessions hold, and what was done for it since the server started, in sessions that ended and in none included.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="AutogradException">As <see cref="FlushAsync"/>.</exception>
    public async Task<SessionUsage> CallerUsageAsync(CancellationToken cancellation = default)
    {
        await FlushAsync(cancellation).ConfigureAwait(false);
        return new SessionUsage((await CallAsync("usage", () => _sessionCalls.GetUsageAsync(new Wire.GetUsageRequest(), cancellationToken: cancellation), cancellation).ConfigureAwait(false)).Usage);
    }

    /// <summary>Renews the session, as any command does: its idle time starts anew.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="AutogradException">SESSION_EXPIRED.</exception>
    public Task RenewAsync(CancellationToken cancellation = default) =>
        CallAsync("renew", () => _sessionCalls.RenewSessionAsync(new Wire.RenewSessionRequest { SessionId = Id }, cancellationToken: cancellation), cancellation);

    /// <summary>Sends what is left, deletes the session with all it holds, and closes the connection. Failures nobody was told of stay untold.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0 || OnlyRecords) return;
        await Pipeline.CloseAsync(s_patience).ConfigureAwait(false);
        Pipeline.Dispose();
        try
        {
            await _sessionCalls.DeleteSessionAsync(new Wire.DeleteSessionRequest { SessionId = Id }, deadline: DateTime.UtcNow + s_patience).ConfigureAwait(false);
        }
        catch (RpcException)
        {
            // It is gone already, or expires by itself.
        }
        _ownedChannel?.Dispose();
    }

    internal Tensor NewTensor(bool isGrad = false) => NewTensor((ulong)Interlocked.Increment(ref _lastHandle), isGrad);

    /// <summary>The result of an op: one of the session, or of the function that this thread records.</summary>
    internal Tensor NewResult() => NewTensor((ulong)Interlocked.Increment(ref _lastHandle), isGrad: false, Recording);

    internal Tensor NewTensor(ulong handle, bool isGrad = false, FunctionTrace? recording = null)
    {
        var tensor = new Tensor(this, handle, isGrad, recording);
        if (Volatile.Read(ref _scope)?.TryAdd(tensor) != true) tensor.ReleaseWhenCollected();
        return tensor;
    }

    internal ulong HandleOf(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (!ReferenceEquals(tensor.Session, this)) throw new ArgumentException("the tensor belongs to another session");
        ObjectDisposedException.ThrowIf(tensor.IsDisposed, tensor);
        var recording = Recording;
        if (tensor.Recording is { } made && !ReferenceEquals(made, recording)) throw new InvalidOperationException("the tensor exists only in the recorded function that made it: let the function return it");
        if (recording is not null && tensor.Recording is null) recording.Use(tensor);
        return tensor.Handle;
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    internal Source OperatorSource()
    {
        // Not a tail call: the frames are counted.
        var source = _trace.Capture();
        return source;
    }

    internal static async Task<TResponse> CallAsync<TResponse>(string name, Func<AsyncUnaryCall<TResponse>> call, CancellationToken cancellation)
    {
        try
        {
            return await call().ResponseAsync.ConfigureAwait(false);
        }
        catch (RpcException e)
        {
            cancellation.ThrowIfCancellationRequested();
            throw Failure.Of(e, command: name).ToException();
        }
    }
}
