using System.CommandLine;
using System.CommandLine.Parsing;
using AutogradService.LoadTests.Experiments;
using AutogradService.LoadTests.Load;
using AutogradService.LoadTests.Scenarios;

namespace AutogradService.LoadTests.Commands;

/// <summary>Options that several commands have.</summary>
internal sealed class CommonOptions
{
    private const int LanesMax = 20_000;
    private const int ConnectionsMax = 1000;
    private const double SecondsMax = 86_400;
    private const double RateMax = 1_000_000;

    public CommonOptions()
    {
        Scenario.AcceptOnlyFromAmong([.. ScenarioList.All.Select(static s => s.Name)]);
        Within(Rate, 0.001, RateMax);
        Within(Concurrency, 1, LanesMax);
        Within(Seconds, 0.1, SecondsMax);
        Within(Warmup, 0, SecondsMax);
        Within(Connections, 1, ConnectionsMax);
        Within(Timeout, 0.001, SecondsMax);
    }

    public Option<string> Scenario { get; } = new("--scenario", "-s") { Description = "what requests are, see 'list'", Required = true };

    public Option<Uri?> Address { get; } = new("--address") { Description = "the server's gRPC address; without it a server is started", CustomParser = ParseUri };

    public Option<string?> Key { get; } = new("--key") { Description = "key to present" };

    public Option<Uri?> Metrics { get; } = new("--metrics") { Description = "the server's page of Prometheus metrics, http://host:8080/metrics", CustomParser = ParseUri };

    public Option<int?> ServerProcess { get; } = new("--server-pid") { Description = "process id of a server on this machine that was not started here" };

    public Option<string[]> ServerSettings { get; } = new("--server") { Description = "a setting for a server started here: Limits:SessionsMax=5000", AllowMultipleArgumentsPerToken = true };

    public Option<double?> Rate { get; } = new("--rate", "-r") { Description = "requests a second, whether answered or not (open loop)" };

    public Option<Arrivals> Arrivals { get; } = new("--arrivals") { Description = "how an open loop's requests are spread", DefaultValueFactory = static _ => Load.Arrivals.Poisson };

    public Option<int?> Concurrency { get; } = new("--concurrency", "-c") { Description = "workers of a closed loop; most requests in flight of an open one" };

    public Option<double> Seconds { get; } = new("--duration", "-d") { Description = "seconds that are measured", DefaultValueFactory = static _ => 10 };

    public Option<double> Warmup { get; } = new("--warmup") { Description = "seconds of the same load before", DefaultValueFactory = static _ => 3 };

    public Option<int> Connections { get; } = new("--connections") { Description = "HTTP/2 connections", DefaultValueFactory = static _ => 1 };

    public Option<double> Timeout { get; } = new("--timeout") { Description = "seconds that the client waits for an answer", DefaultValueFactory = static _ => 30 };

    public Option<int> Seed { get; } = new("--seed") { Description = "seed of random arrivals", DefaultValueFactory = static _ => 1 };

    public Option<DirectoryInfo?> Report { get; } = new("--report") { Description = "folder for report.html and report.json" };

    /// <summary>A command with those of the options that tell which server, and more.</summary>
    public Command Command(string name, string description, params Option[] more)
    {
        var command = new Command(name, description);
        foreach (var option in (Option[])[.. more, Address, Key, Metrics, ServerProcess, ServerSettings, Connections, Timeout, Seed, Report]) command.Options.Add(option);
        return command;
    }

    /// <summary>The server of a command line.</summary>
    public SiteOptions Site(ParseResult line) => new()
    {
        Address = line.GetValue(Address),
        Key = line.GetValue(Key),
        Metrics = line.GetValue(Metrics),
        ProcessId = line.GetValue(ServerProcess),
        ServerSettings = line.GetValue(ServerSettings) ?? [],
    };

    /// <summary>What all loads of a command line have in common.</summary>
    public LoadPlan Plan(ParseResult line, string scenario) => new()
    {
        Scenario = scenario,
        Connections = line.GetValue(Connections),
        Seed = line.GetValue(Seed),
        Timeout = TimeSpan.FromSeconds(line.GetValue(Timeout)),
    };

    /// <summary>Refuses numbers outside of a range.</summary>
    public static void Within<T>(Option<T> option, double least, double most) => option.Validators.Add(result =>
    {
        if (result.Tokens.Count > 0 && result.GetValueOrDefault<T>() is IConvertible number && number.ToDouble(null) is var value && !(value >= least && value <= most))
            result.AddError(FormattableString.Invariant($"{option.Name} lies between {least} and {most}"));
    });

    private static Uri? ParseUri(ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https") return uri;
        result.AddError($"'{result.Tokens[0].Value}' is no address such as http://localhost:50051");
        return null;
    }
}
