using System.Diagnostics;
using System.Reflection;

namespace AutogradService.LoadTests.Observation;

/// <summary>A server started for a load, as a process of its own: then the client's costs are not the server's. It ends with the load.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const string GrpcLine = "gRPC (HTTP/2 cleartext) on ";
    private const string HttpLine = "Probes (HTTP/1.1) on ";
    private const int LinesKept = 50;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly Queue<string> _lines = new();
    private readonly TaskCompletionSource<Uri> _grpc = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Uri> _http = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ServerProcess(Process process)
    {
        _process = process;
        // Whatever way this process ends by, short of being killed.
        AppDomain.CurrentDomain.ProcessExit += KillQuietly;
    }

    /// <summary>Where it serves gRPC.</summary>
    public Uri Grpc => _grpc.Task.Result;

    /// <summary>Where it serves probes and metrics.</summary>
    public Uri Http => _http.Task.Result;

    /// <summary>Its id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it still runs.</summary>
    public bool IsRunning => !_process.HasExited;

    /// <summary>Starts the server that was built beside this program, on free ports, and waits until it says that it is ready.</summary>
    /// <param name="settings">Settings within the section "Autograd".</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="InvalidOperationException">It is not built, or ended.</exception>
    public static async Task<ServerProcess> StartAsync(IEnumerable<string> settings, CancellationToken cancellation)
    {
        string program = Path.Combine(Metadata("RepositoryRoot"), "src", "Server", "bin", Metadata("Configuration"), "net10.0", "AutogradService.Server.dll");
        if (!File.Exists(program)) throw new InvalidOperationException($"no server at {program}: build src/Server, or give an --address");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        string[] own = ["GrpcPort=0", "HttpPort=0"];
        foreach (string argument in (string[])[program, .. own.Concat(settings).Select(static s => "--Autograd:" + s)]) start.ArgumentList.Add(argument);
        var server = new ServerProcess(Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start"));
        try
        {
            _ = server.ReadAsync(server._process.StandardOutput);
            _ = server.ReadAsync(server._process.StandardError);
            await Task.WhenAll(server._grpc.Task, server._http.Task).WaitAsync(s_patience, cancellation);
            return server;
        }
        catch (Exception e)
        {
            string said = server.Tail();
            await server.DisposeAsync();
            throw e is OperationCanceledException && cancellation.IsCancellationRequested ? e : new InvalidOperationException($"the server did not become ready\n{said}", e);
        }
    }

    /// <summary>What the server said last.</summary>
    public string Tail()
    {
        lock (_lines) return string.Join('\n', _lines);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= KillQuietly;
        KillQuietly(null, EventArgs.Empty);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static string Metadata(string key) => typeof(ServerProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().First(a => a.Key == key).Value!;

    private void KillQuietly(object? sender, EventArgs e)
    {
        try
        {
            _process.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended.
        }
    }

    // Reads to the end: a server whose output nobody takes stops when the pipe is full.
    private async Task ReadAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            lock (_lines)
            {
                _lines.Enqueue(line);
                if (_lines.Count > LinesKept) _lines.Dequeue();
            }
            if (AddressAfter(line, GrpcLine) is { } grpc) _grpc.TrySetResult(grpc);
            if (AddressAfter(line, HttpLine) is { } http) _http.TrySetResult(http);
        }
        _grpc.TrySetException(new InvalidOperationException("the server ended"));
        _http.TrySetException(new InvalidOperationException("the server ended"));
    }

    private static Uri? AddressAfter(string line, string words)
    {
        int at = line.IndexOf(words, StringComparison.Ordinal);
        return at >= 0 && Uri.TryCreate(line[(at + words.Length)..].Trim(), UriKind.Absolute, out var address) ? address : null;
    }
}
