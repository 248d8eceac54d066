using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace AutogradService.Server.Tests;

/// <summary>A real Prometheus on a free loopback port, with the configuration that is in deploy/prometheus, but for the server's address and a scrape a second.</summary>
internal sealed class Prometheus : IAsyncDisposable
{
    private readonly Process _process;
    private readonly DirectoryInfo _folder;
    private readonly HttpClient _client;

    private Prometheus(Process process, DirectoryInfo folder, Uri address)
    {
        _process = process;
        _folder = folder;
        _client = new HttpClient { BaseAddress = address, Timeout = TimeSpan.FromSeconds(60) };
    }

    /// <summary>Where the configuration is.</summary>
    public static string Configuration { get; } = Path.Combine(Repository.Root, "deploy/prometheus");

    /// <summary>The path of one of its programs; skips the test if it is not installed.</summary>
    public static string Find(string program)
    {
        string[] folders = [Path.Combine(Repository.Root, "tests/.cache/prometheus/usr/bin"), .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)];
        string? found = folders.Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
        if (found is null) Assert.Skip($"{program} is not installed: run tests/tools/install-prometheus.sh (test.sh does)");
        return found;
    }

    /// <summary>Runs promtool.</summary>
    /// <returns>What it said, and its exit code.</returns>
    public static async Task<(string Said, int ExitCode)> CheckAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Find("promtool"), arguments) { WorkingDirectory = Configuration, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string said = await process.StandardOutput.ReadToEndAsync() + await error;
        await process.WaitForExitAsync();
        return (said, process.ExitCode);
    }

    public static async Task<Prometheus> StartAsync(Uri server)
    {
        string program = Find("prometheus");
        var folder = Directory.CreateTempSubdirectory("autograd-prometheus-");
        string configuration = await File.ReadAllTextAsync(Path.Combine(Configuration, "prometheus.yml"));
        Assert.Contains("server:8080", configuration, StringComparison.Ordinal);
        configuration = configuration.Replace("server:8080", $"{server.Host}:{server.Port}", StringComparison.Ordinal).Replace("_interval: 15s", "_interval: 1s", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "prometheus.yml"), configuration);
        File.Copy(Path.Combine(Configuration, "alerts.yml"), Path.Combine(folder.FullName, "alerts.yml"));
        int port = FreePort();
        var start = new ProcessStartInfo(program, ["--config.file=prometheus.yml", "--storage.tsdb.path=data", $"--web.listen-address=127.0.0.1:{port}", "--log.level=error", "--enable-feature=exemplar-storage"]) { WorkingDirectory = folder.FullName };
        return new Prometheus(Process.Start(start)!, folder, new Uri($"http://127.0.0.1:{port}"));
    }

    /// <summary>The values that an expression has now; null if it is refused or Prometheus does not answer yet.</summary>
    public async Task<double[]?> QueryAsync(string expression)
    {
        try
        {
            using var body = new FormUrlEncodedContent([new("query", expression)]);
            using var response = await _client.PostAsync(new Uri("/api/v1/query", UriKind.Relative), body);
            if (!response.IsSuccessStatusCode) return null;
            using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
            return [.. answer.RootElement.GetProperty("data").GetProperty("result").EnumerateArray().Select(r => Number(r.GetProperty("value")[1].GetString()!))];
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>Its answer to something else than a query.</summary>
    public async Task<JsonElement> GetAsync(string path)
    {
        using var answer = JsonDocument.Parse(await _client.GetStringAsync(new Uri(path, UriKind.Relative)));
        return answer.RootElement.GetProperty("data").Clone();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        _ => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture),
    };

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
