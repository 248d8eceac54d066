using AutogradService.Client;
using AutogradService.Conformance;
using AutogradService.Conformance.Backends;
using AutogradService.Conformance.Cases;
using AutogradService.Conformance.Reporting;
using AutogradService.Testing;

const int WronglyCalled = 2;

// Makes the cases that clients in every language replay.
if (args is ["cases", "--out", var folder])
{
    await using var source = await RunningServer.StartAsync();
    var files = await CaseFiles.MakeAsync(source.Grpc.GetLeftPart(UriPartial.Authority));
    Directory.CreateDirectory(folder);
    foreach (string stale in Directory.GetFiles(folder, "*.json").Where(path => !files.ContainsKey(Path.GetFileName(path)))) File.Delete(stale);
    foreach (var (name, text) in files) File.WriteAllText(Path.Combine(folder, name), text);
    return 0;
}

CommandLine line;
try
{
    line = CommandLine.Parse(args);
}
catch (ArgumentException mistake)
{
    Console.Error.WriteLine($"{mistake.Message}\n{CommandLine.Usage}");
    return WronglyCalled;
}

await using var server = line.Wire ? await RunningServer.StartAsync() : null;
var compiled = new CompiledCounts();
Func<IBackend> open = line.Compiled
    ? () => new CompiledBackend(compiled)
    : server is null
    ? static () => new EngineBackend()
    : () => WireBackend.Connect(server.Grpc.GetLeftPart(UriPartial.Authority), CallMode.Pipelined);
var report = ConformanceRun.Execute(line, open);
TextReport.Write(report, Console.Out, line.Verbose);
if (line.Compiled)
{
    Console.WriteLine($"Compiled: {compiled.Values} values, {compiled.BitEqual} bit-equal to the engine's, {compiled.ValueDependent} that no function can give, {compiled.Different.Count} different");
    foreach (string call in compiled.Different.Take(line.Verbose ? int.MaxValue : 20)) Console.WriteLine($"  {call}");
}
if (line.Json is { } json)
    JsonReport.Write(report, json);
if (line.WriteFloor is { } floor)
    Floor.Of(report).Write(floor);
return report.HasFailures ? 1 : 0;
