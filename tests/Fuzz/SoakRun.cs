using System.Diagnostics;

namespace AutogradService.Fuzz;

/// <summary>Attacks at a steady pace for long, and a line a minute: what grows shows in the slope of a straight line through the second half.</summary>
internal sealed class SoakRun(FuzzRun run, TextWriter output)
{
    // What the runtime's own habits may add in an hour once it is warm.
    private const double MebibytesAnHourMax = 200;
    private const double HandlesAnHourMax = 100;
    private const int MinutesToTell = 10;
    private readonly List<(double Hours, double Mebibytes, double Handles)> _samples = [];

    /// <summary>Runs.</summary>
    /// <returns>Whether nothing was found and nothing grows.</returns>
    public async Task<bool> RunAsync(TimeSpan time, int seed)
    {
        long start = Stopwatch.GetTimestamp();
        for (int minute = 0; Stopwatch.GetElapsedTime(start) < time; minute++)
        {
            await run.RunAsync(unchecked(seed + minute), TimeSpan.FromMinutes(1), long.MaxValue);
            GC.Collect();
            using var process = Process.GetCurrentProcess();
            var sample = (Stopwatch.GetElapsedTime(start).TotalHours, process.WorkingSet64 / 1048576.0, (double)process.HandleCount);
            _samples.Add(sample);
            output.WriteLine($"{minute + 1,4} min  {sample.Item2,8:F0} MiB  {GC.GetTotalMemory(false) / 1048576.0,8:F1} MiB managed  {sample.Item3,6} handles  {process.Threads.Count,4} threads  {run.Cases,9} cases  {run.Findings.Kinds.Count,3} findings");
        }
        var warm = _samples.Skip(_samples.Count / 2).ToList();
        double memory = Slope(warm, static s => s.Mebibytes), handles = Slope(warm, static s => s.Handles);
        output.WriteLine($"slope: {memory:F1} MiB an hour, {handles:F1} handles an hour");
        // Of a few minutes a slope says nothing.
        bool grows = _samples.Count >= MinutesToTell && (memory > MebibytesAnHourMax || handles > HandlesAnHourMax);
        return !grows && run.Findings.Kinds.Count == 0;
    }

    private static double Slope(List<(double Hours, double Mebibytes, double Handles)> samples, Func<(double Hours, double Mebibytes, double Handles), double> of)
    {
        if (samples.Count < 2) return 0;
        double x = samples.Average(static s => s.Hours), y = samples.Average(of);
        return samples.Sum(s => (s.Hours - x) * (of(s) - y)) / samples.Sum(s => (s.Hours - x) * (s.Hours - x));
    }
}
