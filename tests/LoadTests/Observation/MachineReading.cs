using System.Runtime.InteropServices;
using AutogradService.Client;
using AutogradService.LoadTests.Reports;

namespace AutogradService.LoadTests.Observation;

/// <summary>What the report says about where it was measured.</summary>
internal static class MachineReading
{
    private const string ModelField = "model name";

    /// <summary>Reads it.</summary>
    public static MachineFacts Read(ServerInfo server) => new()
    {
        Processor = Processor(),
        Cores = Environment.ProcessorCount,
        MemoryBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
        System = RuntimeInformation.OSDescription,
        Runtime = RuntimeInformation.FrameworkDescription,
        Server = $"{server.Version}, {server.KernelThreads} kernel threads",
    };

    private static string Processor()
    {
        try
        {
            string? line = File.ReadLines("/proc/cpuinfo").FirstOrDefault(static l => l.StartsWith(ModelField, StringComparison.Ordinal));
            if (line is not null) return line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Not Linux.
        }
        return RuntimeInformation.ProcessArchitecture.ToString();
    }
}
