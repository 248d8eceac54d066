using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using AutogradService.Server.Hosting;
using AutogradService.Testing;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Net.Client;
using Grpc.Reflection.V1;

namespace AutogradService.Server.Tests;

/// <summary>The server as a program: listeners, configuration, probes, stopping.</summary>
public sealed partial class HostTests
{
    [Fact]
    public async Task Without_any_configuration_it_serves_on_loopback_and_says_so_in_one_line_each()
    {
        using var process = Start("--Autograd:GrpcPort=0", "--Autograd:HttpPort=0");
        var (grpc, http) = await ListeningAsync(process);
        Assert.Equal(("127.0.0.1", "127.0.0.1"), (grpc.Host, http.Host));
        using var channel = GrpcChannel.ForAddress(grpc);
        var s = await TestSession.CreateAsync(channel);
        await s.OnesAsync(1);
        Assert.Equal(0, await TerminateAsync(process));
        var options = new ServerOptions();
        Assert.Equal((50051, 8080), (options.GrpcPort, options.HttpPort));
    }

    [Fact]
    public async Task Environment_variables_configure_it_too()
    {
        using var process = Start(new Dictionary<string, string> { ["AUTOGRAD__GRPCPORT"] = "0", ["AUTOGRAD__HTTPPORT"] = "0", ["AUTOGRAD__LIMITS__SESSIONSMAX"] = "1" });
        var (grpc, _) = await ListeningAsync(process);
        using var channel = GrpcChannel.ForAddress(grpc);
        await TestSession.CreateAsync(channel);
        await Refusals.OfAsync(StatusCode.ResourceExhausted, "QUOTA_SESSIONS", () => TestSession.CreateAsync(channel));
        Assert.Equal(0, await TerminateAsync(process));
    }

    [Theory]
    [InlineData("--Autograd:Address=127.0.0.1")]
    [InlineData("--Autograd:Address=0.0.0.0", "--Autograd:Security:AllowAnonymous=true")]
    [InlineData("--Autograd:Security:Keys:0=alice's")]
    [InlineData("--Autograd:Limits:SessionsMax=1")]
    public async Task It_calls_itself_before_it_says_that_it_is_ready_and_leaves_nothing_behind(params string[] arguments)
    {
        arguments = [.. arguments.Select(a => a.Replace("alice's", TestKeys.Line("alice"), StringComparison.Ordinal))];
        using var process = Start(["--Autograd:GrpcPort=0", "--Autograd:HttpPort=0", "--Logging:LogLevel:AutogradService.Server.Hosting.WarmUp=Debug", .. arguments]);
        Assert.Contains("Warmed up in", await process.StandardOutput.ReadLineAsync(), StringComparison.Ordinal);
        var (grpc, _) = await ListeningAsync(process);
        using var channel = GrpcChannel.ForAddress(new UriBuilder(grpc) { Host = "127.0.0.1" }.Uri);
        var headers = TestKeys.Header("alice");
        var sessions = await new Wire.SessionService.SessionServiceClient(channel).ListSessionsAsync(new Wire.ListSessionsRequest(), headers);
        Assert.Empty(sessions.Sessions);
        Assert.Equal(0, await TerminateAsync(process));
    }

    [Theory]
    [InlineData("--Autograd:GrpcPort=99999", "GrpcPort")]
    [InlineData("--Autograd:Address=nowhere", "Address")]
    [InlineData("--Autograd:Limits:SessionsMax=0", "SessionsMax")]
    [InlineData("--Autograd:Limits:ChunkBytesMax=1000000000", "ChunkBytesMax")]
    [InlineData("--Autograd:Limits:StreamCreditBytes=5", "StreamCreditBytes")]
    [InlineData("--Autograd:Nonsense=1", "Nonsense")]
    [InlineData("--Autograd:Security:Keys:0=alice short", "Security:Keys:0")]
    [InlineData("--Autograd:Security:KeysFile=nowhere.keys", "nowhere.keys")]
    [InlineData("--Autograd:Security:Tls:CertificateFile=nowhere.pem", "nowhere.pem")]
    [InlineData("--Autograd:Security:Tls:KeyFile=nowhere.pem", "CertificateFile")]
    [InlineData("--Autograd:Security:Jwt:Authority=http://login.example.org", "Authority")]
    [InlineData("--Autograd:Security:Jwt:Authority=https://login.example.org", "Audiences")]
    [InlineData("--Autograd:Security:ClientCertificates:Mode=Required", "CertificateFile")]
    [InlineData("--Autograd:Address=0.0.0.0", "AllowAnonymous=true")]
    [InlineData("--Autograd:Address=::", "AllowAnonymous=true")]
    public async Task A_wrong_configuration_stops_it_with_a_word(string argument, string named)
    {
        using var process = Start("--Autograd:GrpcPort=0", "--Autograd:HttpPort=0", argument);
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(1, process.ExitCode);
        Assert.Contains(named, error, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_stops_it_with_a_word()
    {
        await using var server = await RunningServer.StartAsync();
        using var process = Start($"--Autograd:GrpcPort={server.Grpc.Port}", "--Autograd:HttpPort=0");
        string error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.Equal(1, process.ExitCode);
        Assert.Contains($"{server.Grpc.Port}", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probes_answer_over_http_and_grpc()
    {
        await using var server = await RunningServer.StartAsync();
        using var http = new HttpClient { BaseAddress = server.Http };
        foreach (string path in new[] { "/healthz", "/readyz" }) Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(path)).StatusCode);
        var health = new Health.HealthClient(server.Channel);
        foreach (string service in new[] { "", "autograd.v1.AutogradService" })
            Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await health.CheckAsync(new HealthCheckRequest { Service = service })).Status);
    }

