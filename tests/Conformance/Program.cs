using AutogradService.Conformance;
using AutogradService.Conformance.Backends;
using AutogradService.Conformance.Reporting;

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

if (line.Wire)
{
    Console.Error.WriteLine("--wire is not available yet.");
    return WronglyCalled;
}

var report = ConformanceRun.Execute(line, () => new EngineBackend());
TextReport.Write(report, Console.Out, line.Verbose);
if (line.Json is { } json)
    JsonReport.Write(report, json);
if (line.WriteFloor is { } floor)
    Floor.Of(report).Write(floor);
return report.HasFailures ? 1 : 0;
