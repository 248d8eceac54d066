using System.Globalization;

namespace AutogradService.LoadTests.Observation;

/// <summary>What Linux tells of processes in /proc. Elsewhere nothing is known, and nothing is shown.</summary>
internal static class ProcessorTime
{
    private const double SecondsPerTick = 0.01;
    private const int IdleField = 4;
    private const int WaitingField = 5;
    private const int FieldsOfMachine = 9;

    /// <summary>Seconds of processor time that a process has had; null if it cannot be seen.</summary>
    public static double? OfProcess(int id) => Try(() =>
    {
        string text = File.ReadAllText($"/proc/{id}/stat");
        // The name, in parentheses, may hold anything; the state follows it.
        string[] fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return (Parse(fields[11]) + Parse(fields[12])) * SecondsPerTick;
    });

    /// <summary>Seconds that the machine's processors were busy, whoever with.</summary>
    public static double? OfMachine() => Try(() =>
    {
        using var file = File.OpenText("/proc/stat");
        string[] fields = (file.ReadLine() ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        double ticks = 0;
        for (int i = 1; i < Math.Min(fields.Length, FieldsOfMachine); i++)
            if (i is not (IdleField or WaitingField)) ticks += Parse(fields[i]);
        return ticks * SecondsPerTick;
    });

    /// <summary>Resident bytes of a process and its number of threads.</summary>
    public static (long Resident, int Threads)? Memory(int id) => Try<(long, int)>(() =>
    {
        long resident = 0;
        int threads = 0;
        foreach (string line in File.ReadLines($"/proc/{id}/status"))
        {
            if (line.StartsWith("VmRSS:", StringComparison.Ordinal)) resident = (long)Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) << 10;
            if (line.StartsWith("Threads:", StringComparison.Ordinal)) threads = (int)Parse(line["Threads:".Length..].Trim());
        }
        return (resident, threads);
    });

    /// <summary>How many files and sockets a process has open.</summary>
    public static int? Handles(int id) => Try(() => Directory.EnumerateFileSystemEntries($"/proc/{id}/fd").Count());

    private static double Parse(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static T? Try<T>(Func<T> read) where T : struct
    {
        if (!OperatingSystem.IsLinux()) return null;
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException or IndexOutOfRangeException)
        {
            return null;
        }
    }
}
