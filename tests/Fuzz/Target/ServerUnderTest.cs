using AutogradService.Server.Functions;
using AutogradService.Server.Hosting;
using AutogradService.Server.Sessions;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AutogradService.Fuzz.Target;

/// <summary>The server that is attacked, in this process: its log, its counters and channels to it.</summary>
internal sealed class ServerUnderTest : IAsyncDisposable
{
    public const int BytesMax = 4 << 20;
    public const int MessageBytesMax = 1 << 20;
    public const int BatchCommandsMax = 1000;
    public const int StreamCreditCommands = 2000;
    public const int SessionsMax = 64;

    // Small, so that every one of them is met.
    private static readonly string[] s_settings =
    [
        "GrpcPort=0", "HttpPort=0", "WebPort=0", "DrainSecondsMax=1",
        $"Limits:BytesMax={BytesMax}", "Limits:TensorsMax=300", "Limits:NodesMax=2000", "Limits:HooksMax=4", "Limits:PoisonedMax=200", $"Limits:MessageBytesMax={MessageBytesMax}",
        "Limits:ChunkBytesMax=65536", "Limits:ChunkBytes=65536", $"Limits:BatchCommandsMax={BatchCommandsMax}", "Limits:ListLengthMax=100", "Limits:StringLengthMax=64", "Limits:KeptResultsMax=8",
        $"Limits:SessionsMax={SessionsMax}", "Limits:ServerBytesMax=268435456", $"Limits:StreamCreditCommands={StreamCreditCommands}", "Limits:StreamCreditBytes=2097152", "Limits:QueuedCommandsMax=2000",
        "Limits:QueuedBytesMax=4194304", "Limits:GraphNodesMax=100", "Limits:CallsMax=512", "Limits:TombstonesMax=100",
        "Functions:FunctionsMax=64", "Functions:FunctionBytesMax=16384", "Functions:PlansMax=32", "Functions:CallMemoryBytesMax=4194304", "Functions:CallMillisecondsMax=500", "Functions:NodesMax=2000",
        "Functions:PlanBytesMax=33554432",
    ];

    private readonly WebApplication _app;
    private readonly Admission _admission;
    private readonly SessionTable _sessions;
    private readonly FunctionRegistry _functions;

    private ServerUnderTest(WebApplication app, LogWatch log)
    {
        _app = app;
        Log = log;
        var listeners = app.Services.GetRequiredService<Listeners>();
        Grpc = new Uri(listeners.GrpcAddress);
        Http = new Uri(listeners.HttpAddress);
        Web = new Uri(listeners.WebAddress!);
        _admission = app.Services.GetRequiredService<Admission>();
        _sessions = app.Services.GetRequiredService<SessionTable>();
        _functions = app.Services.GetRequiredService<FunctionRegistry>();
        Channel = Connect();
    }

    public Uri Grpc { get; }

    public Uri Http { get; }

    public Uri Web { get; }

    public GrpcChannel Channel { get; }

    public LogWatch Log { get; }

    /// <summary>Calls under way.</summary>
    public int Calls => _admission.Calls;

    /// <summary>What the server holds for its clients.</summary>
    public Holdings Left => new(_sessions.All().Length, _functions.Count, _functions.Plans, _functions.PlanBytes, _sessions.Memory.Used);

    /// <summary>Starts a server.</summary>
    /// <param name="time">The clock that sessions expire by; null for the real one.</param>
    /// <param name="settings">Settings that come after the small limits, and override them.</param>
    public static async Task<ServerUnderTest> StartAsync(TimeProvider? time = null, params string[] settings)
    {
        var log = new LogWatch();
        string[] args = [.. s_settings.Concat(settings).Select(s => "--Autograd:" + s)];
        var app = ServerHost.Build(args, time, builder => builder.Logging.ClearProviders().AddProvider(log));
        await app.StartAsync();
        return new ServerUnderTest(app, log);
    }

    /// <summary>A further channel, with a connection of its own and no limits of the client's.</summary>
    public GrpcChannel Connect() => GrpcChannel.ForAddress(Grpc, new GrpcChannelOptions { MaxReceiveMessageSize = null, MaxSendMessageSize = null });

    /// <summary>What a server holds for its clients.</summary>
    /// <param name="Sessions">Sessions.</param>
    /// <param name="Functions">Registered functions.</param>
    /// <param name="Plans">Functions kept compiled.</param>
    /// <param name="PlanBytes">Bytes that those keep ready.</param>
    /// <param name="Bytes">Bytes of tensors that sessions and plans have taken from the system.</param>
    internal readonly record struct Holdings(int Sessions, int Functions, int Plans, long PlanBytes, long Bytes)
    {
        public override string ToString() => $"{Sessions} sessions, {Functions} functions, {Plans} plans of {PlanBytes} bytes, {Bytes} bytes of tensors";
    }

    public async ValueTask DisposeAsync()
    {
        Channel.Dispose();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
        Log.Dispose();
    }
}
