using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace AutogradService.Client;

/// <summary>Finds out where operators are used, within a share of the session's time.</summary>
internal sealed class OperatorTrace(OperatorSource mode)
{
    // What the first captures cost before the code is warm.
    private static readonly long s_grace = Stopwatch.Frequency / 50;
    private const int OneIn = 20;
    private readonly long _started = Stopwatch.GetTimestamp();
    private long _spent;

    /// <summary>The caller's caller's caller: who used the operator that asks through <see cref="AutogradSession.OperatorSource"/>.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public Source Capture()
    {
        if (mode == OperatorSource.Off) return default;
        long now = Stopwatch.GetTimestamp();
        if (mode == OperatorSource.Adaptive && (Volatile.Read(ref _spent) - s_grace) * OneIn > now - _started) return default;
        var frame = new StackFrame(3, needFileInfo: false);
        Interlocked.Add(ref _spent, Stopwatch.GetTimestamp() - now);
        return new Source(frame);
    }
}
