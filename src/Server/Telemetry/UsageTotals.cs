using System.Collections.Concurrent;
using System.Diagnostics;
using AutogradService.Engine;
using Google.Protobuf.WellKnownTypes;

namespace AutogradService.Server.Telemetry;

/// <summary>Work that was done: what is added up by session and by principal.</summary>
internal struct Work
{
    /// <summary>Commands applied.</summary>
    public long Commands;

    /// <summary>Backward passes.</summary>
    public long Backwards;

    /// <summary>Calls of functions.</summary>
    public long FunctionCalls;

    /// <summary>How long threads computed, in ticks of <see cref="Stopwatch"/>.</summary>
    public long ComputeTicks;

    /// <summary>Floating-point operations.</summary>
    public long Flops;

    /// <summary>Bytes of messages received.</summary>
    public long ReceivedBytes;

    /// <summary>Bytes of messages sent.</summary>
    public long SentBytes;

    /// <summary>Adds other work.</summary>
    public void Add(in Work other)
    {
        Commands += other.Commands;
        Backwards += other.Backwards;
        FunctionCalls += other.FunctionCalls;
        ComputeTicks += other.ComputeTicks;
        Flops += other.Flops;
        ReceivedBytes += other.ReceivedBytes;
        SentBytes += other.SentBytes;
    }

    /// <summary>Writes it into what the contract tells.</summary>
    public readonly void Describe(Wire.Usage usage)
    {
        usage.ComputeTime = Stopwatch.GetElapsedTime(0, ComputeTicks).ToDuration();
        usage.Flops = (ulong)Flops;
        usage.BackwardCalls = (ulong)Backwards;
        usage.FunctionCalls = (ulong)FunctionCalls;
        usage.ReceivedBytes = (ulong)ReceivedBytes;
        usage.SentBytes = (ulong)SentBytes;
    }
}

/// <summary>Work added up. Any thread may add, and read.</summary>
internal sealed class UsageTotals
{
    private Work _sum;

    /// <summary>What was added up so far.</summary>
    public Work Sum => new()
    {
        Commands = Volatile.Read(ref _sum.Commands),
        Backwards = Volatile.Read(ref _sum.Backwards),
        FunctionCalls = Volatile.Read(ref _sum.FunctionCalls),
        ComputeTicks = Volatile.Read(ref _sum.ComputeTicks),
        Flops = Volatile.Read(ref _sum.Flops),
        ReceivedBytes = Volatile.Read(ref _sum.ReceivedBytes),
        SentBytes = Volatile.Read(ref _sum.SentBytes),
    };

    /// <summary>Adds work.</summary>
    public void Add(in Work work)
    {
        Add(ref _sum.Commands, work.Commands);
        Add(ref _sum.Backwards, work.Backwards);
        Add(ref _sum.FunctionCalls, work.FunctionCalls);
        Add(ref _sum.ComputeTicks, work.ComputeTicks);
        Add(ref _sum.Flops, work.Flops);
        Add(ref _sum.ReceivedBytes, work.ReceivedBytes);
        Add(ref _sum.SentBytes, work.SentBytes);
    }

    // An atomic addition costs more than the question whether there is anything to add.
    private static void Add(ref long sum, long more)
    {
        if (more != 0) Interlocked.Add(ref sum, more);
    }
}

/// <summary>Whom work is done for: a principal, by one of its sessions or by none.</summary>
internal sealed class Account(UsageTotals principal, UsageTotals? session = null)
{
    /// <summary>Work of the session, or of the principal where there is none.</summary>
    public Work Sum => (session ?? principal).Sum;

    /// <summary>Adds work.</summary>
    public void Add(in Work work)
    {
        principal.Add(work);
        session?.Add(work);
    }

    /// <summary>The account of a new session of the same principal.</summary>
    public Account ForSession() => new(principal, new UsageTotals());
}

/// <summary>What was done for each principal since the server started. Bounded: beyond so many principals, those who come later share one account.</summary>
internal sealed class UsageTable
{
    private const int PrincipalsMax = 10_000;
    private readonly ConcurrentDictionary<string, Account> _accounts = new();
    private readonly Account _others;

    public UsageTable() => _others = New();

    /// <summary>Work done for all.</summary>
    public Work Sum
    {
        get
        {
            var sum = _others.Sum;
            foreach (var (_, account) in _accounts)
            {
                sum.Add(account.Sum);
            }
            return sum;
        }
    }

    /// <summary>Work done for a principal so far.</summary>
    public Work SumOf(string principal) => _accounts.TryGetValue(principal, out var account) ? account.Sum : default;

    /// <summary>A principal's account.</summary>
    public Account Of(string principal)
    {
        if (_accounts.TryGetValue(principal, out var account)) return account;
        return _accounts.Count < PrincipalsMax ? _accounts.GetOrAdd(principal, static _ => New()) : _others;
    }

    private static Account New() => new(new UsageTotals());
}

/// <summary>How long something computes: the calling thread, and the kernel threads that help it.</summary>
internal readonly struct ComputeClock
{
    private readonly long _start;
    private readonly long _helped;

    private ComputeClock(long start, long helped)
    {
        _start = start;
        _helped = helped;
    }

    /// <summary>Starts one; it must be read on the same thread.</summary>
    public static ComputeClock Start() => new(Stopwatch.GetTimestamp(), KernelThreads.TicksForThisThread);

    /// <summary>Time passed, in ticks of <see cref="Stopwatch"/>.</summary>
    public long Elapsed => Stopwatch.GetTimestamp() - _start;

    /// <summary>Time of all threads, given the time passed.</summary>
    public long OfAllThreads(long elapsed) => elapsed + KernelThreads.TicksForThisThread - _helped;
}
