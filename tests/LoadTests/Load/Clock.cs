using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AutogradService.LoadTests.Load;

/// <summary>Moments in ticks of the system's monotonic clock, and waits that end on time.</summary>
internal static partial class Clock
{
    private static readonly double s_millisecondsPerTick = 1e3 / Stopwatch.Frequency;

    /// <summary>Now.</summary>
    public static long Now => Stopwatch.GetTimestamp();

    /// <summary>Ticks in some seconds.</summary>
    public static long Ticks(double seconds) => (long)(seconds * Stopwatch.Frequency);

    /// <summary>Milliseconds in some ticks.</summary>
    public static double Milliseconds(long ticks) => ticks * s_millisecondsPerTick;

    /// <summary>Seconds in some ticks.</summary>
    public static double Seconds(long ticks) => ticks / (double)Stopwatch.Frequency;

    /// <summary>
    /// Waits for at most so many ticks, without keeping a core: <see cref="Thread.Sleep(int)"/> counts in milliseconds, which is as long as many requests take.
    /// </summary>
    public static void Sleep(long ticks)
    {
        if (ticks <= 0) return;
        if (OperatingSystem.IsLinux())
        {
            long nanoseconds = (long)(Seconds(ticks) * 1e9);
            var time = new TimeSpec { Seconds = nanoseconds / 1_000_000_000, Nanoseconds = nanoseconds % 1_000_000_000 };
            // Woken early by a signal: the caller looks at the clock again.
            _ = NanoSleep(in time, nint.Zero);
            return;
        }
        Thread.Sleep(Math.Max(1, (int)Milliseconds(ticks)));
    }

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int NanoSleep(in TimeSpec time, nint remaining);

    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
