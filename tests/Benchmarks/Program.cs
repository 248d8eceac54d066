using System.Globalization;
using AutogradService.Benchmarks;

switch (args)
{
    case ["table", ..]:
        break;
    case ["micro", ..]:
        Micro.Run(args.Length > 1 ? args[1] : "*");
        return 0;
    case ["coldstart", ..]:
        await ColdStart.RunAsync(Option("--native"), int.Parse(Option("--starts") ?? "5", CultureInfo.InvariantCulture));
        return 0;
    case ["telemetry", ..]:
        await TelemetryCost.RunAsync(int.Parse(Option("--starts") ?? "5", CultureInfo.InvariantCulture), int.Parse(Option("--rounds") ?? "15", CultureInfo.InvariantCulture), Option("--part") ?? "all", Option("--work") ?? "");
        return 0;
    default:
        Console.Error.WriteLine("""
            usage: table [--suite engine|wire|functions|all] [--peer libtorch] [--rounds N] [--rows SUBSTRING] [--json FILE]
                   micro [FILTER]
                   coldstart [--native PUBLISHED-SERVER] [--starts N]
                   telemetry [--starts N] [--rounds N] [--part all|none|metrics|scraping|traces|logs] [--work SUBSTRING]
            """);
        return 2;
}
string? peerName = Option("--peer");
if (peerName is not null && await Peer.RunTunedAsync(args) is { } exitCode) return exitCode;
string suite = Option("--suite") ?? "all", part = Option("--rows") ?? "";
int rounds = int.Parse(Option("--rounds") ?? "11", CultureInfo.InvariantCulture);
int[] threads = Environment.ProcessorCount > 1 ? [1, 2] : [1];
Peer? peer = null;
if (peerName is not null)
{
    (peer, string? reason) = await Peer.OpenAsync(peerName);
    if (peer is null) Console.WriteLine($"no peer: {reason}");
}
var table = new Table(new Machine(threads), peer);
var harness = new Harness(rounds, peer, threads);
table.PrintHead(threads);
if (suite is "engine" or "all") await table.RunAsync(harness, new EngineSuite(harness).Rows().Where(Wanted));
if (suite is "wire" or "all")
{
    await using var wire = await WireSuite.StartAsync(threads);
    await table.RunAsync(harness, wire.Rows().Where(Wanted));
}
if (suite is "functions" or "all")
{
    await using var functions = await FunctionSuite.StartAsync(threads);
    await table.RunAsync(harness, functions.Rows().Where(Wanted));
    if ("open loop".Contains(part, StringComparison.OrdinalIgnoreCase)) await functions.RunOpenLoopAsync();
    if ("digits".Contains(part, StringComparison.OrdinalIgnoreCase)) await FunctionSuite.RunDigitsAsync();
}
table.PrintMeans();
if (Option("--json") is { } file) await table.WriteAsync(file);
return 0;

bool Wanted(Row row) => row.Name.Contains(part, StringComparison.OrdinalIgnoreCase);

string? Option(string name)
{
    int i = Array.IndexOf(args, name);
    return i >= 0 && i + 1 < args.Length ? args[i + 1] : null;
}
