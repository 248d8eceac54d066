using AutogradService.LoadTests.Load;
using AutogradService.LoadTests.Reports;
using AutogradService.LoadTests.Scenarios;

namespace AutogradService.LoadTests.Tests;

public sealed class LoopTests
{
    private const double StallSeconds = 0.4;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_stall_of_the_server_is_in_the_latency_of_all_requests_that_were_due_meanwhile()
    {
        // A server with one place that stands still once: whoever waits for the last answer before asking again sees a single slow request.
        const int Rate = 200;
        int stalled = 0;
        long stalledFrom = 0;
        var scenario = new ScriptedScenario(async (_, _) =>
        {
            if (Clock.Now < Volatile.Read(ref stalledFrom) || Volatile.Read(ref stalledFrom) == 0 || Interlocked.Exchange(ref stalled, 1) != 0) return;
            await Task.Delay(TimeSpan.FromSeconds(StallSeconds), CancellationToken.None);
        });
        var run = await OpenAsync(scenario, lanes: 1, Rate, seconds: 1.5, waitingMax: 1000, from => Volatile.Write(ref stalledFrom, from + Clock.Ticks(0.5)));
        Assert.Equal(1, stalled);
        Assert.Equal(run.Due, run.Latency.Count);
        Assert.Empty(run.Errors);
        // Those due in the stall's first half wait for at least its second half: 40 of some 300.
        double share = 100 * (1 - 0.8 * (StallSeconds / 2 * Rate) / run.Due);
        Assert.True(PercentileOf(run, share) >= StallSeconds / 2 * 1000 * 0.95, $"p{share:F1} is {PercentileOf(run, share)} ms");
        Assert.True(run.Latency.Max >= StallSeconds * 1000 * 0.95);
        // From sending, only the one that stood still took so long.
        Assert.True(run.FromSending.P90 < StallSeconds / 2 * 1000);
    }

    [Fact]
    public async Task What_cannot_be_sent_is_counted()
    {
        var scenario = new ScriptedScenario(static async (_, token) => await Task.Delay(50, token));
        var run = await OpenAsync(scenario, lanes: 2, rate: 400, seconds: 1, waitingMax: 3);
        Assert.True(run.NotStarted > 0);
        Assert.Equal(run.Due, run.NotStarted + run.Latency.Count + run.ErrorCount);
    }

    [Fact]
    public async Task Requests_that_are_never_answered_are_errors_and_end_the_load_in_time()
    {
        var scenario = new ScriptedScenario(static (_, token) => token.CanBeCanceled && s_hangs ? Task.Delay(Timeout.Infinite, token) : Task.CompletedTask);
        s_hangs = false;
        await using var lanes = await LanesAsync(scenario, 4);
        s_hangs = true;
        long start = Clock.Now;
        var recorder = new Recorder(start, start + Clock.Ticks(0.2));
        await OpenLoop.RunAsync(lanes, recorder, new ArrivalSchedule(Arrivals.Constant, 100, 1), start, 100, TimeSpan.FromMilliseconds(200), CancellationToken.None).WaitAsync(s_patience);
        var run = recorder.Result();
        Assert.Equal(Failure.Unanswered, Assert.Single(run.Errors).Reason);
        Assert.Equal(4, run.ErrorCount);
        Assert.Equal(run.Due, run.ErrorCount + run.NotStarted);
    }

    private static volatile bool s_hangs;

    [Fact]
    public async Task A_closed_loop_has_as_many_requests_in_flight_as_workers()
    {
        int now = 0, most = 0;
        var scenario = new ScriptedScenario(async (_, token) =>
        {
            int count = Interlocked.Increment(ref now);
            for (int seen = most; count > seen; seen = most) Interlocked.CompareExchange(ref most, count, seen);
            await Task.Delay(5, token);
            Interlocked.Decrement(ref now);
        });
        await using var lanes = await LanesAsync(scenario, 3);
        long start = Clock.Now;
        var recorder = new Recorder(start, start + Clock.Ticks(0.3));
        await ClosedLoop.RunAsync(lanes, recorder, CancellationToken.None).WaitAsync(s_patience);
        var run = recorder.Result();
        Assert.Equal(3, most);
        Assert.Equal(run.Due, run.Latency.Count);
        Assert.True(run.Latency.P50 >= 4);
    }

    [Fact]
    public async Task A_lane_that_broke_is_opened_anew_and_one_that_did_not_is_not()
    {
        foreach (bool survives in (bool[])[true, false])
        {
            int requests = 0;
            var scenario = new ScriptedScenario((_, _) => Interlocked.Increment(ref requests) == 2 ? throw new InvalidDataException("no") : Task.CompletedTask) { SurvivesFailure = survives };
            await using var lanes = await LanesAsync(scenario, 1);
            long now = Clock.Now;
            var recorder = new Recorder(now, now + Clock.Ticks(60));
            Assert.False(await lanes.RequestAsync(0, now, recorder, CancellationToken.None));
            Assert.True(await lanes.RequestAsync(0, now, recorder, CancellationToken.None));
            Assert.Equal(survives ? 1 : 2, scenario.Opened);
            var run = recorder.Result();
            Assert.Equal(survives ? 0 : 1, run.LanesReopened);
            var error = Assert.Single(run.Errors);
            Assert.Equal((nameof(InvalidDataException), "no", false), (error.Reason, error.Example, error.IsRefusal));
        }
    }

    [Fact]
    public async Task The_clients_patience_is_bounded()
    {
        bool hangs = false;
        var scenario = new ScriptedScenario((_, token) => Volatile.Read(ref hangs) ? Task.Delay(Timeout.Infinite, token) : Task.CompletedTask);
        await using var target = new Target(new Uri("http://127.0.0.1:1"), null, 1);
        await using var lanes = await LaneSet.OpenAsync(scenario, target, 1, TimeSpan.FromMilliseconds(30), CancellationToken.None);
        Volatile.Write(ref hangs, true);
        long now = Clock.Now;
        var recorder = new Recorder(now, now + Clock.Ticks(60));
        await lanes.RequestAsync(0, now, recorder, CancellationToken.None).WaitAsync(s_patience);
        Assert.Equal(Failure.TimedOut, Assert.Single(recorder.Result().Errors).Reason);
    }

    private static double PercentileOf(RunResult run, double percent) => run.Curve.Last(p => p.Percent <= percent).Milliseconds;

    private static async Task<LaneSet> LanesAsync(Scenario scenario, int count)
    {
        await using var target = new Target(new Uri("http://127.0.0.1:1"), null, 1);
        return await LaneSet.OpenAsync(scenario, target, count, s_patience, CancellationToken.None);
    }

    private static async Task<RunResult> OpenAsync(Scenario scenario, int lanes, double rate, double seconds, int waitingMax, Action<long>? started = null)
    {
        await using var set = await LanesAsync(scenario, lanes);
        long start = Clock.Now;
        started?.Invoke(start);
        var recorder = new Recorder(start, start + Clock.Ticks(seconds));
        await OpenLoop.RunAsync(set, recorder, new ArrivalSchedule(Arrivals.Constant, rate, 1), start, waitingMax, s_patience, CancellationToken.None).WaitAsync(s_patience);
        return recorder.Result();
    }
}
