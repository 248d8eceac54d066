using System.Diagnostics;
using System.Text;
using AutogradService.Testing;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace AutogradService.Server.Tests;

/// <summary>Which traces of those that begin in the server reach a collector. By itself: whoever listens to spans in this process has those of all of its servers made.</summary>
[Collection(nameof(SamplingTests))]
[CollectionDefinition(nameof(SamplingTests), DisableParallelization = true)]
public sealed class SamplingTests
{
    private const int Calls = 400;
    private const int PerSecond = 7;

    [Theory]
    [InlineData("1", Calls, Calls)]
    [InlineData("0", 0, 0)]
    public async Task Share(string share, int least, int most) => Assert.InRange((await TracesAsync(share)).Traces, least, most);

    [Fact]
    public async Task No_more_in_a_second_than_allowed()
    {
        var (traces, seconds) = await TracesAsync("0.99");
        Assert.InRange(traces, 1, PerSecond * ((int)seconds + 2));
        Assert.True(traces < Calls);
    }

    // How many traces of calls a collector got, and how long the calls took.
    private static async Task<(int Traces, double Seconds)> TracesAsync(string share)
    {
        var got = new StringBuilder();
        await using var collector = await CollectAsync(got);
        double seconds;
        await using (var server = await RunningServer.StartAsync(null, $"Telemetry:SamplingRatio={share}", $"Telemetry:TracesPerSecondMax={PerSecond}", "Telemetry:OtlpProtocol=http/protobuf", $"Telemetry:OtlpEndpoint={collector.Urls.First()}"))
        {
            var sessions = new Wire.SessionService.SessionServiceClient(server.Channel);
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < Calls; i++) await Assert.ThrowsAsync<RpcException>(async () => await sessions.GetSessionAsync(new Wire.GetSessionRequest { SessionId = "none" }));
            seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        // What waits is sent when the server ends.
        lock (got) return (Count(got.ToString(), "SessionService/GetSession"), seconds);
    }

    private static int Count(string text, string part) => (text.Length - text.Replace(part, "", StringComparison.Ordinal).Length) / part.Length;

    private static async Task<WebApplication> CollectAsync(StringBuilder got)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            if (context.Request.Path == "/v1/traces")
                lock (got) got.Append(Encoding.Latin1.GetString(body.ToArray()));
            context.Response.ContentType = "application/x-protobuf";
        });
        await app.StartAsync();
        return app;
    }
}