    [Fact]
    public async Task Probes_need_no_credentials()
    {
        await using var server = await RunningServer.StartAsync(null, TestKeys.Settings("alice"));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, (await new Health.HealthClient(server.Channel).CheckAsync(new HealthCheckRequest())).Status);
    }

    [Fact]
    public async Task Draining_lets_sessions_go_on_then_refuses_politely_ends_streams_and_finishes_what_is_under_way()
    {
        await using var server = await RunningServer.StartAsync(null, "DrainNoticeSeconds=3");
        using var http = new HttpClient { BaseAddress = server.Http };
        var health = new Health.HealthClient(server.Channel);
        var s = await TestSession.CreateAsync(server.Channel);
        using var idle = s.Autograd.Execute();
        await idle.RequestStream.WriteAsync(new Wire.ExecuteRequest { SessionId = s.Id });
        Assert.True(await idle.ResponseStream.MoveNext());
        using var upload = s.Autograd.UploadTensor();
        var header = new Wire.TensorHeader { Dtype = Wire.DataType.Float32, Shape = { 1 }, TotalBytes = 4 };
        await upload.RequestStream.WriteAsync(new Wire.UploadTensorRequest { Opening = new Wire.UploadOpening { SessionId = s.Id, Out = 10, Header = header } });

        var stopping = server.StopAsync();
        var status = await Refusals.OfAsync(StatusCode.Unavailable, "DRAINING", () => TestSession.CreateAsync(server.Channel));
        Assert.True(status.GetDetail<Rpc.RetryInfo>()!.RetryDelay.ToTimeSpan() > TimeSpan.Zero);
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, (await health.CheckAsync(new HealthCheckRequest())).Status);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync("/readyz")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/healthz")).StatusCode);
        var exp = TestSession.Op("exp", 11, await s.OnesAsync(1));
        exp.Seq = 1;
        await idle.RequestStream.WriteAsync(new Wire.ExecuteRequest { Commands = { exp } });
        Assert.True(await idle.ResponseStream.MoveNext());

        await Refusals.OfAsync(StatusCode.Unavailable, "DRAINING", () => idle.ResponseStream.MoveNext());
        await Refusals.OfAsync(StatusCode.Unavailable, "DRAINING", () => s.UsageAsync());
        var bytes = ByteString.CopyFrom(0, 0, 128, 63);
        await upload.RequestStream.WriteAsync(new Wire.UploadTensorRequest { Chunk = new Wire.TensorChunk { Data = bytes, Crc32C = TransferTests.Castagnoli(bytes.Span) } });
        await upload.RequestStream.CompleteAsync();
        await upload.ResponseAsync;
        await stopping;
    }

    [Fact]
    public async Task Reflection_tells_the_contract()
    {
        await using var server = await RunningServer.StartAsync();
        using var call = new ServerReflection.ServerReflectionClient(server.Channel).ServerReflectionInfo();
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" });
        Assert.True(await call.ResponseStream.MoveNext());
        var names = call.ResponseStream.Current.ListServicesResponse.Service.Select(x => x.Name).ToList();
        foreach (string name in new[] { "autograd.v1.AutogradService", "autograd.v1.SessionService", "autograd.v1.CatalogService" }) Assert.Contains(name, names);
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { FileContainingSymbol = "autograd.v1.Command" });
        Assert.True(await call.ResponseStream.MoveNext());
        Assert.NotEmpty(call.ResponseStream.Current.FileDescriptorResponse.FileDescriptorProto);
        await call.RequestStream.CompleteAsync();
    }

    private static Process Start(params string[] args) => Start([], args);

    private static Process Start(Dictionary<string, string> environment, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(ServerHost).Assembly.Location, .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static async Task<(Uri Grpc, Uri Http)> ListeningAsync(Process process)
    {
        var addresses = new List<Uri>();
        while (addresses.Count < 2)
        {
            string? line = await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30));
            Assert.NotNull(line);
            addresses.Add(new Uri(Address().Match(line).Value));
        }
        return (addresses[0], addresses[1]);
    }

    private static async Task<int> TerminateAsync(Process process)
    {
        using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"])) await kill.WaitForExitAsync();
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(15));
        // Two lines were read already; what follows is about draining.
        Assert.DoesNotContain("http://", await process.StandardOutput.ReadToEndAsync(), StringComparison.Ordinal);
        return process.ExitCode;
    }

    [GeneratedRegex(@"http://\S+")]
    private static partial Regex Address();
}
