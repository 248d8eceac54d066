using System.Diagnostics;
using System.Numerics;
using AutogradService.Engine;

namespace AutogradService.Server.Telemetry;

/// <summary>
/// What a session's commands take. Each command adds one to one number here; the rest is added up at the end of a run of commands. Only whoever has the session's turn
/// may touch it.
/// </summary>
internal sealed class SessionWork(ServerMeter meter, Account account, Workspace workspace)
{
    private readonly int[] _counts = new int[64];
    private ulong _kinds;
    private long _backwards;
    private long _elsewhere;
    private long _flops;
    private ComputeClock _clock;

    /// <summary>Who did it all.</summary>
    public Account Account => account;

    /// <summary>By kind of op, while the span that we are in is recorded.</summary>
    public OpGroups? Groups { get; private set; }

    /// <summary>A run of commands begins.</summary>
    public void Begin()
    {
        Groups = Tracing.IsRecording ? new OpGroups() : null;
        _flops = workspace.Flops;
        _clock = ComputeClock.Start();
    }

    /// <summary>A command is applied.</summary>
    public void Count(Wire.Command.ActionOneofCase kind)
    {
        int number = (int)kind & 63;
        _counts[number]++;
        _kinds |= 1UL << number;
    }

    /// <summary>A backward pass ran.</summary>
    /// <param name="ticks">How long it took.</param>
    /// <param name="nodes">Nodes that it reached.</param>
    public void PassRan(long ticks, long nodes)
    {
        _backwards++;
        _elsewhere += ticks;
        meter.Computed("backward", ticks);
        meter.PassRan(nodes);
    }

    /// <summary>A run of commands is over.</summary>
    /// <param name="sentBytes">Bytes of its answers.</param>
    public void End(long sentBytes)
    {
        long elapsed = _clock.Elapsed;
        long commands = 0;
        for (; _kinds != 0; _kinds &= _kinds - 1)
        {
            int kind = BitOperations.TrailingZeroCount(_kinds);
            meter.Applied((Wire.Command.ActionOneofCase)kind, _counts[kind]);
            commands += _counts[kind];
            _counts[kind] = 0;
        }
        if (commands == 0 && sentBytes == 0) return;
        meter.Computed("commands", Math.Max(0, elapsed - _elsewhere));
        account.Add(new Work { Commands = commands, Backwards = _backwards, ComputeTicks = _clock.OfAllThreads(elapsed), Flops = workspace.Flops - _flops, SentBytes = sentBytes });
        if (Groups is { } groups && Activity.Current is { } span) groups.Tell(span);
        Groups = null;
        _backwards = _elsewhere = 0;
    }
}
