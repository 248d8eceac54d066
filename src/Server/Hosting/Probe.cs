using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using Microsoft.Extensions.Configuration;

namespace AutogradService.Server.Hosting;

/// <summary>The command "healthcheck": asks the server of the same configuration whether it is ready. For containers whose image has neither a shell nor curl.</summary>
internal static class Probe
{
    /// <summary>The command's name.</summary>
    public const string Command = "healthcheck";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>Runs the command.</summary>
    /// <param name="args">What follows its name: the arguments that the server was given, if they say where it listens.</param>
    /// <param name="notes">Takes one line that says why the server is not ready.</param>
    /// <returns>The program's exit code: 0 if the server is ready, 1 if it is not or cannot be asked.</returns>
    [SuppressMessage("Security", "CA5359", Justification = "It asks itself, by loopback, for one word that is no secret.")]
    public static async Task<int> RunAsync(string[] args, TextWriter notes)
    {
        var configuration = new ConfigurationBuilder().SetBasePath(AppContext.BaseDirectory).AddJsonFile("appsettings.json", optional: true).AddEnvironmentVariables().AddCommandLine(args).Build();
        var options = configuration.GetSection(ServerOptions.Section).Get<ServerOptions>() ?? new ServerOptions();
        if (options.HttpPort == 0)
        {
            await notes.WriteLineAsync("HttpPort is 0: the server has a port that only it knows");
            return 1;
        }
        using var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false };
        // The certificate is made out to the name that clients use, not to the address that the server has for itself; and nothing secret is said.
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, errors) => errors != SslPolicyErrors.RemoteCertificateNotAvailable;
        using var client = new HttpClient(handler) { Timeout = s_patience };
        try
        {
            using var answer = await client.GetAsync(AddressOf(options));
            if (answer.StatusCode == HttpStatusCode.OK) return 0;
            await notes.WriteLineAsync($"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            await notes.WriteLineAsync(e.Message);
        }
        return 1;
    }

    // A server that listens on all addresses is asked by loopback.
    private static Uri AddressOf(ServerOptions options)
    {
        var address = IPAddress.Parse(options.Address);
        if (address.Equals(IPAddress.Any)) address = IPAddress.Loopback;
        if (address.Equals(IPAddress.IPv6Any)) address = IPAddress.IPv6Loopback;
        return new Uri($"{(options.Security.Tls.HttpPort ? "https" : "http")}://{new IPEndPoint(address, options.HttpPort)}/readyz");
    }
}
