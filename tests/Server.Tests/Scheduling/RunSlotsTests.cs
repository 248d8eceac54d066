using System.Diagnostics;
using AutogradService.Server.Errors;
using AutogradService.Server.Scheduling;

namespace AutogradService.Server.Tests.Scheduling;

/// <summary>Who computes when: in what order slots are had, and who is told to come back.</summary>
public sealed class RunSlotsTests
{
    private static readonly TimeSpan s_hang = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task As_many_compute_as_there_are_slots_and_the_next_one_follows_whoever_leaves()
    {
        using var slots = Slots(runs: 2, share: 60_000);
        Run a = New(), b = New(), c = New();
        Assert.True(Enter(slots, a).IsCompletedSuccessfully);
        Assert.True(Enter(slots, b).IsCompletedSuccessfully);
        var waiting = Enter(slots, c);
        Assert.False(waiting.IsCompleted);
        Assert.Equal((2, 1), (slots.Running, slots.Waiting));
        slots.Leave(a);
        await waiting.WaitAsync(s_hang);
        Assert.Equal((2, 0), (slots.Running, slots.Waiting));
        slots.Leave(b);
        slots.Leave(c);
        Assert.Equal((0, 0), (slots.Running, slots.Waiting));
    }

    [Fact]
    public async Task Whoever_has_computed_least_goes_first()
    {
        using var slots = Slots(runs: 1, share: 60_000);
        Run heavy = New(), light = New(), other = New();
        await Enter(slots, heavy);
        Compute(TimeSpan.FromMilliseconds(30));
        slots.Leave(heavy);
        await Enter(slots, other);
        var order = new List<string>();
        var waiting = new[] { Note(slots, order, "heavy", heavy), Note(slots, order, "light", light) };
        slots.Leave(other);
        await Task.WhenAll(waiting).WaitAsync(s_hang);
        Assert.Equal(["light", "heavy"], order);
    }

    [Fact]
    public async Task Many_runs_of_one_flow_stand_behind_one_of_another()
    {
        using var slots = Slots(runs: 1, share: 60_000);
        Run busy = New(), first = New(), single = New();
        await Enter(slots, first);
        Compute(TimeSpan.FromMilliseconds(5));
        slots.Leave(first); // that is what it is expected to take each time
        await Enter(slots, busy);
        var order = new List<string>();
        Task[] waiting =
        [
            Note(slots, order, "a", New(first.Flow)), Note(slots, order, "a", New(first.Flow)), Note(slots, order, "a", New(first.Flow)), Note(slots, order, "a", New(first.Flow)),
            Note(slots, order, "b", single),
        ];
        slots.Leave(busy);
        await Task.WhenAll(waiting).WaitAsync(s_hang);
        Assert.Equal(["b", "a", "a", "a", "a"], order);
    }

