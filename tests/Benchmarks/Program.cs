using System.Globalization;
using System.Text.Json;
using AutogradService.Benchmarks;

if (args is not ["table", ..])
{
    Console.Error.WriteLine("usage: table [--suite engine|wire|all] [--rounds N] [--json FILE]");
    return 2;
}
string suite = Option("--suite") ?? "all";
int rounds = int.Parse(Option("--rounds") ?? "15", CultureInfo.InvariantCulture);
var timings = new List<Timing>();
if (suite is "engine" or "all") timings.AddRange(await Harness.MeasureAsync([.. EngineSuite.Rows()], rounds));
if (suite is "wire" or "all")
{
    await using var wire = await WireSuite.StartAsync();
    var measured = await Harness.MeasureAsync([.. wire.Rows()], rounds);
    timings.AddRange(measured);
    Print(timings);
    wire.Explain(measured);
}
else
{
    Print(timings);
}
if (Option("--json") is { } file)
    await File.WriteAllTextAsync(file, JsonSerializer.Serialize(timings.Select(t => new { t.Row.Suite, t.Row.Name, t.Row.Unit, t.Median, t.Minimum, t.AllocatedBytes })));
return 0;

string? Option(string name)
{
    int i = Array.IndexOf(args, name);
    return i >= 0 && i + 1 < args.Length ? args[i + 1] : null;
}

static void Print(List<Timing> timings)
{
    Console.WriteLine($"{Environment.ProcessorCount} cores, .NET {Environment.Version}; time per unit, median and minimum of interleaved rounds");
    Console.WriteLine($"{"row",-72}{"median",12}{"minimum",12}{"",14}{"allocated",14}");
    foreach (var t in timings)
    {
        string rate = t.Row.Flops > 0 ? $"{t.GflopPerSecond:F1} GFLOP/s" : t.Row.Bytes > 0 ? $"{t.GigabytesPerSecond:F1} GB/s" : "";
        Console.WriteLine($"{t.Row.Suite + ": " + t.Row.Name,-72}{Time(t.Median),12}{Time(t.Minimum),12}{rate,16}{t.AllocatedBytes,10:F0} B/{t.Row.Unit}");
    }
}

static string Time(double ns) => ns switch
{
    < 1e3 => $"{ns:F0} ns",
    < 1e6 => $"{ns / 1e3:F2} us",
    _ => $"{ns / 1e6:F2} ms",
};
