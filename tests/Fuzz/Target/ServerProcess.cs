using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Grpc.Net.Client;

namespace AutogradService.Fuzz.Target;

/// <summary>A server in a process of its own: to be killed, starved of memory, or given a log that cannot be written.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);
    private readonly Process _process;

    private ServerProcess(Process process, int port)
    {
        _process = process;
        Address = $"http://127.0.0.1:{port}";
        Channel = GrpcChannel.ForAddress(Address, new GrpcChannelOptions { MaxReceiveMessageSize = null, MaxSendMessageSize = null });
    }

    public string Address { get; }

    public GrpcChannel Channel { get; }

    /// <summary>Whether it has ended, by itself or not.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Resident bytes.</summary>
    public long WorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Starts a server and waits until it answers.</summary>
    /// <param name="log">Where its output goes: a file such as /dev/full; null for nowhere.</param>
    /// <param name="environment">Variables for it.</param>
    /// <param name="settings">Settings within the section "Autograd".</param>
    public static async Task<ServerProcess> StartAsync(string? log, IReadOnlyDictionary<string, string> environment, params string[] settings)
    {
        int port = FreePort();
        // The shell opens the log and becomes the server: no handle of ours is inherited.
        var start = new ProcessStartInfo("/bin/sh") { UseShellExecute = false };
        foreach (string argument in (string[])["-c", $"exec \"$@\" > {log ?? "/dev/null"} 2>&1", "sh", "dotnet", Path.Combine(AppContext.BaseDirectory, "AutogradService.Server.dll"), $"--Autograd:GrpcPort={port}", "--Autograd:HttpPort=0", .. settings.Select(static s => "--Autograd:" + s)])
            start.ArgumentList.Add(argument);
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var process = Process.Start(start) ?? throw new InvalidOperationException("the server did not start");
        var server = new ServerProcess(process, port);
        long from = Stopwatch.GetTimestamp();
        while (!await server.AnswersAsync())
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(from) > s_patience)
            {
                await server.DisposeAsync();
                throw new InvalidOperationException("the server does not answer");
            }
            await Task.Delay(50);
        }
        return server;
    }

    /// <summary>Whether it answers a call.</summary>
    public async Task<bool> AnswersAsync()
    {
        var answer = await RawCalls.SendAsync(Channel.CreateCallInvoker(), RawMethod.Of("/autograd.v1.CatalogService/GetServerInfo"), [[]], TimeSpan.FromSeconds(20));
        return answer.Code == Grpc.Core.StatusCode.OK;
    }

    /// <summary>SIGKILL.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Channel.Dispose();
        _process.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