    [Fact]
    public async Task Whoever_gives_up_waiting_takes_nothing_along()
    {
        using var slots = Slots(runs: 1, share: 60_000);
        Run a = New(), b = New(), c = New();
        await Enter(slots, a);
        using var gone = new CancellationTokenSource();
        var leaving = slots.EnterAsync(b, Patience.Unlimited, DateTime.MaxValue, gone.Token).AsTask();
        var staying = Enter(slots, c);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => leaving);
        Assert.Equal(1, slots.Waiting);
        slots.Leave(a);
        await staying.WaitAsync(s_hang);
        slots.Leave(c);
        Assert.True(Enter(slots, b).IsCompletedSuccessfully);
        slots.Leave(b);
    }

    [Fact]
    public async Task What_takes_long_lets_others_by_but_only_so_many()
    {
        using var slots = Slots(runs: 1, beside: 2);
        Run first = New(), second = New(), third = New(), fourth = New();
        await Enter(slots, fourth);
        Compute(TimeSpan.FromMilliseconds(30));
        slots.Leave(fourth); // it is known to take long itself
        await Enter(slots, first);
        await Enter(slots, second).WaitAsync(s_hang);
        await Enter(slots, third).WaitAsync(s_hang);
        var waiting = Enter(slots, fourth);
        await Task.Delay(100);
        Assert.False(waiting.IsCompleted);
        slots.Leave(first);
        // Whoever was beside the slots frees none, but makes room for the next one to be there.
        await waiting.WaitAsync(s_hang);
        slots.Leave(second);
        slots.Leave(third);
        slots.Leave(fourth);
        Assert.Equal((0, 0), (slots.Running, slots.Waiting));
        await Enter(slots, first);
        Assert.False(Enter(slots, second).IsCompleted);
    }

    [Fact]
    public async Task Who_usually_is_quick_is_let_past_those_that_take_long()
    {
        using var slots = Slots(runs: 1, beside: 1);
        Run first = New(), second = New(), longer = New(), quick = New();
        await Enter(slots, longer);
        Compute(TimeSpan.FromMilliseconds(30));
        slots.Leave(longer);
        await Enter(slots, first);
        await Enter(slots, second).WaitAsync(s_hang);
        var waiting = Enter(slots, longer);
        await Enter(slots, quick).WaitAsync(s_hang);
        Assert.False(waiting.IsCompleted);
        Assert.Equal((3, 1), (slots.Running, slots.Waiting));
        slots.Leave(quick);
        Assert.False(waiting.IsCompleted);
        slots.Leave(first);
        slots.Leave(second);
        await waiting.WaitAsync(s_hang);
        slots.Leave(longer);
        Assert.Equal((0, 0), (slots.Running, slots.Waiting));
    }

    [Fact]
    public async Task A_share_is_up_only_where_others_wait()
    {
        using var slots = Slots(runs: 1, share: 1);
        Run a = New(), b = New();
        await Enter(slots, a);
        Compute(TimeSpan.FromMilliseconds(3));
        Assert.False(slots.ShouldYield(a));
        var waiting = Enter(slots, b);
        Assert.True(slots.ShouldYield(a) || slots.Running == 2); // or a has had twice its share by now, and b computes beside it
        slots.Leave(a);
        await waiting.WaitAsync(s_hang);
        Assert.False(slots.ShouldYield(b));
        slots.Leave(b);
    }

    [Fact]
    public async Task Who_would_wait_for_too_long_is_told_so_at_once()
    {
        using var slots = Slots(runs: 1, share: 60_000, queue: 0.05);
        Run busy = New(), waits = New();
        await Enter(slots, waits);
        Compute(TimeSpan.FromMilliseconds(80));
        slots.Leave(waits); // that is what it usually takes
        await Enter(slots, busy);
        var late = slots.EnterAsync(New(), Patience.Limited, DateTime.UtcNow + s_hang, default).AsTask();
        Assert.False(late.IsCompleted); // nobody is known to wait for long
        var waiting = Enter(slots, waits);
        var refusal = await Assert.ThrowsAsync<Refusal>(async () => await slots.EnterAsync(New(), Patience.Limited, DateTime.MaxValue, default));
        Assert.Equal(Wire.ErrorReason.Overloaded, refusal.Reason);
        Assert.InRange(refusal.RetryAfter!.Value, TimeSpan.FromMilliseconds(80), s_hang);
        var patient = Enter(slots, New());
        Assert.False(patient.IsCompleted);
        slots.Leave(busy);
        await late.WaitAsync(s_hang);
        Assert.False(waiting.IsCompleted);
    }

    [Fact]
    public async Task Who_would_wait_beyond_the_deadline_is_told_so_at_once()
    {
        using var slots = Slots(runs: 1, share: 60_000, queue: 3600);
        Run busy = New(), waits = New();
        await Enter(slots, waits);
        Compute(TimeSpan.FromMilliseconds(50));
        slots.Leave(waits);
        await Enter(slots, busy);
        _ = Enter(slots, waits);
        var refusal = await Assert.ThrowsAsync<Refusal>(async () => await slots.EnterAsync(New(), Patience.Limited, DateTime.UtcNow + TimeSpan.FromMilliseconds(5), default));
        Assert.Equal(Wire.ErrorReason.Overloaded, refusal.Reason);
        Assert.False(slots.EnterAsync(New(), Patience.Limited, DateTime.UtcNow + s_hang, default).AsTask().IsCompleted);
    }

    [Fact]
    public async Task Any_number_come_and_go_and_nothing_is_lost()
    {
        using var slots = Slots(runs: 2, beside: 1, share: 1);
        int inside = 0, most = 0, done = 0, gaveUp = 0;
        await Task.WhenAll(Enumerable.Range(0, 32).Select(i => Task.Run(async () =>
        {
            var random = new Random(i);
            var run = New();
            for (int k = 0; k < 100; k++)
            {
                using var gone = new CancellationTokenSource();
                if (random.Next(4) == 0) gone.CancelAfter(random.Next(3));
                try
                {
                    await slots.EnterAsync(run, Patience.Unlimited, DateTime.MaxValue, gone.Token);
                }
                catch (OperationCanceledException)
                {
                    Interlocked.Increment(ref gaveUp);
                    continue;
                }
                int now = Interlocked.Increment(ref inside);
                for (int seen = most; now > seen; seen = most) Interlocked.CompareExchange(ref most, now, seen);
                Compute(TimeSpan.FromMicroseconds(random.Next(200)));
                Interlocked.Decrement(ref inside);
                slots.Leave(run);
                Interlocked.Increment(ref done);
            }
        }))).WaitAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(3200, done + gaveUp);
        Assert.InRange(most, 2, slots.ThreadsMax);
        Assert.Equal((0, 0), (slots.Running, slots.Waiting));
    }

    private static async Task Note(RunSlots slots, List<string> order, string name, Run run)
    {
        await Enter(slots, run);
        order.Add(name); // in the only slot there is
        slots.Leave(run);
    }

    private static RunSlots Slots(int runs, int beside = 1, double share = 2, double queue = 60) =>
        new(new SchedulingOptions { RunsMax = runs, LongRunsMax = beside, ShareMilliseconds = share, QueueSecondsMax = queue });

    private static Run New(Flow? flow = null) => new(flow ?? new Flow());

    private static Task Enter(RunSlots slots, Run run) => slots.EnterAsync(run, Patience.Unlimited, DateTime.MaxValue, default).AsTask();

    private static void Compute(TimeSpan time)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < time) Thread.SpinWait(100);
    }
}
