using System.Diagnostics;
using AutogradService.Engine;
using AutogradService.Server.Commands;
using AutogradService.Server.Errors;
using AutogradService.Server.Hosting;
using AutogradService.Server.Telemetry;
using Google.Protobuf.WellKnownTypes;

namespace AutogradService.Server.Sessions;

/// <summary>A client's state on the server: a single-threaded interpreter of commands behind a gate.</summary>
internal sealed class Session
{
    private readonly SessionGate _gate;
    private readonly ServerMeter _meter;
    private readonly TimeProvider _time;
    private readonly DateTimeOffset _created;
    private long _lastUsedTicks;
    private long _trimmedTicks;
    private volatile bool _ended;

    public Session(string id, string owner, string displayName, TimeSpan idle, long ordinal, LimitOptions limits, MemoryBudget memory, TimeProvider time, ServerMeter meter, Account account, ErrorLog errors)
    {
        Id = id;
        Owner = owner;
        DisplayName = displayName;
        Idle = idle;
        Ordinal = ordinal;
        _time = time;
        _created = time.GetUtcNow();
        _lastUsedTicks = _created.UtcTicks;
        _gate = new SessionGate(limits.QueuedCommandsMax, limits.QueuedBytesMax);
        _meter = meter;
        Interpreter = new CommandInterpreter(limits, memory, meter, account, errors.For(ordinal));
    }

    public string Id { get; }

    /// <summary>The principal that made it.</summary>
    public string Owner { get; }

    public string DisplayName { get; }

    /// <summary>How long it may be idle.</summary>
    public TimeSpan Idle { get; }

    /// <summary>Position in order of creation.</summary>
    public long Ordinal { get; }

    /// <summary>What runs commands. Only whoever has the turn may touch it.</summary>
    public CommandInterpreter Interpreter { get; }

    private DateTimeOffset Expires => new DateTimeOffset(Volatile.Read(ref _lastUsedTicks), TimeSpan.Zero) + Idle;

    /// <summary>Whether it has been idle for too long; work that takes long is not idleness.</summary>
    public bool HasExpired => _gate.IsIdle && _time.GetUtcNow() >= Expires;

    /// <summary>Gives memory back that the session keeps for reuse, if it has not been used for some time.</summary>
    public void TrimIfUnused(TimeSpan time)
    {
        long used = Volatile.Read(ref _lastUsedTicks);
        if (used == _trimmedTicks || _time.GetUtcNow().UtcTicks - used < time.Ticks || !_gate.TryEnter()) return;
        _trimmedTicks = used;
        if (!_ended) Interpreter.Trim();
        _gate.Leave();
    }

    /// <summary>Starts the idle time anew.</summary>
    public void Renew() => Volatile.Write(ref _lastUsedTicks, _time.GetUtcNow().UtcTicks);

    /// <summary>Waits for the turn to run commands; disposing what it returns ends the turn.</summary>
    /// <param name="commands">How many commands will be run: what the queue is charged.</param>
    /// <param name="bytes">Bytes of the commands.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="Refusal">QUOTA_QUEUE, SESSION_EXPIRED.</exception>
    public async ValueTask<Turn> EnterAsync(int commands, long bytes, CancellationToken cancellation)
    {
        var entering = _gate.EnterAsync(commands, bytes, cancellation);
        long waited = 0;
        if (!entering.IsCompletedSuccessfully)
        {
            long start = Stopwatch.GetTimestamp();
            await entering;
            waited = Stopwatch.GetTimestamp() - start;
        }
        if (_ended)
        {
            _gate.Leave();
            throw Refusal.SessionExpired();
        }
        Renew();
        // Turns that run nothing, and chunks of what was let in before, wait for no command.
        if (commands > 0) _meter.Waited(waited);
        if (bytes > 0) Interpreter.Work.Account.Add(new Work { ReceivedBytes = bytes });
        return new Turn(this);
    }

    /// <summary>Gives back all that the session holds, once whoever has the turn is done. Those who wait are turned away.</summary>
    public async Task EndAsync()
    {
        _ended = true;
        await _gate.EnterAsync(0, 0, CancellationToken.None);
        _meter.SessionEnded(Interpreter.PeakBytes);
        Interpreter.Dispose();
        _gate.Leave();
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

    /// <summary>The right to touch the interpreter, until disposed.</summary>
    internal readonly struct Turn(Session session) : IDisposable
    {
        public CommandInterpreter Interpreter => session.Interpreter;

        public void Dispose()
        {
            session.Renew();
            session._gate.Leave();
        }
    }
}
