using AutogradService.Client;
using AutogradService.Conformance;
using AutogradService.Conformance.Backends;
using AutogradService.Conformance.Reporting;
using AutogradService.Testing;

const int WronglyCalled = 2;

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
Func<IBackend> open = server is null
    ? static () => new EngineBackend()
    : () => WireBackend.Connect(server.Grpc.GetLeftPart(UriPartial.Authority), CallMode.Pipelined);
var report = ConformanceRun.Execute(line, open);
TextReport.Write(report, Console.Out, line.Verbose);
if (line.Json is { } json)
    JsonReport.Write(report, json);
if (line.WriteFloor is { } floor)
    Floor.Of(report).Write(floor);
return report.HasFailures ? 1 : 0;
