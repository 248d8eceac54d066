using AutogradService.Testing;
using Grpc.Core;

namespace AutogradService.Server.Tests;

/// <summary>The stream: pipelining, credits, numbers, slow readers.</summary>
public sealed class ExecuteTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task A_thousand_dependent_commands_need_no_answer_in_between()
    {
        await using var server = await RunningServer.StartAsync();
        var s = await TestSession.CreateAsync(server.Channel);
        using var call = s.Autograd.Execute();
        ulong seq = 0, handle = 1;
        var commands = new List<Wire.Command> { Numbered(TestSession.Create(1, [0], [1]), ++seq) };
        for (int i = 0; i < 1000; i++)
        {
            commands.Add(Numbered(new Wire.Command { ApplyOp = new Wire.ApplyOp { Op = "add", A = handle, Scalar = 1, Out = handle + 1 } }, ++seq));
            commands.Add(Numbered(TestSession.Release(handle++), ++seq));
        }
        commands.Add(Numbered(TestSession.Read(handle), ++seq));
        foreach (var chunk in commands.Chunk(64)) await call.RequestStream.WriteAsync(Frame(s, chunk, first: chunk[0].Seq == 1));
        await call.RequestStream.CompleteAsync();
        var answers = await AllAsync(call);
        var result = Assert.Single(answers.SelectMany(a => a.Results));
        Assert.Equal(seq, result.Seq);
        Assert.Equal(1000f, TestSession.Floats(result.Tensor)[0]);
        Assert.Equal(seq, answers[^1].AcknowledgedSeq);
        Assert.Equal((uint)((commands.Count + 63) / 64), (uint)answers.Sum(a => a.Frames));
        Assert.Equal(1UL, (await s.UsageAsync()).Tensors);
    }

    [Fact]
    public async Task All_credit_comes_back()
    {
        var s = await fixture.SessionAsync();
        using var call = s.Autograd.Execute();
        long bytes = 0, commands = 0;
        for (ulong seq = 1; seq <= 300; seq++)
        {
            var frame = Frame(s, [Numbered(TestSession.Create(seq % 2 + 1, [1, 2, 3], [3]), 2 * seq - 1), Numbered(TestSession.Release(seq % 2 + 1), 2 * seq)], seq == 1);
            bytes += frame.CalculateSize();
            commands += 2;
            await call.RequestStream.WriteAsync(frame);
        }
        await call.RequestStream.CompleteAsync();
        var answers = await AllAsync(call);
        Assert.Equal((commands, bytes, 300), (answers.Sum(a => (long)a.CreditCommands), answers.Sum(a => (long)a.CreditBytes), answers.Sum(a => a.Frames)));
        Assert.Empty(answers.SelectMany(a => a.Results));
        for (int i = 1; i < answers.Count; i++) Assert.True(answers[i].AcknowledgedSeq > answers[i - 1].AcknowledgedSeq);
    }

    [Fact]
    public async Task Answers_that_are_sent_as_one_fit_into_a_message()
    {
        await using var server = await RunningServer.StartAsync(null, "Limits:MessageBytesMax=65536", "Limits:BatchCommandsMax=64", "Limits:ChunkBytes=4096", "Limits:ChunkBytesMax=4096");
        var s = await TestSession.CreateAsync(server.Channel);
        using var call = s.Autograd.Execute();
        await call.RequestStream.WriteAsync(Frame(s, [Numbered(TestSession.Create(1, new float[8000], [8000]), 1)], first: true));
        // Nobody reads meanwhile, so answers wait for each other.
        for (ulong seq = 2; seq <= 41; seq++) await call.RequestStream.WriteAsync(Frame(s, [Numbered(TestSession.Read(1), seq)], first: false));
        await call.RequestStream.CompleteAsync();
        Assert.Equal(40, (await AllAsync(call)).Sum(a => a.Results.Count));
    }

    [Fact]
    public async Task Large_answers_keep_what_they_said_while_others_are_made()
    {
        await using var server = await RunningServer.StartAsync(null, "Limits:KeptResultBytesMax=1048576");
        var s = await TestSession.CreateAsync(server.Channel);
        using var call = s.Autograd.Execute();
        var reading = AllAsync(call);
        // Larger than what is kept, so that memory is used again; the last ones a little smaller.
        int[] sizes = [600_000, 600_000, 300_000, 600_000, 300_000, 262_144, 200_000, 600_000];
        for (int i = 0; i < sizes.Length; i++)
        {
            ulong handle = (ulong)i + 1;
            var values = new float[sizes[i]];
            Array.Fill(values, i + 1f);
            Wire.Command change = new() { ApplyOp = new Wire.ApplyOp { Op = "add", A = handle, Scalar = 100, InPlace = true } };
            await call.RequestStream.WriteAsync(Frame(s, [Numbered(TestSession.Create(handle, values, [sizes[i]]), 5 * handle - 4)], first: i == 0));
            await call.RequestStream.WriteAsync(Frame(s, [Numbered(TestSession.Read(handle), 5 * handle - 3)], first: false));
            await call.RequestStream.WriteAsync(Frame(s, [Numbered(change, 5 * handle - 2), Numbered(TestSession.Read(handle), 5 * handle - 1), Numbered(TestSession.Release(handle), 5 * handle)], first: false));
        }
        await call.RequestStream.CompleteAsync();
        var results = (await reading).SelectMany(a => a.Results).ToList();
        Assert.Equal(2 * sizes.Length, results.Count);
        for (int i = 0; i < results.Count; i++)
        {
            float[] got = TestSession.Floats(results[i].Tensor);
            Assert.Equal(sizes[i / 2], got.Length);
            Assert.Equal(-1, got.AsSpan().IndexOfAnyExcept(i / 2 + 1f + 100 * (i % 2)));
        }
    }

    [Fact]
    public async Task A_frame_that_waits_for_its_answer_gets_one()
    {
        var s = await fixture.SessionAsync();
        using var call = s.Autograd.Execute();
        for (ulong seq = 1; seq <= 20; seq++)
        {
            var read = TestSession.Op("exp", seq + 1, seq);
            read.WantResult = true;
            await call.RequestStream.WriteAsync(seq == 1 ? Frame(s, [Numbered(TestSession.Create(1, [0], [1]), 1)], true) : Frame(s, [Numbered(TestSession.Op("neg", seq, seq - 1), seq)], false));
            Assert.True(await call.ResponseStream.MoveNext());
            Assert.Equal((1u, seq), (call.ResponseStream.Current.Frames, call.ResponseStream.Current.AcknowledgedSeq));
        }
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext());
    }

    [Fact]
    public async Task Errors_of_commands_do_not_end_the_stream_and_fail_fast_ends_only_its_frame()
    {
        var s = await fixture.SessionAsync();
        using var call = s.Autograd.Execute();
        await call.RequestStream.WriteAsync(Frame(s, [Numbered(TestSession.Create(1, [0], [1]), 1), Numbered(TestSession.Op("nonsense", 2, 1), 2), Numbered(TestSession.Op("exp", 3, 2), 3)], true));
        var frame = Frame(s, [Numbered(TestSession.Op("nonsense", 4, 1), 4), Numbered(TestSession.Op("exp", 5, 1), 5)], false);
        frame.FailFast = true;
        await call.RequestStream.WriteAsync(frame);
        await call.RequestStream.WriteAsync(Frame(s, [Numbered(TestSession.Op("exp", 6, 1), 6), Numbered(TestSession.Read(6), 7)], false));
        await call.RequestStream.CompleteAsync();
        var results = (await AllAsync(call)).SelectMany(a => a.Results).ToList();
        Assert.Equal([2UL, 3UL, 4UL, 5UL, 7UL], results.Select(r => r.Seq));
        Refusals.Is(StatusCode.Unimplemented, "OP_UNSUPPORTED", results[0].Error);
        Refusals.Is(StatusCode.Aborted, "DEPENDENCY_FAILED", results[1].Error);
        Assert.Equal("2", Refusals.InfoOf(results[1].Error).Metadata["root_seq"]);
        Refusals.Is(StatusCode.Aborted, "BATCH_STOPPED", results[3].Error);
        Assert.Equal(1f, TestSession.Floats(results[4].Tensor)[0]);
    }

    [Fact]
    public async Task After_a_broken_connection_the_same_frames_can_be_sent_again()
    {
        var s = await fixture.SessionAsync();
        Wire.Command[] commands =
        [
            Numbered(TestSession.Create(1, [1], [1]), 1),
            Numbered(new Wire.Command { ApplyOp = new Wire.ApplyOp { Op = "add", A = 1, Scalar = 1, InPlace = true } }, 2),
            Numbered(TestSession.Read(1), 3),
        ];
        using (var call = s.Autograd.Execute())
        {
            await call.RequestStream.WriteAsync(Frame(s, commands, true));
            Assert.True(await call.ResponseStream.MoveNext());
        }
        Assert.Equal(3UL, (await s.Sessions.GetSessionAsync(new Wire.GetSessionRequest { SessionId = s.Id })).Session.LastAppliedSeq);
        using var again = s.Autograd.Execute();
        await again.RequestStream.WriteAsync(Frame(s, commands, true));
        await again.RequestStream.CompleteAsync();
        var result = Assert.Single((await AllAsync(again)).SelectMany(a => a.Results));
        Assert.True(result.Replayed);
        Assert.Equal(2f, TestSession.Floats(result.Tensor)[0]);
    }

    [Fact]
    public async Task Streams_that_break_the_rules_are_ended()
    {
        var s = await fixture.SessionAsync();
        async Task<Rpc.Status> EndedAsync(StatusCode code, string reason, params Wire.ExecuteRequest[] frames) => await Refusals.OfAsync(code, reason, async () =>
        {
            using var call = s.Autograd.Execute();
            try
            {
                foreach (var frame in frames) await call.RequestStream.WriteAsync(frame);
                await call.RequestStream.CompleteAsync();
            }
            catch (Exception e) when (e is RpcException or InvalidOperationException)
            {
                // The server ended the call while we wrote; reading tells why.
            }
            await AllAsync(call);
        });

        await EndedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", new Wire.ExecuteRequest());
        await EndedAsync(StatusCode.NotFound, "SESSION_NOT_FOUND", new Wire.ExecuteRequest { SessionId = "none" });
        await EndedAsync(StatusCode.FailedPrecondition, "STREAM_PROTOCOL", Frame(s, [], true), Frame(s, [], true));
        await EndedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", Frame(s, [TestSession.Create(1, [1], [1])], true));
        await EndedAsync(StatusCode.InvalidArgument, "LIMIT_EXCEEDED", Frame(s, [.. Enumerable.Repeat(new Wire.Command(), ServerFixture.BatchCommandsMax + 1)], true));
        Assert.Equal(0UL, (await s.UsageAsync()).Tensors);
        await s.OnesAsync(1);
    }

    [Fact]
    public async Task More_than_there_is_credit_for_ends_the_stream()
    {
        await using var server = await RunningServer.StartAsync(null, "Limits:BatchCommandsMax=16", "Limits:StreamCreditCommands=16");
        using var other = server.Connect();
        var s = await TestSession.CreateAsync(server.Channel);
        const int large = 4 << 20;
        await s.CreateAsync(new float[large], [large]);
        using var call = s.Over(other).Autograd.Execute();
        // The answer to the first frame fills the windows because nobody reads it: what follows gets no credit back.
        await call.RequestStream.WriteAsync(Frame(s, [Numbered(TestSession.Read(1), 1)], true));
        await Task.Delay(200);
        ulong seq = 1;
        var status = await Refusals.OfAsync(StatusCode.ResourceExhausted, "QUOTA_CREDIT", async () =>
        {
            try
            {
                for (int i = 0; i < 20; i++) await call.RequestStream.WriteAsync(Frame(s, [.. Enumerable.Range(0, 16).Select(_ => Numbered(TestSession.Release(), ++seq))], false));
                await call.RequestStream.CompleteAsync();
            }
            catch (Exception e) when (e is RpcException or InvalidOperationException)
            {
                // As above.
            }
            await AllAsync(call);
        });
        Assert.Equal("16", Refusals.InfoOf(status).Metadata["limit"]);
        await s.OnesAsync(1);
    }

    [Fact]
    public async Task A_client_that_does_not_read_holds_up_nobody_and_costs_little_memory()
    {
        await using var server = await RunningServer.StartAsync();
        using var other = server.Connect();
        var s = await TestSession.CreateAsync(server.Channel);
        const int floats = 256 << 10, frames = 100;
        var values = Enumerable.Range(0, floats).Select(i => (float)i).ToArray();
        await s.CreateAsync(values, [floats]);
        using var call = s.Over(other).Autograd.Execute();
        for (ulong seq = 1; seq <= frames; seq++) await call.RequestStream.WriteAsync(Frame(s, [Numbered(TestSession.Read(1), seq)], seq == 1));
        await call.RequestStream.CompleteAsync();
        async Task<ulong> AppliedAsync() => (await s.Sessions.GetSessionAsync(new Wire.GetSessionRequest { SessionId = s.Id })).Session.LastAppliedSeq;
        ulong applied = 0;
        for (int quiet = 0; quiet < 10; quiet++)
        {
            await Task.Delay(100);
            ulong now = await AppliedAsync();
            if (now != applied) quiet = 0;
            applied = now;
        }
        // The stream was not run far ahead of its reader, and the same session serves others meanwhile.
        Assert.InRange(applied, 1UL, 40UL);
        ulong a = await s.OnesAsync(1);
        Assert.Equal(1f, (await s.ReadAsync(a))[0]);
        ulong next = 0;
        while (await call.ResponseStream.MoveNext())
            foreach (var result in call.ResponseStream.Current.Results)
            {
                Assert.Equal(++next, result.Seq);
                Assert.Equal(values, TestSession.Floats(result.Tensor));
            }
        Assert.Equal((ulong)frames, next);
    }

    [Fact]
    public async Task Several_streams_and_calls_may_use_one_session_at_once()
    {
        await using var server = await RunningServer.StartAsync();
        var s = await TestSession.CreateAsync(server.Channel);
        await s.CreateAsync([0], [1]);
        var add = new Wire.ApplyOp { Op = "add", A = 1, Scalar = 1, InPlace = true };
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async worker =>
        {
            using var channel = server.Connect();
            var mine = s.Over(channel);
            for (int i = 0; i < 50; i++)
                if (worker % 2 == 0) await mine.Autograd.ApplyOpAsync(new Wire.ApplyOpRequest { SessionId = s.Id, ApplyOp = add });
                else await mine.RunAsync(new Wire.Command { ApplyOp = add });
        }));
        Assert.Equal(400f, (await s.ReadAsync(1))[0]);
    }

    internal static Wire.Command Numbered(Wire.Command command, ulong seq)
    {
        command.Seq = seq;
        return command;
    }

    internal static Wire.ExecuteRequest Frame(TestSession s, Wire.Command[] commands, bool first) => new() { SessionId = first ? s.Id : "", Commands = { commands } };

    internal static async Task<List<Wire.ExecuteResponse>> AllAsync(AsyncDuplexStreamingCall<Wire.ExecuteRequest, Wire.ExecuteResponse> call)
    {
        var answers = new List<Wire.ExecuteResponse>();
        while (await call.ResponseStream.MoveNext()) answers.Add(call.ResponseStream.Current);
        return answers;
    }
}
