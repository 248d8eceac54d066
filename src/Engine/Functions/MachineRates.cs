using System.Diagnostics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Functions;

/// <summary>What this machine does in a second, measured once a process in a few milliseconds: for predictions, not for benchmarks.</summary>
internal sealed record MachineRates(double FlopsPerSecond, double BytesPerSecond)
{
    private static readonly Lazy<MachineRates> s_current = new(Measure);

    public static MachineRates Current => s_current.Value;

    private static unsafe MachineRates Measure()
    {
        using var workspace = new Workspace();
        using var mode = workspace.NoGrad();
        Tensor a = workspace.RawFull(Shape.Of(192, 192), 1.0, DType.Float32).Retain(), big = workspace.RawFull(Shape.Of(1 << 20), 1.0, DType.Float32).Retain();
        double product = Best(() => a.Mm(a)), sum = Best(() => big.Add(big));
        return new MachineRates(2.0 * 192 * 192 * 192 / product, 8.0 * (1 << 20) / sum);

        double Best(Action run)
        {
            double best = double.MaxValue;
            for (int i = 0; i < 5; i++)
            {
                using var scope = workspace.Scope();
                long start = Stopwatch.GetTimestamp();
                run();
                best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
            return Math.Max(best, 1e-9);
        }
    }
}
