using System.Diagnostics;
using AutogradService.Server.Hosting;
using AutogradService.Server.Scheduling;
using AutogradService.Server.Sessions;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace AutogradService.Server.Functions;

/// <summary>
/// Gathers unary calls of one principal for the same function: a call that finds none under way runs at once; those that come while one runs wait, for a bounded time, until it is over,
/// and then share a run. So nobody waits for calls that may never come, and the more there are the more share a run.
/// </summary>
internal sealed class CallGathering(GatheredRuns runs, RunSlots slots, SessionTable sessions, IOptions<ServerOptions> options)
{
    private readonly TimeSpan _patience = TimeSpan.FromMilliseconds(options.Value.Functions.GatherMilliseconds);
    private readonly int _callsMax = options.Value.Functions.GatherCallsMax;
    private readonly Dictionary<Key, Lane> _lanes = [];
    private readonly Lock _lock = new();

    /// <summary>Whose calls, and of what: those that may share a run.</summary>
    private readonly record struct Key(BatchedCalls Calls, string Principal, string SessionId);

    /// <summary>Whether calls as this one are gathered.</summary>
    public BatchedCalls? BatchOf(RegisteredFunction function, GivenCall call)
    {
        if (_patience == TimeSpan.Zero || function.Definition.Symbols.Length == 0 || call.Out.Count > 0 || call.Update is not null || call.Seed is not null) return null;
        return function.BatchedCallsFor(call.Wanted) is { IsHopeless: false } batch ? batch : null;
    }

    /// <summary>Answers a call, alone or with others.</summary>
    /// <param name="call">The call.</param>
    /// <param name="principal">Whose it is.</param>
    /// <exception cref="Errors.Refusal">As <see cref="FunctionCaller"/>.</exception>
    /// <exception cref="Engine.AutogradException">As <see cref="FunctionCaller"/>.</exception>
    /// <exception cref="OperationCanceledException">The caller went away.</exception>
    public async Task AnswerAsync(GatheredCall call, string principal)
    {
        var key = new Key(call.Calls, principal, call.Given.SessionId);
        var lane = Join(key, call, out var full);
        await using var leaving = call.Cancellation.UnsafeRegister(_ => lane.Leave(_lock, call), null);
        if (full is not null) _ = RunAsync(key, lane, full);
        await call.Answered;
    }

    private Lane Join(Key key, GatheredCall call, out List<GatheredCall>? starting)
    {
        starting = null;
        lock (_lock)
        {
            if (!_lanes.TryGetValue(key, out var lane)) _lanes[key] = lane = new Lane();
            lane.Waiting.Add(call);
            if (lane.Running == 0 || lane.Waiting.Count == _callsMax) starting = lane.Start();
            else if (lane.Waiting.Count == 1) _ = StartLaterAsync(key, lane, lane.Waiting);
            return lane;
        }
    }

    // They have waited long enough.
    private async Task StartLaterAsync(Key key, Lane lane, List<GatheredCall> group)
    {
        await Task.Delay(_patience);
        lock (_lock)
        {
            if (!ReferenceEquals(lane.Waiting, group) || group.Count == 0) return;
            lane.Start();
        }
        await RunAsync(key, lane, group);
    }

    private async Task RunAsync(Key key, Lane lane, List<GatheredCall> group)
    {
        while (true)
        {
            await RunAsync(key, group);
            lock (_lock)
            {
                lane.Running--;
                if (lane.Running > 0) return;
                if (lane.Waiting.Count == 0)
                {
                    _lanes.Remove(key);
                    return;
                }
                group = lane.Start();
            }
            // Whoever called must not go on to run what belongs to others.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            // Nor is it part of that caller's trace.
            Activity.Current = null;
        }
    }

    // Never throws: what goes wrong is said to those whose calls they are.
    private async Task RunAsync(Key key, List<GatheredCall> group)
    {
        while (group.Count > 0)
        {
            var leader = group[0];
            try
            {
                if (key.SessionId.Length > 0)
                {
                    using var turn = await sessions.Get(key.SessionId, key.Principal).EnterAsync(group.Count, group.Sum(c => (long)c.Bytes), Patience.Limited, leader.Context);
                    using var inTurn = runs.Prepare(key.Calls, group, turn.Interpreter);
                    runs.Run(inTurn, turn.Interpreter);
                    return;
                }
                using var prepared = runs.Prepare(key.Calls, group, null);
                if (prepared.Members.Count == 0) return;
                await leader.Share!.EnterAsync(slots, Patience.Limited, leader.Context, group.Count);
                try
                {
                    runs.Run(prepared, null);
                    return;
                }
                finally
                {
                    leader.Share.Leave(slots);
                }
            }
            catch (OperationCanceledException e) when (leader.Cancellation.IsCancellationRequested)
            {
                // The others go on without it.
                leader.Fail(e);
                group.RemoveAt(0);
            }
            catch (Exception e)
            {
                foreach (var call in group) call.Fail(e);
                return;
            }
        }
    }

    /// <summary>The calls of one key: those that wait, and how many runs are under way.</summary>
    private sealed class Lane
    {
        public List<GatheredCall> Waiting { get; private set; } = [];

        public int Running { get; set; }

        public List<GatheredCall> Start()
        {
            var group = Waiting;
            Waiting = [];
            Running++;
            return group;
        }

        // Once its run has begun a call is answered with the others: its bytes are read until then.
        public void Leave(Lock gate, GatheredCall call)
        {
            lock (gate)
                if (!Waiting.Remove(call)) return;
            call.Fail(new OperationCanceledException(call.Cancellation));
        }
    }
}

/// <summary>A call that may share a run with others.</summary>
/// <param name="calls">What it is a call of.</param>
/// <param name="given">The call; must stay as it is until it is answered.</param>
/// <param name="bytes">Its bytes.</param>
/// <param name="share">Whose computing it is, if it belongs to no session.</param>
/// <param name="context">Its context.</param>
/// <param name="into">Takes the answer.</param>
internal sealed class GatheredCall(BatchedCalls calls, GivenCall given, int bytes, CallerShare? share, ServerCallContext context, PooledBytes into)
{
    private readonly TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public BatchedCalls Calls => calls;

    public GivenCall Given => given;

    public int Bytes => bytes;

    public CallerShare? Share => share;

    public ServerCallContext Context => context;

    public CancellationToken Cancellation => context.CancellationToken;

    public PooledBytes Into => into;

    /// <summary>When there is an answer, or will be none.</summary>
    public Task Answered => _answered.Task;

    /// <summary>There is an answer.</summary>
    public void Succeed() => _answered.TrySetResult();

    /// <summary>There will be no answer.</summary>
    public void Fail(Exception error) => _answered.TrySetException(error);
}
