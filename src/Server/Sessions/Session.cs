using System.Diagnostics;
using AutogradService.Server.Commands;
using AutogradService.Server.Errors;
using AutogradService.Server.Hosting;
using AutogradService.Server.Scheduling;
using AutogradService.Server.Telemetry;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace AutogradService.Server.Sessions;

/// <summary>A client's state on the server: a single-threaded interpreter of commands behind a gate, and behind that the slots in which all sessions compute.</summary>
internal sealed class Session : IDisposable
{
    private readonly SessionGate _gate;
    private readonly RunSlots _slots;
    private readonly Run _run = new(new Flow());
    private readonly CancellationTokenSource _ending = new();
    private readonly ServerMeter _meter;
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _created;
    // By a clock that only goes forward, whatever is done to the time of day.
    private long _lastUsed;
    private long _trimmed;
    private volatile bool _ended;
    private bool _hasSlot;

    public Session(string id, PrincipalQuotas quotas, string displayName, TimeSpan idle, long ordinal, LimitOptions limits, RunSlots slots, TimeProvider time, ServerMeter meter, Account account, ErrorLog errors)
    {
        Id = id;
        Quotas = quotas;
        DisplayName = displayName;
        Idle = idle;
        Ordinal = ordinal;
        _time = time;
        _created = time.GetUtcNow();
        _lastUsed = time.GetTimestamp();
        _gate = new SessionGate(limits.QueuedCommandsMax, limits.QueuedBytesMax);
        _slots = slots;
        _meter = meter;
        // Asked for also when the source is gone.
        EndingToken = _ending.Token;
        Interpreter = new CommandInterpreter(limits, quotas.Memory, meter, account, errors.For(ordinal));
    }

    public string Id { get; }

    /// <summary>The principal that made it.</summary>
    public string Owner => Quotas.Principal;

    /// <summary>What that principal may have in all.</summary>
    public PrincipalQuotas Quotas { get; }

    /// <summary>Cancelled when the session ends: what is under way in it then stops.</summary>
    public CancellationToken EndingToken { get; }

    public string DisplayName { get; }

    /// <summary>How long it may be idle.</summary>
    public TimeSpan Idle { get; }

    /// <summary>Position in order of creation.</summary>
    public long Ordinal { get; }

    /// <summary>What runs commands. Only whoever has the turn may touch it.</summary>
    public CommandInterpreter Interpreter { get; }

    private TimeSpan Unused => _time.GetElapsedTime(Volatile.Read(ref _lastUsed));

    private DateTimeOffset Expires => _time.GetUtcNow() - Unused + Idle;

    /// <summary>Whether it has been idle for too long; work that takes long is not idleness.</summary>
    public bool HasExpired => _gate.IsIdle && Unused >= Idle;

    /// <summary>Gives memory back that the session keeps for reuse, if it has not been used for some time.</summary>
    public void TrimIfUnused(TimeSpan time)
    {
        long used = Volatile.Read(ref _lastUsed);
        if (used == _trimmed || Unused < time || !_gate.TryEnter()) return;
        _trimmed = used;
        if (!_ended) Interpreter.Trim();
        _gate.Leave();
    }

    /// <summary>Starts the idle time anew.</summary>
    public void Renew() => Volatile.Write(ref _lastUsed, _time.GetTimestamp());

    /// <summary>Waits for the turn to run commands, and for a slot to run them in; disposing what it returns ends the turn.</summary>
    /// <param name="commands">How many commands will be run: what the queue, and the caller's rate, are charged.</param>
    /// <param name="bytes">Bytes of the commands.</param>
    /// <param name="patience">Whether it may be refused rather than wait for long.</param>
    /// <param name="call">Whose cancellation ends the wait.</param>
    /// <exception cref="Refusal">QUOTA_QUEUE, QUOTA_RATE, OVERLOADED, SESSION_EXPIRED.</exception>
    public async ValueTask<Turn> EnterAsync(int commands, long bytes, Patience patience, ServerCallContext call)
    {
        var cancellation = call.CancellationToken;
        long waited = 0;
        var entering = TakeTurnAsync(commands, bytes, patience, call.Deadline, cancellation);
        if (!entering.IsCompletedSuccessfully)
        {
            long start = Stopwatch.GetTimestamp();
            await entering;
            waited = Stopwatch.GetTimestamp() - start;
        }
        Renew();
        // Turns that run nothing, and chunks of what was let in before, wait for no command.
        if (commands > 0) _meter.Waited(waited);
        if (bytes > 0) Interpreter.Work.Account.Add(new Work { ReceivedBytes = bytes });
        return new Turn(this);
    }

