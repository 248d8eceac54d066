using AutogradService.Testing;
using Grpc.Core;

namespace AutogradService.Server.Tests.Scheduling;

/// <summary>What sessions and principals have to do with each other: shares of the processors, quotas, rates.</summary>
public sealed class FairnessTests
{
    private static readonly TimeSpan s_hang = TimeSpan.FromSeconds(120);

    [Fact]
    public async Task A_batch_that_takes_long_does_not_hold_up_other_sessions()
    {
        await using var server = await RunningServer.StartAsync(null, "Scheduling:RunsMax=1", "Scheduling:LongRunsMax=1");
        var heavy = await TestSession.CreateAsync(server.Channel);
        await heavy.OnesAsync(1 << 15);
        var commands = Enumerable.Range(0, 4000).SelectMany(i => new[] { TestSession.Op("exp", (ulong)i + 10, 1), TestSession.Release((ulong)i + 10) });
        var batch = heavy.Autograd.RunCommandsAsync(new Wire.RunCommandsRequest { SessionId = heavy.Id, Commands = { commands } }).ResponseAsync;
        var light = await TestSession.CreateAsync(server.Channel);
        ulong x = await light.OnesAsync(4);
        for (int i = 0; i < 20; i++) x = await light.OpAsync("neg", x);
        Assert.False(batch.IsCompleted);
        Assert.Equal(0u, (await batch.WaitAsync(s_hang)).Failed);
    }

    [Fact]
    public async Task A_command_that_takes_long_does_not_hold_up_other_sessions()
    {
        await using var server = await RunningServer.StartAsync(null, "Scheduling:RunsMax=1", "Scheduling:LongRunsMax=1");
        var heavy = await TestSession.CreateAsync(server.Channel);
        var multiplying = Multiply(heavy, 4000);
        await UntilMultiplying(heavy, 4000);
        var light = await TestSession.CreateAsync(server.Channel);
        ulong x = await light.OnesAsync(4);
        for (int i = 0; i < 20; i++) x = await light.OpAsync("neg", x);
        Assert.False(multiplying.IsCompleted);
        await heavy.Sessions.DeleteSessionAsync(new Wire.DeleteSessionRequest { SessionId = heavy.Id });
        await Refusals.OfAsync(StatusCode.Cancelled, "CANCELLED", () => multiplying.WaitAsync(s_hang));
    }

    [Fact]
    public async Task A_call_that_goes_away_ends_the_kernel_it_is_in_and_gives_memory_back()
    {
        await using var server = await RunningServer.StartAsync();
        var s = await TestSession.CreateAsync(server.Channel);
        using var gone = new CancellationTokenSource();
        var multiplying = Multiply(s, 4000, gone.Token);
        await UntilMultiplying(s, 4000);
        await gone.CancelAsync();
        await Assert.ThrowsAsync<RpcException>(() => multiplying);
        // The turn comes as soon as the kernel has stopped; it did not run to its end, so there is no result.
        var status = await Refusals.OfAsync(StatusCode.Aborted, "DEPENDENCY_FAILED", () => s.ReadAsync(4)).WaitAsync(s_hang);
        Assert.Equal("CANCELLED", Refusals.InfoOf(status).Metadata["root_reason"]);
        Assert.Equal(2 * 4 * 4000UL * 4000, (await s.UsageAsync()).Bytes);
    }

    [Fact]
    public async Task A_principal_has_so_many_commands_a_second()
    {
        var time = new ManualTime();
        await using var server = await RunningServer.StartAsync(time, "Limits:PrincipalCommandsPerSecond=10");
        var s = await TestSession.CreateAsync(server.Channel);
        ulong x = await s.OnesAsync(1);
        for (int i = 0; i < 9; i++) await s.OpAsync("neg", x);
        var status = await Refusals.OfAsync(StatusCode.ResourceExhausted, "QUOTA_RATE", () => s.OpAsync("neg", x));
        Assert.InRange(status.GetDetail<Rpc.RetryInfo>()!.RetryDelay.ToTimeSpan(), TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(1));
        // A stream is held back instead.
        using var call = s.Autograd.Execute();
        await call.RequestStream.WriteAsync(new Wire.ExecuteRequest { SessionId = s.Id, Commands = { new Wire.Command { Seq = 1, ApplyOp = TestSession.Op("neg", 100, x).ApplyOp } } });
        var answer = call.ResponseStream.MoveNext();
        await Task.Delay(50);
        Assert.False(answer.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await answer.WaitAsync(s_hang));
        Assert.Equal(1UL, call.ResponseStream.Current.AcknowledgedSeq);
        await s.OpAsync("neg", x);
    }

    [Fact]
    public async Task A_principal_computes_for_so_long_in_a_second()
    {
        var time = new ManualTime();
        await using var server = await RunningServer.StartAsync(time, "Limits:PrincipalComputePerSecond=0.001");
        var s = await TestSession.CreateAsync(server.Channel);
        ulong x = await s.OnesAsync(1 << 20);
        // By now it has had its share many times over, on any machine.
        for (int i = 0; i < 20; i++)
            try
            {
                await s.OpAsync("exp", x);
            }
            catch (RpcException)
            {
                break;
            }
        await Refusals.OfAsync(StatusCode.ResourceExhausted, "QUOTA_RATE", () => s.OpAsync("exp", x));
        time.Advance(TimeSpan.FromMinutes(20));
        await s.OpAsync("neg", x);
    }

    [Fact]
    public async Task A_principal_has_so_many_sessions_and_bytes()
    {
        await using var server = await RunningServer.StartAsync(null, "Limits:PrincipalSessionsMax=2", "Limits:PrincipalBytesMax=1048576");
        var first = await TestSession.CreateAsync(server.Channel);
        var second = await TestSession.CreateAsync(server.Channel);
        await Refusals.OfAsync(StatusCode.ResourceExhausted, "QUOTA_SESSIONS", () => TestSession.CreateAsync(server.Channel));
        await first.OnesAsync(128 << 10);
        await Refusals.OfAsync(StatusCode.ResourceExhausted, "QUOTA_BYTES", () => second.OnesAsync(192 << 10));
        await first.Sessions.DeleteSessionAsync(new Wire.DeleteSessionRequest { SessionId = first.Id });
        await second.OnesAsync(192 << 10);
        await TestSession.CreateAsync(server.Channel);
    }

    private static async Task Multiply(TestSession s, long size, CancellationToken cancellation = default)
    {
        foreach (ulong handle in new ulong[] { 1, 2 })
            await s.Autograd.ApplyOpAsync(new Wire.ApplyOpRequest { SessionId = s.Id, ApplyOp = Full(handle, size) }, cancellationToken: CancellationToken.None);
        await s.Autograd.ApplyOpAsync(new Wire.ApplyOpRequest { SessionId = s.Id, ApplyOp = new Wire.ApplyOp { Op = "matmul", A = 1, B = 2, Out = 4 } }, cancellationToken: cancellation);
    }

    // The result's memory is there, and it is being filled.
    private static async Task UntilMultiplying(TestSession s, long size)
    {
        while ((long)(await s.UsageAsync()).Bytes < 3 * 4 * size * size) await Task.Delay(1);
    }

    private static Wire.ApplyOp Full(ulong handle, long size) => new()
    {
        Op = "ones",
        Out = handle,
        Extra = new Wire.ApplyOpExtra { Attributes = { new Wire.OpAttribute { Name = "size", Value = new Wire.AttributeValue { IntsValue = new Wire.IntList { Values = { size, size } } } } } },
    };
}
