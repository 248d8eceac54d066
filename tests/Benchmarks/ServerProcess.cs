using System.Diagnostics;
using System.Text.RegularExpressions;

namespace AutogradService.Benchmarks;

/// <summary>A server in a process of its own.</summary>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;

    private ServerProcess(Process process, string address, string httpAddress, double ready)
    {
        _process = process;
        Address = address;
        HttpAddress = httpAddress;
        ReadyMilliseconds = ready;
    }

    /// <summary>The server as it was built with this program.</summary>
    public static string Built { get; } = Path.Combine(AppContext.BaseDirectory, "AutogradService.Server.dll");

    /// <summary>Where it takes calls.</summary>
    public string Address { get; }

    /// <summary>Where it takes probes.</summary>
    public string HttpAddress { get; }

    /// <summary>From the start of the process to the line that says where it listens.</summary>
    public double ReadyMilliseconds { get; }

    /// <summary>Resident memory.</summary>
    public double Megabytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64 / 1048576.0;
        }
    }

    /// <summary>Processor time that it has used.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static async Task<ServerProcess> StartAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, UseShellExecute = false };
        foreach (string argument in (string[])[.. arguments, "--Autograd:GrpcPort=0", "--Autograd:HttpPort=0"]) start.ArgumentList.Add(argument);
        long from = Stopwatch.GetTimestamp();
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        using var patience = new CancellationTokenSource(s_patience);
        double ready = 0;
        string address = "";
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (AddressIn().Match(line) is not { Success: true } match) continue;
            if (address.Length == 0)
            {
                ready = Stopwatch.GetElapsedTime(from).TotalMilliseconds;
                address = match.Value;
                continue;
            }
            _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
            return new ServerProcess(process, address, match.Value, ready);
        }
        throw new InvalidOperationException($"{program} ended without saying where it listens");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    // The first line is the port for gRPC, the second that for probes, as text or within JSON.
    [GeneratedRegex(@"http://[0-9.]+:[0-9]+")]
    private static partial Regex AddressIn();
}
