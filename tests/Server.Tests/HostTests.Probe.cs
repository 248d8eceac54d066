using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using AutogradService.Server.Tests.Security;
using AutogradService.Testing;

namespace AutogradService.Server.Tests;

/// <summary>The command healthcheck, which is what the image's health check runs.</summary>
public sealed partial class HostTests
{
    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    public async Task Healthcheck_is_0_while_the_server_is_ready_and_1_once_it_drains(string address)
    {
        using var process = Start("--Autograd:GrpcPort=0", "--Autograd:HttpPort=0", $"--Autograd:Address={address}", "--Autograd:Security:AllowAnonymous=true", "--Autograd:DrainNoticeSeconds=600");
        var (_, http) = await ListeningAsync(process);
        string[] where = [$"--Autograd:Address={address}", $"--Autograd:HttpPort={http.Port}"];
        Assert.Equal((0, ""), await HealthcheckAsync([], where));
        Assert.Equal((0, ""), await HealthcheckAsync(new() { ["AUTOGRAD__ADDRESS"] = address, ["AUTOGRAD__HTTPPORT"] = $"{http.Port}" }));
        using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"])) await kill.WaitForExitAsync();
        // The signal arrives some time after kill is done.
        var result = await HealthcheckAsync([], where);
        for (int i = 0; i < 50 && result.ExitCode == 0; i++) result = await HealthcheckAsync([], where);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("503", result.Said, StringComparison.Ordinal);
        process.Kill();
        await process.WaitForExitAsync();
        result = await HealthcheckAsync([], where);
        Assert.Equal(1, result.ExitCode);
        Assert.Contains("refused", result.Said, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Healthcheck_asks_by_TLS_where_the_port_for_probes_speaks_it()
    {
        using var folder = new TestFolder();
        using var authority = new TestAuthority();
        using var certificate = authority.IssueServer();
        string file = folder.Write("server.pfx", certificate.Export(X509ContentType.Pkcs12));
        await using var server = await RunningServer.StartAsync(null, $"Security:Tls:CertificateFile={file}", "Security:Tls:HttpPort=true");
        Assert.Equal((0, ""), await HealthcheckAsync([], $"--Autograd:HttpPort={server.Http.Port}", "--Autograd:Security:Tls:HttpPort=true"));
        Assert.Equal(1, (await HealthcheckAsync([], $"--Autograd:HttpPort={server.Http.Port}")).ExitCode);
    }

    private static async Task<(int ExitCode, string Said)> HealthcheckAsync(Dictionary<string, string> environment, params string[] args)
    {
        using var process = Start(environment, ["healthcheck", .. args]);
        string said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, said);
    }
}
