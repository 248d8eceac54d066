using System.Globalization;
using System.Runtime.InteropServices;

namespace AutogradService.Benchmarks;

/// <summary>Tells samples during which somebody else had a core that this process wanted. On systems other than Linux it tells none.</summary>
internal static partial class Processors
{
    private const int LongsInUsage = 36;
    private const int UserSeconds = 0;
    private const int SystemSeconds = 2;
    private const int InvoluntarySwitches = 17;
    private const double ForeignShareMax = 0.05;
    private const double NanosecondsInTick = 1e7;

    /// <summary>The counters now.</summary>
    public static Reading Read(bool withMachine)
    {
        if (!OperatingSystem.IsLinux()) return default;
        Span<long> usage = stackalloc long[LongsInUsage];
        if (GetUsage(0, usage) != 0) return default;
        double own = (usage[UserSeconds] + usage[SystemSeconds]) * 1e9 + (usage[UserSeconds + 1] + usage[SystemSeconds + 1]) * 1e3;
        return new Reading(usage[InvoluntarySwitches], own, withMachine ? BusyNanoseconds() : 0);
    }

    /// <summary>Whether the time between two readings is this process's own.</summary>
    /// <param name="before">The earlier.</param>
    /// <param name="after">The later.</param>
    /// <param name="wall">Nanoseconds between them.</param>
    /// <param name="concurrent">
    /// Whether the process has more busy threads than cores: then they displace each other, and what tells is the time that others got.
    /// </param>
    public static bool Undisturbed(in Reading before, in Reading after, double wall, bool concurrent)
    {
        if (!concurrent)
        {
            // The work runs on the calling thread at least, all the time.
            bool stalled = after.Own > 0 && wall > 5e6 && after.Own - before.Own < 0.9 * wall;
            return after.Switches == before.Switches && !stalled;
        }
        double foreign = after.Busy - before.Busy - (after.Own - before.Own);
        return foreign <= Math.Max(NanosecondsInTick, ForeignShareMax * wall * Environment.ProcessorCount);
    }

    // The first line of /proc/stat: ticks in user, nice, system, idle, iowait, irq, softirq and stolen time, of all processors.
    private static double BusyNanoseconds()
    {
        try
        {
            using var file = File.OpenText("/proc/stat");
            var fields = (file.ReadLine() ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
            double ticks = 0;
            for (int i = 1; i < Math.Min(fields.Length, 9); i++)
                if (i is not (4 or 5)) ticks += double.Parse(fields[i], CultureInfo.InvariantCulture);
            return ticks * NanosecondsInTick;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            return 0;
        }
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static partial int GetUsage(int who, Span<long> usage);

    /// <summary>Counters at a moment.</summary>
    /// <param name="Switches">How often a thread of this process was taken off its core.</param>
    /// <param name="Own">Nanoseconds that the threads of this process ran.</param>
    /// <param name="Busy">Nanoseconds that the machine's cores were busy, whoever with.</param>
    internal readonly record struct Reading(long Switches, double Own, double Busy);
}