    private async ValueTask TakeTurnAsync(int commands, long bytes, Patience patience, DateTime deadline, CancellationToken cancellation)
    {
        await Quotas.AdmitAsync(commands, patience, cancellation);
        int ahead = _gate.Ahead;
        if (ahead > 0 && patience == Patience.Limited) _slots.CheckWait(ahead * _run.Flow.UsualTicks, deadline);
        await _gate.EnterAsync(commands, bytes, cancellation);
        try
        {
            if (_ended) throw Refusal.SessionExpired();
            await _slots.EnterAsync(_run, patience, deadline, cancellation);
            _hasSlot = true;
        }
        catch
        {
            _gate.Leave();
            throw;
        }
    }

    /// <summary>Waits for the turn to put something right, which takes no time to speak of.</summary>
    /// <exception cref="Refusal">SESSION_EXPIRED: there is nothing left to put right.</exception>
    public async ValueTask<Turn> EnterBrieflyAsync()
    {
        await _gate.EnterAsync(0, 0, CancellationToken.None);
        if (!_ended) return new Turn(this);
        _gate.Leave();
        throw Refusal.SessionExpired();
    }

    /// <summary>Gives back all that the session holds, once whoever has the turn has stopped. Those who wait are turned away.</summary>
    public async Task EndAsync()
    {
        _ended = true;
        await _ending.CancelAsync();
        await _gate.EnterAsync(0, 0, CancellationToken.None);
        _meter.SessionEnded(Interpreter.PeakBytes);
        Dispose();
        _gate.Leave();
    }

    /// <summary>Gives back what it holds, for whoever has the turn.</summary>
    public void Dispose()
    {
        Interpreter.Dispose();
        _ending.Dispose();
    }

    /// <summary>The session as the wire has it.</summary>
    public Wire.Session Describe() => new()
    {
        SessionId = Id,
        DisplayName = DisplayName,
        CreateTime = _created.ToTimestamp(),
        ExpireTime = Expires.ToTimestamp(),
        IdleTimeout = Idle.ToDuration(),
        LastAppliedSeq = Interpreter.LastAppliedSeq,
        Owner = Owner,
    };

    /// <summary>What it uses; a snapshot that does not wait for the turn.</summary>
    public Wire.Usage DescribeUsage()
    {
        var usage = Interpreter.DescribeUsage();
        var (commands, bytes) = _gate.Waiting;
        usage.QueuedCommands = (ulong)commands;
        usage.QueuedBytes = (ulong)bytes;
        Interpreter.Work.Account.Sum.Describe(usage);
        return usage;
    }

    private void LeaveSlot()
    {
        if (!_hasSlot) return;
        _hasSlot = false;
        Quotas.Computed(_slots.Leave(_run));
    }

    /// <summary>The right to touch the interpreter, until disposed.</summary>
    internal readonly struct Turn(Session session) : IDisposable
    {
        public CommandInterpreter Interpreter => session.Interpreter;

        /// <summary>Whether others should compute now: <see cref="YieldAsync"/>.</summary>
        public bool ShouldYield => session._slots.ShouldYield(session._run);

        /// <summary>Lets others compute. The turn stays: nobody else touches the session meanwhile.</summary>
        /// <exception cref="OperationCanceledException">The caller went away; the turn is still to be disposed.</exception>
        public async ValueTask YieldAsync(CancellationToken cancellation)
        {
            session.LeaveSlot();
            await session._slots.EnterAsync(session._run, Patience.Unlimited, DateTime.MaxValue, cancellation);
            session._hasSlot = true;
        }

        public void Dispose()
        {
            session.LeaveSlot();
            session.Renew();
            session._gate.Leave();
        }
    }
}
