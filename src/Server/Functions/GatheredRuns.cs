using System.Numerics;
using AutogradService.Engine;
using AutogradService.Engine.Functions;
using AutogradService.Server.Commands;
using AutogradService.Server.Hosting;
using AutogradService.Server.Sessions;
using AutogradService.Server.Telemetry;
using Microsoft.Extensions.Options;

namespace AutogradService.Server.Functions;

/// <summary>
/// Runs calls together: their rows one after the other, padded to a power of two so that few plans are needed, in one run whose results are cut into their answers. A call of a single
/// row runs with another beside it even if it is alone, so that its answer does not depend on who else called: matrix products add a single row up in another order.
/// </summary>
internal sealed class GatheredRuns(FunctionCaller caller, FunctionRegistry registry, SessionTable sessions, ServerMeter meter, IOptions<ServerOptions> options)
{
    private const long RowsMin = 2;

    /// <summary>Finds the plans of calls, compiling what is not there, and says what is wrong with those that do not fit. Whoever has no session to look into does it before there is a slot.</summary>
    /// <param name="calls">What they are calls of.</param>
    /// <param name="group">The calls.</param>
    /// <param name="session">The session that they name, if they do, whose turn the caller has.</param>
    /// <returns>To be run, and disposed of.</returns>
    public PreparedCalls Prepare(BatchedCalls calls, List<GatheredCall> group, CommandInterpreter? session)
    {
        var members = new List<Member>(group.Count);
        foreach (var call in group)
        {
            try
            {
                members.Add(new Member(caller.Prepare(calls.Function, calls.Wanted, call.Given, session), call));
            }
            catch (Exception e)
            {
                call.Fail(e);
            }
        }
        var prepared = new PreparedCalls(members);
        try
        {
            if (members.Count > 0) prepared.Layout = calls.LayoutFor(members[0].Plan, options.Value, sessions.Memory);
            return prepared;
        }
        catch
        {
            prepared.Dispose();
            throw;
        }
    }

    /// <summary>Answers calls, or says what is wrong with each, in the slot that the caller has.</summary>
    public void Run(PreparedCalls prepared, CommandInterpreter? session)
    {
        if (prepared.Layout is { } layout && prepared.Members.Count > 1) RunTogether(prepared.Members, layout, session);
        else RunEach(prepared.Members, prepared.Layout, session);
    }

    private void RunTogether(List<Member> members, BatchLayout layout, CommandInterpreter? session)
    {
        var first = members[0];
        var alike = members.FindAll(m => ReferenceEquals(m, first) || AreAlike(first, m, layout));
        long rows = alike.Sum(m => m.Rows(layout));
        if (alike.Count < members.Count) RunEach(members.FindAll(m => !alike.Contains(m)), layout, session);
        if (alike.Count == 1 || rows == 0 || !layout.Pays(alike.Count, Padded(rows) - rows) || !TryRun(alike, layout, session)) RunEach(alike, layout, session);
    }

    private void RunEach(List<Member> members, BatchLayout? layout, CommandInterpreter? session)
    {
        foreach (var member in members)
        {
            if (member.Call.Cancellation.IsCancellationRequested)
            {
                member.Call.Fail(new OperationCanceledException(member.Call.Cancellation));
                continue;
            }
            if (layout is not null && member.Rows(layout) == 1 && TryRun([member], layout, session)) continue;
            try
            {
                var (plan, call) = member;
                caller.Execute(plan, call.Given, session, AccountOf(call, session), call.Into, null, plan.IsQuick ? default : call.Cancellation);
                call.Succeed();
            }
            catch (Exception e)
            {
                member.Call.Fail(e);
            }
        }
    }

    // False: it could not be run, for a reason which may be one call's alone; nothing was answered.
    private bool TryRun(List<Member> members, BatchLayout layout, CommandInterpreter? session)
    {
        var first = members[0];
        long rows = members.Sum(m => m.Rows(layout));
        var sizes = first.Plan.Sizes.ToArray();
        sizes[layout.Symbol] = Padded(rows);
        var clock = ComputeClock.Start();
        FunctionPlan? plan = null;
        FunctionRun? run = null;
        using var alive = new Audience(members);
        try
        {
            plan = registry.PlanFor(first.Call.Calls.Function, first.Call.Calls.Wanted, sizes);
            run = plan.Compiled.Rent();
            using var span = Tracing.StartChild("function.call");
            if (span is not null)
            {
                plan.Describe(span);
                span.SetTag("autograd.function.gathered", members.Count);
            }
            Fill(plan, run, members, layout, sizes[layout.Symbol], session);
            run.Run(null, plan.IsQuick ? default : alive.Token);
            long elapsed = clock.Elapsed, ticks = clock.OfAllThreads(elapsed), at = 0;
            meter.Computed("function", elapsed);
            if (members.Count > 1) meter.Gathered(members.Count);
            foreach (var member in members)
            {
                long own = member.Rows(layout);
                Answer(member, run, at, own, AccountOf(member.Call, session), ticks * own / rows);
                at += own;
            }
            return true;
        }
        catch (OperationCanceledException e) when (alive.IsGone)
        {
            foreach (var member in members) member.Call.Fail(e);
            return true;
        }
        catch (Exception e) when (e is AutogradException or Errors.Refusal)
        {
            return false;
        }
        finally
        {
            run?.Dispose();
            plan?.Leave();
        }
    }

