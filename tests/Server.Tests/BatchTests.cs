using AutogradService.Testing;
using Grpc.Core;

namespace AutogradService.Server.Tests;

/// <summary>Batches: poisoning, fail-fast, numbers that apply once.</summary>
public sealed class BatchTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task A_failed_command_poisons_only_what_depends_on_it()
    {
        var s = await fixture.SessionAsync();
        var response = await s.RunAsync(
            TestSession.Create(1, [1, 2], [2]),
            TestSession.Create(2, [1, 2, 3], [3]),
            TestSession.Op("add", 3, 1, 2),
            TestSession.Op("exp", 4, 3),
            TestSession.Op("neg", 5, 1),
            TestSession.Read(5),
            TestSession.Read(4));
        Assert.Equal(3u, response.Failed);
        Assert.Equal([2u, 3u, 5u, 6u], response.Results.Select(r => r.Index));
        float[] expected = [-1, -2];
        Assert.Equal(expected, TestSession.Floats(response.Results[2].Tensor));
        // All dependents name the root, not what stands between.
        foreach (var result in new[] { response.Results[1], response.Results[3] })
        {
            Refusals.Is(StatusCode.Aborted, "DEPENDENCY_FAILED", result.Error);
            Assert.Equal("2", Refusals.InfoOf(result.Error).Metadata["root_index"]);
        }
        var usage = await s.UsageAsync();
        Assert.Equal((3UL, 2UL), (usage.Tensors, usage.Poisoned));
    }

    [Fact]
    public async Task A_poisoned_handle_outlives_its_batch_until_it_is_released_or_bound_again()
    {
        var s = await fixture.SessionAsync();
        await s.RunAsync(TestSession.Create(1, [1], [1]), new Wire.Command { Seq = 7, ApplyOp = new Wire.ApplyOp { Op = "nonsense", A = 1, Out = 2 } }, TestSession.Op("exp", 3, 2));
        var status = await Refusals.OfAsync(StatusCode.Aborted, "DEPENDENCY_FAILED", () => s.ReadAsync(3));
        Assert.Equal(("7", "OP_UNSUPPORTED"), (Refusals.InfoOf(status).Metadata["root_seq"], Refusals.InfoOf(status).Metadata["root_reason"]));
        await s.RunOneAsync(TestSession.Release(3));
        await Refusals.OfAsync(StatusCode.NotFound, "TENSOR_RELEASED", () => s.ReadAsync(3));
        await s.RunOneAsync(TestSession.Op("neg", 2, 1));
        float[] expected = [-1];
        Assert.Equal(expected, await s.ReadAsync(2));
        Assert.Equal(0UL, (await s.UsageAsync()).Poisoned);
    }

    [Fact]
    public async Task A_failure_does_not_poison_a_handle_that_was_in_use()
    {
        var s = await fixture.SessionAsync();
        var response = await s.RunAsync(TestSession.Create(1, [1], [1]), TestSession.Op("exp", 1, 1), TestSession.Read(1));
        Assert.Equal(1u, response.Failed);
        float[] expected = [1];
        Assert.Equal(expected, TestSession.Floats(response.Results[1].Tensor));
    }

    [Fact]
    public async Task A_failed_mutation_changes_nothing()
    {
        var s = await fixture.SessionAsync();
        var response = await s.RunAsync(
            TestSession.Create(1, [1, 2], [2]),
            TestSession.Create(2, [1, 2, 3], [3]),
            new Wire.Command { ApplyOp = new Wire.ApplyOp { Op = "add", A = 1, B = 2, InPlace = true } },
            TestSession.Read(1),
            new Wire.Command { WantResult = true, Describe = new Wire.Describe { Tensor = 1 } });
        Assert.Equal(1u, response.Failed);
        float[] expected = [1, 2];
        Assert.Equal(expected, TestSession.Floats(response.Results[1].Tensor));
        Assert.Equal(0UL, response.Results[2].Metadata.Version);
    }

    [Fact]
    public async Task Fail_fast_runs_nothing_after_a_failure()
    {
        var s = await fixture.SessionAsync();
        var response = await s.RunAsync(true,
            TestSession.Create(1, [1], [1]),
            TestSession.Op("nonsense", 2, 1),
            TestSession.Op("exp", 3, 1),
            new Wire.Command { ApplyOp = new Wire.ApplyOp { Op = "add", A = 1, Scalar = 1, InPlace = true } });
        Assert.Equal(3u, response.Failed);
        Refusals.Is(StatusCode.Unimplemented, "OP_UNSUPPORTED", response.Results[0].Error);
        Refusals.Is(StatusCode.Aborted, "BATCH_STOPPED", response.Results[1].Error);
        Refusals.Is(StatusCode.Aborted, "BATCH_STOPPED", response.Results[2].Error);
        Assert.Equal("1", Refusals.InfoOf(response.Results[2].Error).Metadata["root_index"]);
        float[] expected = [1];
        Assert.Equal(expected, await s.ReadAsync(1));
        // What was not run does not exist, and says why; the next batch starts afresh.
        await Refusals.OfAsync(StatusCode.Aborted, "DEPENDENCY_FAILED", () => s.ReadAsync(3));
        Assert.Equal(0u, (await s.RunAsync(true, TestSession.Op("exp", 4, 1))).Failed);
    }

    [Fact]
    public async Task A_command_sent_twice_is_applied_once_and_answered_twice()
    {
        var s = await fixture.SessionAsync();
        await s.RunAsync(TestSession.Create(1, [1], [1]));
        var add = new Wire.Command { Seq = 1, WantResult = true, ApplyOp = new Wire.ApplyOp { Op = "add", A = 1, Scalar = 1, InPlace = true } };
        var read = new Wire.Command { Seq = 2, WantResult = true, ReadTensor = new Wire.ReadTensor { Tensor = 1 } };
        var bad = new Wire.Command { Seq = 3, ApplyOp = new Wire.ApplyOp { Op = "nonsense", A = 1, Out = 2 } };
        var first = await s.RunAsync(add, read, bad);
        var second = await s.RunAsync(add, read, bad);
        Assert.Equal(3UL, second.AcknowledgedSeq);
        Assert.Equal((1u, 1u), (first.Failed, second.Failed));
        Assert.All(first.Results, r => Assert.False(r.Replayed));
        Assert.All(second.Results, r => Assert.True(r.Replayed));
        foreach (var r in second.Results) r.Replayed = false;
        Assert.Equal(first, second);
        float[] expected = [2];
        Assert.Equal(expected, await s.ReadAsync(1));
        Assert.Equal(3UL, (await s.Sessions.GetSessionAsync(new Wire.GetSessionRequest { SessionId = s.Id })).Session.LastAppliedSeq);
    }

    [Fact]
    public async Task Unary_calls_are_numbered_by_the_same_numbers()
    {
        var s = await fixture.SessionAsync();
        var request = new Wire.CreateTensorRequest { SessionId = s.Id, Seq = 1, CreateTensor = TestSession.Create(1, [5], [1]).CreateTensor };
        var first = await s.Autograd.CreateTensorAsync(request);
        Assert.Equal(first, await s.Autograd.CreateTensorAsync(request));
        var apply = new Wire.ApplyOpRequest { SessionId = s.Id, Seq = 2, ApplyOp = new Wire.ApplyOp { Op = "add", A = 1, Scalar = 1, InPlace = true } };
        await s.Autograd.ApplyOpAsync(apply);
        await s.Autograd.ApplyOpAsync(apply);
        float[] expected = [6];
        Assert.Equal(expected, await s.ReadAsync(1));
        Assert.Equal(1UL, (await s.UsageAsync()).Tensors);
    }

    [Fact]
    public async Task A_number_with_another_content_is_refused()
    {
        var s = await fixture.SessionAsync();
        var create = TestSession.Create(1, [1], [1]);
        create.Seq = 5;
        await s.RunAsync(create);
        var other = TestSession.Create(1, [2], [1]);
        other.Seq = 5;
        await Refusals.OfFieldAsync("SEQUENCE_REUSED", "seq", () => s.RunOneAsync(other));
        float[] expected = [1];
        Assert.Equal(expected, await s.ReadAsync(1));
        var older = TestSession.Op("exp", 2, 1);
        older.Seq = 4;
        var status = await Refusals.OfAsync(StatusCode.FailedPrecondition, "SEQUENCE_STALE", () => s.RunOneAsync(older));
        Assert.Equal("5", Refusals.InfoOf(status).Metadata["last_applied_seq"]);
    }

    [Fact]
    public async Task Only_so_many_answers_are_kept()
    {
        var s = await fixture.SessionAsync();
        var create = TestSession.Create(1, [1], [1]);
        create.Seq = 1;
        await s.RunAsync(create);
        // The fixture keeps 8.
        for (ulong seq = 2; seq <= 9; seq++) await s.RunAsync(new Wire.Command { Seq = seq, ApplyOp = new Wire.ApplyOp { Op = "add", A = 1, Scalar = 1, InPlace = true } });
        var response = await s.RunAsync(create);
        Refusals.Is(StatusCode.FailedPrecondition, "SEQUENCE_STALE", Assert.Single(response.Results).Error);
        Assert.Empty((await s.RunAsync(new Wire.Command { Seq = 2, ApplyOp = new Wire.ApplyOp { Op = "add", A = 1, Scalar = 1, InPlace = true } })).Results);
        float[] expected = [9];
        Assert.Equal(expected, await s.ReadAsync(1));
    }

    [Fact]
    public async Task What_was_read_is_had_again_after_its_handle_is_released_but_not_after_it_is_changed()
    {
        const int count = 5000, readsKept = 4;
        await using var server = await RunningServer.StartAsync(null, $"Limits:KeptResultBytesMax={readsKept * 5 * count}", $"Limits:BytesMax={8 * 8 * 4 * count}");
        var s = await TestSession.CreateAsync(server.Channel);
        ulong seq = 0;
        var values = Enumerable.Range(0, count).Select(i => (float)i).ToArray();
        await s.RunAsync(Next(TestSession.Create(1, values, [count], true)), Next(TestSession.Op("mul", 2, 1, 1)), Next(TestSession.Op("sum", 3, 2)), Next(new Wire.Command { Backward = new Wire.Backward { Roots = { 3 } } }));
        var read = Next(TestSession.Read(2));
        var grad = Next(new Wire.Command { WantResult = true, ReadGrad = new Wire.ReadGrad { Tensor = 1 } });
        var first = new[] { await s.RunOneAsync(read), await s.RunOneAsync(grad) };
        // The handle goes, and the gradient is replaced; more is read than answers are kept.
        await s.RunAsync(Next(TestSession.Release(2, 3)), Next(new Wire.Command { ZeroGrads = new Wire.ZeroGrads { Tensors = { 1 } } }));
        var others = new List<(Wire.Command Read, Wire.TensorData Data)>();
        for (ulong i = 0; i < 2 * readsKept - 3; i++)
        {
            await s.RunAsync(Next(new Wire.Command { ApplyOp = new Wire.ApplyOp { Op = "add", Out = 10 + i, A = 1, Scalar = i } }));
            var other = Next(TestSession.Read(10 + i));
            others.Add((other, (await s.RunOneAsync(other)).Tensor));
            await s.RunAsync(Next(TestSession.Release(10 + i)));
        }
        var again = new[] { await s.RunOneAsync(read), await s.RunOneAsync(grad) };
        Assert.All(again, r => Assert.True(r.Replayed));
        Assert.Equal(first[0].Tensor, again[0].Tensor);
        Assert.Equal(first[1].Grad, again[1].Grad);
        foreach (var (other, data) in others) Assert.Equal(data, (await s.RunOneAsync(other)).Tensor);
        // One read more than may be held: the first gives way.
        await s.RunAsync(Next(new Wire.Command { ApplyOp = new Wire.ApplyOp { Op = "exp", Out = 20, A = 1 } }));
        var last = Next(TestSession.Read(20));
        var lastRead = await s.RunOneAsync(last);
        await s.RunOneAsync(Next(TestSession.Read(1)));
        await Refusals.OfAsync(StatusCode.FailedPrecondition, "SEQUENCE_STALE", () => s.RunOneAsync(read));
        Assert.Equal(lastRead.Tensor, (await s.RunOneAsync(last)).Tensor);

        Wire.Command Next(Wire.Command command)
        {
            command.Seq = ++seq;
            return command;
        }
    }

    [Fact]
    public async Task A_large_read_is_stale_once_an_in_place_op_has_changed_it()
    {
        const int count = 100_000;
        await using var server = await RunningServer.StartAsync(null, "Limits:KeptResultBytesMax=100000");
        var s = await TestSession.CreateAsync(server.Channel);
        var create = TestSession.Create(1, new float[count], [count]);
        create.Seq = 1;
        var read = TestSession.Read(1);
        read.Seq = 2;
        await s.RunAsync(create);
        var data = (await s.RunOneAsync(read)).Tensor;
        await s.RunAsync(new Wire.Command { Seq = 3, ApplyOp = new Wire.ApplyOp { Op = "exp", Out = 2, A = 1 } });
        Assert.Equal(data, (await s.RunOneAsync(read)).Tensor);
        await s.RunAsync(new Wire.Command { Seq = 4, ApplyOp = new Wire.ApplyOp { Op = "add", A = 1, Scalar = 1, InPlace = true } });
        await Refusals.OfAsync(StatusCode.FailedPrecondition, "SEQUENCE_STALE", () => s.RunOneAsync(read));
        // What is held goes when the client says that it has it.
        ulong held = (await s.UsageAsync()).Bytes;
        await s.RunAsync(new Wire.Command { Seq = 5, ReleaseTensors = new Wire.ReleaseTensors { Handles = { 1, 2 } } });
        Assert.True((await s.UsageAsync()).Bytes > 0);
        await s.Autograd.RunCommandsAsync(new Wire.RunCommandsRequest { SessionId = s.Id, ReceivedSeq = 5 });
        Assert.Equal((0UL, true), ((await s.UsageAsync()).Bytes, held > 0));
    }

    [Fact]
    public async Task Results_come_only_where_they_are_wanted()
    {
        var s = await fixture.SessionAsync();
        var wanted = TestSession.Op("exp", 2, 1);
        wanted.WantResult = true;
        var response = await s.RunAsync(TestSession.Create(1, [0], [1]), wanted, TestSession.Op("exp", 3, 2));
        var result = Assert.Single(response.Results);
        Assert.Equal(1u, result.Index);
        Assert.Equal(2UL, Assert.Single(result.Outputs.Tensors).Handle);
    }

    [Fact]
    public async Task The_server_chooses_handles_where_the_client_does_not()
    {
        var s = await fixture.SessionAsync();
        ulong a = await s.OnesAsync(1);
        var first = (await s.RunOneAsync(TestSession.Op("exp", 0, a))).Outputs.Tensors[0].Handle;
        var second = (await s.RunOneAsync(TestSession.Op("exp", 0, a))).Outputs.Tensors[0].Handle;
        Assert.InRange(first, 1UL << 48, 1UL << 53);
        Assert.NotEqual(first, second);
        Assert.Single(await s.ReadAsync(first));
        // Nobody could name this one: it is not kept.
        await s.RunAsync(TestSession.Op("exp", 0, a));
        Assert.Equal(3UL, (await s.UsageAsync()).Tensors);
    }

    [Fact]
    public async Task No_grad_is_a_property_of_one_command()
    {
        var s = await fixture.SessionAsync();
        var quiet = TestSession.Op("exp", 2, 1);
        quiet.NoGrad = true;
        await s.RunAsync(TestSession.Create(1, [0], [1], true), quiet, TestSession.Op("exp", 3, 1));
        Assert.False((await s.RunOneAsync(new Wire.Command { Describe = new Wire.Describe { Tensor = 2 } })).Metadata.RequiresGrad);
        Assert.True((await s.RunOneAsync(new Wire.Command { Describe = new Wire.Describe { Tensor = 3 } })).Metadata.RequiresGrad);
    }

    [Fact]
    public async Task Errors_of_a_whole_batch_still_fit_one_message()
    {
        var s = await fixture.SessionAsync();
        long[] huge = [.. Enumerable.Range(0, 64).Select(i => i == 0 ? -1 : long.MaxValue / 3)];
        var response = await s.RunAsync([.. Enumerable.Range(0, ServerFixture.BatchCommandsMax).Select(_ => TestSession.Create(0, [1], huge))]);
        Assert.Equal((uint)ServerFixture.BatchCommandsMax, response.Failed);
        Assert.Equal(ServerFixture.BatchCommandsMax, response.Results.Count);
        Assert.All(response.Results, r => Refusals.Is(StatusCode.InvalidArgument, "INVALID_SHAPE", r.Error));
        Assert.InRange(response.CalculateSize(), 1, ServerFixture.MessageBytesMax);
    }

    [Fact]
    public async Task Poisoned_handles_are_bounded()
    {
        await using var server = await Testing.RunningServer.StartAsync(null, "Limits:PoisonedMax=2");
        var s = await TestSession.CreateAsync(server.Channel);
        for (ulong handle = 1; handle <= 4; handle++) await s.RunAsync(TestSession.Op("nonsense", handle, 0));
        Assert.Equal(2UL, (await s.UsageAsync()).Poisoned);
        await Refusals.OfAsync(StatusCode.Aborted, "DEPENDENCY_FAILED", () => s.ReadAsync(2));
        await Refusals.OfAsync(StatusCode.NotFound, "TENSOR_NOT_FOUND", () => s.ReadAsync(4));
    }
}
