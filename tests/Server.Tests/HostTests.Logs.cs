using System.Diagnostics;
using System.Text.Json;
using Grpc.Net.Client;

namespace AutogradService.Server.Tests;

// What the program writes to its log.
public sealed partial class HostTests
{
    [Fact]
    public async Task A_flood_of_refusals_is_a_bounded_log_of_JSON_lines_and_what_was_left_out_is_counted()
    {
        const int refused = 400, perSecond = 1;
        using var process = Start("--Autograd:GrpcPort=0", "--Autograd:HttpPort=0", "--Autograd:WarmUp=false", "--Logging:LogLevel:AutogradService.Server.Telemetry=Debug",
            "--Autograd:Telemetry:JsonLogs=true", $"--Autograd:Telemetry:LogEntriesPerSecondMax={perSecond}");
        var lines = new List<JsonElement>();
        Uri? grpc = null, http = null;
        while (http is null)
        {
            lines.Add(JsonElement.Parse((await process.StandardOutput.ReadLineAsync())!));
            string message = lines[^1].GetProperty("Message").GetString()!;
            if (message.StartsWith("gRPC", StringComparison.Ordinal)) grpc = new Uri(message[message.IndexOf("http://", StringComparison.Ordinal)..]);
            else http = new Uri(message[message.IndexOf("http://", StringComparison.Ordinal)..]);
        }
        using var channel = GrpcChannel.ForAddress(grpc!);
        var sessions = new Wire.SessionService.SessionServiceClient(channel);
        long start = Environment.TickCount64;
        for (int i = 0; i < refused; i++)
            await Refusals.OfAsync(async () => await sessions.GetSessionAsync(new Wire.GetSessionRequest { SessionId = "nobody's" }));
        double seconds = (Environment.TickCount64 - start) / 1000.0;
        using var client = new HttpClient();
        string metrics = await client.GetStringAsync(new Uri(http, "/metrics"));
        using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"])) await kill.WaitForExitAsync();
        while (await process.StandardOutput.ReadLineAsync() is { } line) lines.Add(JsonElement.Parse(line));
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        var refusals = lines.Where(l => l.GetProperty("Message").GetString()!.StartsWith("Refused: SESSION_NOT_FOUND", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(refusals);
        Assert.Equal("Debug", refusals[0].GetProperty("LogLevel").GetString());
        // Five seconds' worth at once, then so many a second.
        Assert.InRange(refusals.Count, 1, (int)((seconds + 6) * perSecond) + 1);
        Assert.True(PrometheusText.ValueOf(metrics, "autograd_log_dropped_total") >= refused - refusals.Count - 1, "what was dropped is not counted");
        Assert.Equal(refused, PrometheusText.ValueOf(metrics, "autograd_errors_total", "reason=\"SESSION_NOT_FOUND\""));
    }
}