    private static void Answer(Member member, FunctionRun run, long at, long rows, Account account, long ticks)
    {
        var (plan, call) = member;
        try
        {
            int before = call.Into.Length;
            call.Into.Reserve(plan.AnswerBytes);
            FunctionCaller.WriteHeads(call.Into, checked((int)plan.AnswerBytes), isOutcome: false);
            for (int i = 0; i < plan.Results.Length; i++)
            {
                int bytes = plan.Results[i].ByteCount;
                call.Into.Add(plan.Results[i].Head);
                if (bytes > 0) call.Into.Add(run.ResultBytes(i).Slice((int)(at * (bytes / rows)), bytes));
            }
            account.Add(new Work { FunctionCalls = 1, ComputeTicks = ticks, Flops = plan.Flops, SentBytes = call.Into.Length - before });
            call.Succeed();
        }
        catch (Exception e)
        {
            // One that has no room for its answer takes nothing from the others.
            call.Fail(e);
        }
    }

    private static void Fill(FunctionPlan plan, FunctionRun run, List<Member> members, BatchLayout layout, long padded, CommandInterpreter? session)
    {
        for (int at = 0; at < plan.GivenBytes.Length; at++)
        {
            if (!layout.HasRows[at])
            {
                var (_, first) = members[0];
                FunctionCaller.Give(plan, run, at, first.Given, first.Given.ArgumentAt(at, out string name), session, name);
                continue;
            }
            var room = run.ParameterBytes(at);
            int row = (int)(room.Length / padded), filled = 0;
            foreach (var (own, call) in members)
            {
                ref readonly var argument = ref call.Given.ArgumentAt(at, out string field);
                int bytes = own.GivenBytes[at];
                if (argument.Handle != 0)
                {
                    var tensor = ArgumentShapes.TensorOf(session, argument.Handle, field);
                    if (tensor.DType != plan.Compiled.Parameters[at].DType) throw new AutogradException(ErrorReason.DtypeUnsupported, "the rows are of another dtype");
                    tensor.CopyTo(room.Slice(filled, bytes));
                }
                else FunctionCaller.BytesOf(own, at, call.Given, argument, field).CopyTo(room[filled..]);
                filled += bytes;
            }
            // Rows like one that is there: what their values may be, and what they cost, is as with the others.
            for (; filled < room.Length; filled += row) room.Slice(filled - row, row).CopyTo(room[filled..]);
        }
    }

    // Whether all but the rows is the same for both.
    private static bool AreAlike(Member a, Member b, BatchLayout layout)
    {
        for (int i = 0; i < a.Plan.Sizes.Length; i++)
            if (i != layout.Symbol && a.Plan.Sizes[i] != b.Plan.Sizes[i]) return false;
        for (int at = 0; at < layout.HasRows.Length; at++)
        {
            if (layout.HasRows[at]) continue;
            ref readonly var x = ref a.Call.Given.ArgumentAt(at, out _);
            ref readonly var y = ref b.Call.Given.ArgumentAt(at, out _);
            if (x.Handle != y.Handle || x.DType != y.DType || !a.Call.Given.DataOf(x).SequenceEqual(b.Call.Given.DataOf(y))) return false;
        }
        return true;
    }

    private static long Padded(long rows) => (long)BitOperations.RoundUpToPowerOf2((ulong)Math.Max(RowsMin, rows));

    private static Account AccountOf(GatheredCall call, CommandInterpreter? session) => session?.Work.Account ?? call.Share!.Account;

    /// <summary>Calls whose plans are held.</summary>
    internal sealed class PreparedCalls(List<Member> members) : IDisposable
    {
        public List<Member> Members => members;

        /// <summary>How they are put together; null: not at all.</summary>
        public BatchLayout? Layout { get; set; }

        public void Dispose()
        {
            foreach (var member in members) member.Plan.Leave();
        }
    }

    /// <summary>A call and the plan for its own shapes.</summary>
    internal sealed record Member(FunctionPlan Plan, GatheredCall Call)
    {
        public long Rows(BatchLayout layout) => Plan.Sizes[layout.Symbol];
    }

    /// <summary>Those who wait for a run: it is ended when all of them have gone.</summary>
    private sealed class Audience : IDisposable
    {
        private readonly CancellationTokenSource _ending = new();
        private readonly List<CancellationTokenRegistration> _registrations;
        private int _left;

        public Audience(List<Member> members)
        {
            _left = members.Count;
            _registrations = members.ConvertAll(m => m.Call.Cancellation.UnsafeRegister(_ => Leave(), null));
        }

        public CancellationToken Token => _ending.Token;

        public bool IsGone => _ending.IsCancellationRequested;

        public void Dispose()
        {
            foreach (var registration in _registrations) registration.Dispose();
            _ending.Dispose();
        }

        private void Leave()
        {
            if (Interlocked.Decrement(ref _left) == 0) _ending.Cancel();
        }
    }
}
