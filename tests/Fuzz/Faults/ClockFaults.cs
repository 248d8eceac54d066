using AutogradService.Fuzz.Cases;
using AutogradService.Fuzz.Oracles;
using AutogradService.Fuzz.Target;
using AutogradService.Server.Tests;

namespace AutogradService.Fuzz.Faults;

/// <summary>A clock that jumps, as one does that is set by the network.</summary>
internal static class ClockFaults
{
    public static IEnumerable<Scenario> All => [new("clock jumps back", BackAsync), new("clock jumps forth and back", ForthAsync)];

    private static async Task<string?> BackAsync(Tally tally)
    {
        var time = new ManualTime();
        await using var server = await ServerUnderTest.StartAsync(time);
        var invoker = server.Channel.CreateCallInvoker();
        string session = await SessionSeed.OpenAsync(invoker);
        foreach (int days in (int[])[-1, -400, 1])
        {
            time.Advance(TimeSpan.FromDays(days) + TimeSpan.FromMinutes(1));
            if (days > 0) continue;
            try
            {
                await SessionSeed.CallAsync(invoker, "SessionService/RenewSession", new Wire.RenewSessionRequest { SessionId = session });
            }
            catch (InvalidOperationException e)
            {
                return $"after {days} days: {e.Message}";
            }
        }
        return server.Log.Take() is [var error, ..] ? error : await new Canary(server.Connect()).SingAsync();
    }

    // Whoever was idle for longer than allowed by the clock's word may be gone; whoever comes afterwards must be served.
    private static async Task<string?> ForthAsync(Tally tally)
    {
        var time = new ManualTime();
        await using var server = await ServerUnderTest.StartAsync(time);
        var canary = new Canary(server.Connect());
        foreach (int days in (int[])[3650, -3650, 36500, -1, 1])
        {
            string session = await SessionSeed.OpenAsync(server.Channel.CreateCallInvoker());
            time.Advance(TimeSpan.FromDays(days));
            if (await canary.SingAsync() is { } fault) return $"after {days} days: {fault}";
        }
        return await new RestOracle(server).SettleAsync() ?? (server.Log.Take() is [var error, ..] ? error : null);
    }
}
