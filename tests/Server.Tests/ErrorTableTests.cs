using Google.Protobuf;
using Grpc.Core;

namespace AutogradService.Server.Tests;

/// <summary>The rows of the contract's error table that concern what a command says, each over the wire; a refused command costs nothing.</summary>
public sealed class ErrorTableTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    [Fact]
    public Task Payload_of_the_wrong_length() => CostsNothingAsync(async s =>
        await Refusals.OfFieldAsync("PAYLOAD_SIZE_MISMATCH", "create_tensor", () => s.CreateAsync([1, 2, 3], [2, 2])));

    [Fact]
    public Task Shapes_that_cannot_be() => CostsNothingAsync(async s =>
    {
        await Refusals.OfFieldAsync("INVALID_SHAPE", "create_tensor", () => s.CreateAsync([1], [-1]));
        await Refusals.OfFieldAsync("INVALID_SHAPE", "create_tensor", () => s.CreateAsync([1], [1L << 40, 1L << 40]));
        await Refusals.OfFieldAsync("INVALID_SHAPE", "create_tensor", () => s.CreateAsync([1], [.. Enumerable.Repeat(1L, 65)]));
    });

    [Fact]
    public Task A_dtype_that_is_none() => CostsNothingAsync(async s =>
    {
        foreach (int dtype in new[] { 0, 99, -1 })
        {
            var data = TestSession.Data([1], 1);
            data.Dtype = (Wire.DataType)dtype;
            await Refusals.OfFieldAsync("INVALID_FIELD", "create_tensor.data.dtype", () => s.RunOneAsync(new Wire.Command { CreateTensor = new Wire.CreateTensor { Data = data } }));
        }
    });

    [Fact]
    public Task A_bool_that_is_neither_0_nor_1() => CostsNothingAsync(async s =>
    {
        var data = new Wire.TensorData { Dtype = Wire.DataType.Bool, Shape = { 2 }, Data = ByteString.CopyFrom(1, 2) };
        await Refusals.OfFieldAsync("INVALID_FIELD", "create_tensor.data.data", () => s.RunOneAsync(new Wire.Command { CreateTensor = new Wire.CreateTensor { Data = data } }));
    });

    [Fact]
    public Task Shapes_that_do_not_broadcast() => CostsNothingAfterAsync(async s =>
    {
        ulong a = await s.OnesAsync(2), b = await s.OnesAsync(3);
        return async () =>
        {
            var status = await Refusals.OfFieldAsync("SHAPE_MISMATCH", "apply_op", () => s.OpAsync("add", a, b));
            Assert.Equal("The size of tensor a (2) must match the size of tensor b (3) at non-singleton dimension 0", status.Message);
            Assert.Equal("RuntimeError", Refusals.InfoOf(status).Metadata["torch_type"]);
        };
    });

    [Fact]
    public Task A_dim_out_of_range() => CostsNothingAfterAsync(async s =>
    {
        ulong a = await s.OnesAsync(2);
        return async () =>
        {
            var status = await Refusals.OfFieldAsync("DIM_OUT_OF_RANGE", "apply_op", () => s.RunOneAsync(With(TestSession.Op("sum", 0, a), "dim", 5)));
            Assert.Equal("Dimension out of range (expected to be in range of [-1, 0], but got 5)", status.Message);
            Assert.Equal("IndexError", Refusals.InfoOf(status).Metadata["torch_type"]);
        };
    });

    [Fact]
    public Task Attributes_that_the_op_does_not_take() => CostsNothingAfterAsync(async s =>
    {
        ulong a = await s.OnesAsync(2);
        return async () =>
        {
            await Refusals.OfFieldAsync("INVALID_ATTRIBUTE", "apply_op", () => s.RunOneAsync(With(TestSession.Op("exp", 0, a), "nonsense", 5)));
            await Refusals.OfFieldAsync("INVALID_ATTRIBUTE", "apply_op", () => s.RunOneAsync(With(TestSession.Op("sum", 0, a), "dim", "one")));
        };
    });

    [Fact]
    public Task Operands_that_the_op_does_not_take() => CostsNothingAfterAsync(async s =>
    {
        ulong a = await s.OnesAsync(2);
        return async () =>
        {
            await Refusals.OfFieldAsync("INVALID_ATTRIBUTE", "apply_op", () => s.RunOneAsync(TestSession.Op("add", 0, a)));
            await Refusals.OfFieldAsync("INVALID_ATTRIBUTE", "apply_op", () => s.RunOneAsync(TestSession.Op("exp", 0, a, a)));
            await Refusals.OfFieldAsync("INVALID_ATTRIBUTE", "apply_op", () => s.RunOneAsync(new Wire.Command { ApplyOp = new Wire.ApplyOp { Op = "expand", A = a, Scalar = 2 } }));
            var list = new Wire.Operand { List = new Wire.HandleList { Handles = { a } } };
            await Refusals.OfFieldAsync("INVALID_ATTRIBUTE", "apply_op", () => s.RunOneAsync(new Wire.Command { ApplyOp = new Wire.ApplyOp { Op = "exp", Extra = new Wire.ApplyOpExtra { Operands = { list } } } }));
        };
    });

    [Fact]
    public Task Fields_that_contradict_each_other() => CostsNothingAfterAsync(async s =>
    {
        ulong a = await s.OnesAsync(2);
        return async () =>
        {
            Wire.Command Apply(Wire.ApplyOp op) => new() { ApplyOp = op };
            var operand = new Wire.Operand { Handle = a };
            await Refusals.OfFieldAsync("INVALID_FIELD", "apply_op.extra.operands", () => s.RunOneAsync(Apply(new Wire.ApplyOp { Op = "exp", A = a, Extra = new Wire.ApplyOpExtra { Operands = { operand } } })));
            await Refusals.OfFieldAsync("INVALID_FIELD", "apply_op.b", () => s.RunOneAsync(Apply(new Wire.ApplyOp { Op = "add", A = a, B = a, Scalar = 1 })));
            await Refusals.OfFieldAsync("INVALID_FIELD", "apply_op.a", () => s.RunOneAsync(Apply(new Wire.ApplyOp { Op = "add", Scalar = 1 })));
            await Refusals.OfFieldAsync("INVALID_FIELD", "apply_op.out", () => s.RunOneAsync(Apply(new Wire.ApplyOp { Op = "exp", A = a, Out = 9, InPlace = true })));
            await Refusals.OfFieldAsync("INVALID_FIELD", "apply_op.extra.outputs", () => s.RunOneAsync(Apply(new Wire.ApplyOp { Op = "exp", A = a, Extra = new Wire.ApplyOpExtra { Outputs = { 0 } } })));
            await Refusals.OfFieldAsync("INVALID_FIELD", "action", () => s.RunOneAsync(new Wire.Command()));
            await Refusals.OfFieldAsync("INVALID_FIELD", "handle", () => s.RunOneAsync(TestSession.Read(0)));
            await Refusals.OfFieldAsync("INVALID_FIELD", "create_tensor.data", () => s.RunOneAsync(new Wire.Command { CreateTensor = new Wire.CreateTensor() }));
        };
    });

    [Fact]
    public Task Backward_from_more_than_one_element() => CostsNothingAfterAsync(async s =>
    {
        ulong y = await s.OpAsync("exp", await s.OnesAsync(2, true));
        return async () =>
        {
            var status = await Refusals.OfFieldAsync("GRAD_OUTPUT_REQUIRED", "backward", () => s.BackwardAsync(y));
            Assert.Equal("grad can be implicitly created only for scalar outputs", status.Message);
        };
    });

    [Fact]
    public Task Ops_that_are_none() => CostsNothingAfterAsync(async s =>
    {
        ulong a = await s.OnesAsync(2);
        return async () =>
        {
            await Refusals.OfAsync(StatusCode.Unimplemented, "OP_UNSUPPORTED", () => s.OpAsync("frobnicate", a));
            await Refusals.OfAsync(StatusCode.Unimplemented, "OP_UNSUPPORTED", () => s.RunOneAsync(new Wire.Command { ApplyOp = new Wire.ApplyOp { OpId = 1_000_000, A = a } }));
            await Refusals.OfAsync(StatusCode.Unimplemented, "OP_UNSUPPORTED", () => s.RunOneAsync(new Wire.Command { ApplyOp = new Wire.ApplyOp { A = a } }));
        };
    });

    [Fact]
    public Task A_dtype_that_the_op_does_not_do() => CostsNothingAfterAsync(async s =>
    {
        ulong ints = s.Next(), floats = await s.OnesAsync(1);
        var data = new Wire.TensorData { Dtype = Wire.DataType.Int32, Shape = { 1 }, Data = ByteString.CopyFrom(1, 0, 0, 0) };
        await s.RunOneAsync(new Wire.Command { CreateTensor = new Wire.CreateTensor { Out = ints, Data = data } });
        return async () => await Refusals.OfAsync(StatusCode.Unimplemented, "DTYPE_UNSUPPORTED", () => s.RunOneAsync(new Wire.Command { ApplyOp = new Wire.ApplyOp { Op = "add", A = ints, B = floats, InPlace = true } }));
    });

    [Fact]
    public Task Tensors_that_are_not_there() => CostsNothingAfterAsync(async s =>
    {
        ulong a = await s.OnesAsync(2), gone = await s.OnesAsync(2);
        await s.RunAsync(TestSession.Release(gone));
        return async () =>
        {
            var status = await Refusals.OfAsync(StatusCode.NotFound, "TENSOR_RELEASED", () => s.OpAsync("add", a, gone));
            Assert.Equal(("tensor", $"{gone}"), (status.GetDetail<Rpc.ResourceInfo>()!.ResourceType, status.GetDetail<Rpc.ResourceInfo>()!.ResourceName));
            Assert.Equal($"{gone}", Refusals.InfoOf(status).Metadata["handle"]);
            await Refusals.OfAsync(StatusCode.NotFound, "TENSOR_NOT_FOUND", () => s.ReadAsync(123_456));
            await Refusals.OfAsync(StatusCode.NotFound, "TENSOR_NOT_FOUND", () => s.ReadAsync(ulong.MaxValue));
            await Refusals.OfAsync(StatusCode.NotFound, "TENSOR_RELEASED", () => s.RunOneAsync(TestSession.Release(gone)));
            await Refusals.OfAsync(StatusCode.NotFound, "HOOK_NOT_FOUND", () => s.RunOneAsync(new Wire.Command { RemoveHook = new Wire.RemoveHook { HookId = 7 } }));
        };
    });

    [Fact]
    public Task Handles_that_cannot_be_bound() => CostsNothingAfterAsync(async s =>
    {
        ulong a = await s.OnesAsync(2);
        return async () =>
        {
            var status = await Refusals.OfAsync(StatusCode.AlreadyExists, "HANDLE_IN_USE", () => s.RunOneAsync(TestSession.Op("exp", a, a)));
            Assert.Equal($"{a}", Refusals.InfoOf(status).Metadata["handle"]);
            float[] ones = [1, 1];
            Assert.Equal(ones, await s.ReadAsync(a));
            await Refusals.OfAsync(StatusCode.InvalidArgument, "INVALID_HANDLE", () => s.RunOneAsync(TestSession.Op("exp", 1UL << 48, a)));
        };
    });

    [Fact]
    public Task Backward_through_a_freed_graph() => CostsNothingAfterAsync(async s =>
    {
        ulong y = await s.OpAsync("sum", await s.OpAsync("exp", await s.OnesAsync(2, true)));
        await s.BackwardAsync(y);
        return async () =>
        {
            var status = await Refusals.OfAsync(StatusCode.FailedPrecondition, "GRAPH_FREED", () => s.BackwardAsync(y));
            Assert.StartsWith("Trying to backward through the graph a second time", status.Message, StringComparison.Ordinal);
        };
    });

    [Fact]
    public Task Backward_without_a_path() => CostsNothingAfterAsync(async s =>
    {
        ulong plain = await s.OnesAsync(1), leaf = await s.OnesAsync(1, true), other = await s.OnesAsync(1, true), y = await s.OpAsync("exp", leaf);
        return async () =>
        {
            var status = await Refusals.OfAsync(StatusCode.FailedPrecondition, "NO_GRAD_PATH", () => s.BackwardAsync(plain));
            Assert.Equal("element 0 of tensors does not require grad and does not have a grad_fn", status.Message);
            await Refusals.OfAsync(StatusCode.FailedPrecondition, "NO_GRAD_PATH", () =>
                s.RunOneAsync(new Wire.Command { ComputeGradients = new Wire.ComputeGradients { Outputs = { y }, Inputs = { other }, RetainGraph = true } }));
        };
    });

    [Fact]
    public Task Backward_after_a_saved_tensor_was_modified() => CostsNothingAfterAsync(async s =>
    {
        ulong w = await s.OnesAsync(1, true), x = await s.OnesAsync(1), y = await s.OpAsync("mul", w, x);
        await s.RunOneAsync(new Wire.Command { ApplyOp = new Wire.ApplyOp { Op = "add", A = x, Scalar = 1, InPlace = true } });
        return async () => await Refusals.OfAsync(StatusCode.FailedPrecondition, "TENSOR_MODIFIED", () => s.BackwardAsync(y));
    });

    [Fact]
    public Task In_place_where_it_must_not_be() => CostsNothingAfterAsync(async s =>
    {
        ulong leaf = await s.OnesAsync(3, true), wide = s.Next();
        await s.RunOneAsync(With(TestSession.Op("expand", wide, await s.OnesAsync(1)), "size", 4));
        return async () =>
        {
            var status = await Refusals.OfAsync(StatusCode.FailedPrecondition, "LEAF_MODIFIED", () => s.RunOneAsync(new Wire.Command { ApplyOp = new Wire.ApplyOp { Op = "mul", A = leaf, Scalar = 2, InPlace = true } }));
            Assert.Equal("a leaf Variable that requires grad is being used in an in-place operation.", status.Message);
            await Refusals.OfAsync(StatusCode.FailedPrecondition, "VIEW_MODIFIED", () => s.RunOneAsync(new Wire.Command { ApplyOp = new Wire.ApplyOp { Op = "mul", A = wide, Scalar = 2, InPlace = true } }));
            float[] ones = [1, 1, 1];
            Assert.Equal(ones, await s.ReadAsync(leaf));
        };
    });

    [Fact]
    public Task Grad_state_that_cannot_be() => CostsNothingAfterAsync(async s =>
    {
        ulong a = await s.OnesAsync(2), other = await s.OnesAsync(3);
        return async () =>
        {
            await Refusals.OfAsync(StatusCode.FailedPrecondition, "INVALID_GRAD_STATE", () => s.RunOneAsync(new Wire.Command { RetainGrad = new Wire.RetainGrad { Tensor = a } }));
            await Refusals.OfAsync(StatusCode.FailedPrecondition, "INVALID_GRAD_STATE", () => s.RunOneAsync(new Wire.Command { SetGrad = new Wire.SetGrad { Tensor = a, Grad = other } }));
            await Refusals.OfAsync(StatusCode.FailedPrecondition, "INVALID_GRAD_STATE", () => s.RunOneAsync(new Wire.Command { RegisterHook = new Wire.RegisterHook { Tensor = a, Scale = 2 } }));
        };
    });

    [Fact]
    public Task What_depends_on_a_failed_command() => CostsNothingAfterAsync(async s =>
    {
        ulong a = await s.OnesAsync(2), b = await s.OnesAsync(3);
        return async () =>
        {
            ulong bad = s.Next(), worse = s.Next();
            var response = await s.RunAsync(TestSession.Op("add", bad, a, b), TestSession.Op("exp", worse, bad), TestSession.Op("exp", 0, worse));
            Assert.Equal(3u, response.Failed);
            Refusals.Is(StatusCode.InvalidArgument, "SHAPE_MISMATCH", response.Results[0].Error);
            foreach (var result in response.Results.Skip(1))
            {
                Refusals.Is(StatusCode.Aborted, "DEPENDENCY_FAILED", result.Error);
                var metadata = Refusals.InfoOf(result.Error).Metadata;
                Assert.Equal(("0", "SHAPE_MISMATCH", "INVALID_ARGUMENT"), (metadata["root_index"], metadata["root_reason"], metadata["root_code"]));
            }
        };
    });

    [Fact]
    public Task Bytes_quota() => CostsNothingAfterAsync(async s =>
    {
        ulong row = await s.OnesAsync(ServerFixture.MessageBytesMax / 8);
        ulong column = s.Next();
        await s.RunOneAsync(With(TestSession.Op("view", column, row), "size", ServerFixture.MessageBytesMax / 8, 1));
        // The sum of a row and a column would take far more than there is: refused before anything is allocated.
        return async () =>
        {
            var status = await Refusals.OfAsync(StatusCode.ResourceExhausted, "QUOTA_BYTES", () => s.OpAsync("add", row, column));
            Assert.Equal("QUOTA_BYTES", Assert.Single(status.GetDetail<Rpc.QuotaFailure>()!.Violations).Subject);
        };
    });

    [Fact]
    public Task Tensors_quota() => CostsNothingAfterAsync(async s =>
    {
        ulong a = await s.OnesAsync(1);
        for (int i = 1; i < ServerFixture.TensorsMax; i++) await s.OpAsync("exp", a);
        return async () =>
        {
            var status = await Refusals.OfAsync(StatusCode.ResourceExhausted, "QUOTA_TENSORS", () => s.OpAsync("exp", a));
            Assert.Equal($"{ServerFixture.TensorsMax}", Refusals.InfoOf(status).Metadata["limit"]);
            await Refusals.OfAsync(StatusCode.ResourceExhausted, "QUOTA_TENSORS", () => s.OnesAsync(1));
        };
    }, probe: false);

    [Fact]
    public Task Nodes_quota() => CostsNothingAfterAsync(async s =>
    {
        ulong a = await s.OnesAsync(1, true);
        // The chain's nodes and the leaf's accumulator.
        for (int i = 1; i < ServerFixture.NodesMax; i++)
        {
            ulong next = await s.OpAsync("exp", a);
            await s.RunAsync(TestSession.Release(a));
            a = next;
        }
        return async () => await Refusals.OfAsync(StatusCode.ResourceExhausted, "QUOTA_NODES", () => s.OpAsync("exp", a));
    });

    [Fact]
    public Task Hooks_quota() => CostsNothingAfterAsync(async s =>
    {
        ulong a = await s.OnesAsync(1, true);
        var command = new Wire.Command { RegisterHook = new Wire.RegisterHook { Tensor = a, Scale = 2 } };
        for (int i = 0; i < ServerFixture.HooksMax; i++) await s.RunOneAsync(command);
        return async () => await Refusals.OfAsync(StatusCode.ResourceExhausted, "QUOTA_HOOKS", () => s.RunOneAsync(command));
    });

    [Fact]
    public Task Messages_that_are_too_large() => CostsNothingAfterAsync(async s =>
    {
        ulong a = await s.OnesAsync(ServerFixture.MessageBytesMax / 8), b = s.Next();
        await s.RunOneAsync(With(TestSession.Op("expand", b, a), "size", 3, ServerFixture.MessageBytesMax / 8));
        return async () =>
        {
            var status = await Refusals.OfAsync(StatusCode.ResourceExhausted, "QUOTA_MESSAGE_BYTES", () => s.OnesAsync(ServerFixture.MessageBytesMax / 4));
            Assert.Equal($"{ServerFixture.MessageBytesMax}", Refusals.InfoOf(status).Metadata["limit"]);
            await Refusals.OfAsync(StatusCode.ResourceExhausted, "QUOTA_MESSAGE_BYTES", () => s.ReadAsync(b));
            // In a batch the answers share one message: what fits is answered, the rest is told that it does not.
            var response = await s.RunAsync(TestSession.Read(a), TestSession.Read(a), TestSession.Read(a));
            Assert.Equal(2u, response.Failed);
            Assert.NotNull(response.Results[0].Tensor);
            Refusals.Is(StatusCode.ResourceExhausted, "QUOTA_MESSAGE_BYTES", response.Results[2].Error);
        };
    });

    [Fact]
    public Task Lists_and_names_that_are_too_long() => CostsNothingAfterAsync(async s =>
    {
        ulong a = await s.OnesAsync(1);
        return async () =>
        {
            string longName = new('x', 65);
            var operands = new Wire.ApplyOpExtra { Attributes = { Enumerable.Repeat(new Wire.OpAttribute { Name = "x" }, ServerFixture.ListLengthMax + 1) } };
            var outputs = new Wire.ApplyOpExtra { Outputs = { Enumerable.Repeat(0UL, ServerFixture.ListLengthMax + 1) } };
            await Refusals.OfFieldAsync("LIMIT_EXCEEDED", "apply_op.op", () => s.OpAsync(longName, a));
            await Refusals.OfFieldAsync("LIMIT_EXCEEDED", "apply_op.extra.attributes", () => s.RunOneAsync(new Wire.Command { ApplyOp = new Wire.ApplyOp { Op = "exp", A = a, Extra = operands } }));
            await Refusals.OfFieldAsync("LIMIT_EXCEEDED", "apply_op.extra.outputs", () => s.RunOneAsync(new Wire.Command { ApplyOp = new Wire.ApplyOp { Op = "exp", A = a, Extra = outputs } }));
            await Refusals.OfFieldAsync("LIMIT_EXCEEDED", "backward.roots", () => s.BackwardAsync([.. Enumerable.Repeat(a, ServerFixture.ListLengthMax + 1)]));
            await Refusals.OfFieldAsync("LIMIT_EXCEEDED", "commands", () => s.RunAsync([.. Enumerable.Repeat(new Wire.Command(), ServerFixture.BatchCommandsMax + 1)]));
            await Refusals.OfFieldAsync("LIMIT_EXCEEDED", "display_name", () => s.Sessions.CreateSessionAsync(new Wire.CreateSessionRequest { DisplayName = new('x', 129) }).ResponseAsync);
        };
    });

    [Fact]
    public Task Errors_stay_small_whatever_they_are_about() => CostsNothingAfterAsync(async s =>
    {
        long[] wide = [.. Enumerable.Range(0, 64).Select(_ => 1L)];
        ulong a = await s.CreateAsync([1], wide), b = await s.OnesAsync(3);
        return async () =>
        {
            long[] huge = [.. Enumerable.Range(0, 64).Select(i => i == 0 ? -1 : long.MaxValue / 3)];
            var status = await Refusals.OfAsync(() => s.CreateAsync([1], huge));
            Assert.Equal("INVALID_SHAPE", Refusals.InfoOf(status).Reason);
            await Refusals.OfAsync(() => s.RunOneAsync(With(TestSession.Op("view", 0, a), "size", huge)));
        };
    });

    internal static Wire.Command With(Wire.Command command, string name, params long[] value)
    {
        var attribute = value.Length == 1 ? new Wire.AttributeValue { IntValue = value[0] } : new Wire.AttributeValue { IntsValue = new Wire.IntList { Values = { value } } };
        (command.ApplyOp.Extra ??= new Wire.ApplyOpExtra()).Attributes.Add(new Wire.OpAttribute { Name = name, Value = attribute });
        return command;
    }

    private static Wire.Command With(Wire.Command command, string name, string value)
    {
        (command.ApplyOp.Extra ??= new Wire.ApplyOpExtra()).Attributes.Add(new Wire.OpAttribute { Name = name, Value = new Wire.AttributeValue { StringValue = value } });
        return command;
    }

    private Task CostsNothingAsync(Func<TestSession, Task> refused) => CostsNothingAfterAsync(s => Task.FromResult(() => refused(s)));

    // Prepares, refuses, and sees that the session holds what it held before and still works.
    private async Task CostsNothingAfterAsync(Func<TestSession, Task<Func<Task>>> prepare, bool probe = true)
    {
        var session = await fixture.SessionAsync();
        var refused = await prepare(session);
        var before = await session.UsageAsync();
        await refused();
        var after = await session.UsageAsync();
        Assert.Equal((before.Bytes, before.Tensors, before.Nodes, before.Hooks), (after.Bytes, after.Tensors, after.Nodes, after.Hooks));
        Assert.Equal((0UL, 0UL), (after.QueuedBytes, after.QueuedCommands));
        if (!probe) return;
        ulong a = await session.OnesAsync(2);
        float[] twos = [2, 2];
        Assert.Equal(twos, await session.ReadAsync(await session.OpAsync("add", a, a)));
    }
}
