using System.Runtime.InteropServices;
using AutogradService.Testing;
using Google.Protobuf;
using Grpc.Core;
using static AutogradService.Server.Tests.TestFunctions;

namespace AutogradService.Server.Tests;

/// <summary>FunctionService over the wire: identity, ownership, calls, streams, refusals, limits.</summary>
public sealed class FunctionTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private Wire.FunctionService.FunctionServiceClient Functions => new(fixture.Server.Channel);

    private static float[] Floats(Wire.TensorData data) => TestSession.Floats(data);

    private async Task<string> RegisterAsync(Wire.Function function) => (await Functions.RegisterFunctionAsync(new Wire.RegisterFunctionRequest { Function = function })).Function.FunctionId;

    private async Task<Wire.FunctionAnswer> CallAsync(Wire.FunctionCall call) => (await Functions.CallFunctionAsync(new Wire.CallFunctionRequest { Call = call })).Answer;

    [Fact]
    public async Task The_same_function_however_it_is_written_down_has_one_id()
    {
        string id = await RegisterAsync(Weighted());
        Assert.Matches("^[0-9a-f]{64}$", id);
        Assert.Equal(id, await RegisterAsync(Weighted("another name", first: 100, asOperands: true)));
        Assert.NotEqual(id, await RegisterAsync(Weighted(dtype: Wire.DataType.Float64)));
        var described = (await Functions.GetFunctionAsync(new Wire.GetFunctionRequest { Function = id })).Function;
        Assert.Equal(("another name", 2u), (described.DisplayName, described.Steps));
        Assert.Equal(["x", "w"], described.Parameters.Select(p => p.Name));
        Assert.Equal(id, (await Functions.GetFunctionAsync(new Wire.GetFunctionRequest { Function = "another name" })).Function.FunctionId);
    }

    [Fact]
    public async Task One_call_brings_values_and_every_derivative()
    {
        string id = await RegisterAsync(Weighted());
        var answer = await CallAsync(new Wire.FunctionCall
        {
            Function = id,
            Wanted = new Wire.Wanted { Value = true, Grad = { "w", "x" }, Vjp = { "w" }, Jvp = { "x" }, Hvp = { "x", "w" } },
            Inputs = { Bytes(1, 2, 3, 4), Bytes(5, 6) },
            Cotangents = { Bytes(0), Bytes(1, 0, 0, 1) },
            Tangents = { Bytes(1, 1, 0, 0) },
            Vectors = { Bytes(0, 0, 1, 0), Bytes(2, 3) },
        });
        Assert.Equal(
            [
                [5 + 12 + 15 + 24], [5, 12, 15, 24], // values
                [4, 6], [5, 6, 5, 6], // gradients of the sum
                [1, 4], // cotangents times the Jacobian
                [11], [5, 6, 0, 0], // the Jacobian times the tangent, by result
                [2, 3, 2, 3], [1, 0], // the Hessian times the vectors
            ], answer.Values.Select(Floats));
        Assert.Equal([2L, 2], answer.Values[1].Shape);
        Assert.Empty(answer.Values[0].Shape);
    }

    [Fact]
    public async Task Tensors_of_a_session_are_given_and_made_by_handle()
    {
        string id = await RegisterAsync(Weighted());
        var s = await fixture.SessionAsync();
        ulong x = await s.CreateAsync([1, 2, 3, 4, 5, 6], [3, 2]), t = await s.OpAsync("t", await s.CreateAsync([7, 9], [2, 1])), w = await s.CreateAsync([2, 3], [2], true);
        Assert.Equal(new float[] { 7, 9 }, await s.ReadAsync(t));
        var call = new Wire.FunctionCall { Function = id, SessionId = s.Id, Wanted = new Wire.Wanted { Value = true, Grad = { "w" } }, Inputs = { new Wire.Argument { Handle = x }, new Wire.Argument { Handle = w } }, Out = { 0, 500, 501 } };
        var answer = await CallAsync(call);
        Assert.Equal(new float[] { 9 * 2 + 12 * 3 }, Floats(Assert.Single(answer.Values)));
        Assert.Equal([500UL, 501], answer.Bound.Select(b => b.Handle));
        Assert.Equal(new float[] { 9, 12 }, await s.ReadAsync(501));
        Assert.Equal(new float[] { 2, 6, 6, 12, 10, 18 }, await s.ReadAsync(500));
        var usage = await s.UsageAsync();
        await Refusals.OfAsync(StatusCode.AlreadyExists, "HANDLE_IN_USE", () => CallAsync(call));
        call.Out[1] = 502;
        call.Out[2] = 502;
        await Refusals.OfFieldAsync("INVALID_FIELD", "call.out", () => CallAsync(call));
        call.Out.Clear();
        call.Inputs[0].Handle = t; // a view that is not row-major
        Assert.Equal(new float[] { 7 * 2 + 9 * 3 }, Floats((await CallAsync(call)).Values[0]));
        call.Inputs[0].Handle = w;
        await Refusals.OfAsync(StatusCode.InvalidArgument, "SHAPE_MISMATCH", () => CallAsync(call));
        call.Inputs[0].Handle = 999;
        await Refusals.OfAsync(StatusCode.NotFound, "TENSOR_NOT_FOUND", () => CallAsync(call));
        call.SessionId = "";
        await Refusals.OfFieldAsync("INVALID_FIELD", "call.inputs.handle", () => CallAsync(call));
        var after = await s.UsageAsync();
        Assert.Equal((usage.Bytes, usage.Tensors), (after.Bytes, after.Tensors));
    }

    [Fact]
    public async Task An_update_changes_parameters_in_place_and_uses_the_gradients_up()
    {
        string id = await RegisterAsync(Weighted());
        var s = await fixture.SessionAsync();
        ulong w = await s.CreateAsync([2, 3], [2], true);
        var call = new Wire.FunctionCall
        {
            Function = id,
            SessionId = s.Id,
            Wanted = new Wire.Wanted { Value = true, Grad = { "w" } },
            Inputs = { Bytes(1, 2, 3, 4), new Wire.Argument { Handle = w } },
            Update = new Wire.Update { Optimizer = new Wire.Optimizer { Sgd = new Wire.Sgd { Lr = 0.5, Momentum = 0.5 } }, State = new Wire.OptimizerState { Step = 90, Tensors = { 91 } }, Clipping = new Wire.GradientClipping { Norm = 100 } },
        };
        var answer = await CallAsync(call);
        Assert.Equal(2, answer.Values.Count);
        Assert.Equal(Math.Sqrt(16 + 36), answer.GradientNorm, 1e-6);
        Assert.Equal(new float[] { 0, 0 }, await s.ReadAsync(w)); // 2 - 0.5 * 4, 3 - 0.5 * 6
        await CallAsync(call);
        Assert.Equal(new float[] { -3, -4.5f }, await s.ReadAsync(w)); // the direction is 0.5 * 4 + 4
        Assert.Equal(new float[] { 6, 9 }, await s.ReadAsync(91));
        Assert.Equal(new float[] { 2 }, await s.ReadAsync(90));
        call.Inputs[1] = Bytes(2, 3);
        await Refusals.OfFieldAsync("INVALID_FIELD", "call.update", () => CallAsync(call));
        call.Inputs[1] = new Wire.Argument { Handle = w };
        call.Update.State.Tensors.Add(92);
        await Refusals.OfFieldAsync("INVALID_FIELD", "call.update.state.tensors", () => CallAsync(call));
        call.Update.State.Tensors.RemoveAt(1);
        call.Update.Optimizer.Sgd.Lr = -1;
        await Refusals.OfFieldAsync("INVALID_FIELD", "call.update.optimizer.sgd.lr", () => CallAsync(call));
        Assert.Equal(new float[] { -3, -4.5f }, await s.ReadAsync(w));
    }

    [Fact]
    public async Task A_stream_answers_in_order_and_a_failed_call_does_not_end_it()
    {
        string id = await RegisterAsync(Weighted());
        using var stream = Functions.CallFunctions();
        var first = new Wire.FunctionCall { Function = id, Wanted = new Wire.Wanted { Grad = { "w" } }, Inputs = { Bytes(1, 2), Bytes(1, 1) } };
        await stream.RequestStream.WriteAsync(new Wire.CallFunctionsRequest { Calls = { first, new Wire.FunctionCall { Inputs = { Bytes(1, 2, 3, 4), Bytes(1, 1) } } } });
        await stream.RequestStream.WriteAsync(new Wire.CallFunctionsRequest { Calls = { new Wire.FunctionCall { Inputs = { Bytes(1, 2, 3), Bytes(1, 1) } }, new Wire.FunctionCall { Inputs = { Bytes(5, 6), Bytes(1, 1) } } } });
        for (int i = 0; i < 300; i++) await stream.RequestStream.WriteAsync(new Wire.CallFunctionsRequest { Calls = { new Wire.FunctionCall { Inputs = { Bytes(i, -i), Bytes(1, 1) } } } });
        await stream.RequestStream.CompleteAsync();
        var outcomes = new List<Wire.FunctionOutcome>();
        while (await stream.ResponseStream.MoveNext(CancellationToken.None)) outcomes.AddRange(stream.ResponseStream.Current.Outcomes);
        Assert.Equal(304, outcomes.Count);
        Assert.Equal(new float[] { 1, 2 }, Floats(outcomes[0].Answer.Values[0]));
        Assert.Equal(new float[] { 4, 6 }, Floats(outcomes[1].Answer.Values[0]));
        Refusals.Is(StatusCode.InvalidArgument, "PAYLOAD_SIZE_MISMATCH", outcomes[2].Error);
        Assert.Equal(new float[] { 5, 6 }, Floats(outcomes[3].Answer.Values[0]));
        for (int i = 0; i < 300; i++) Assert.Equal(new float[] { i, -i }, Floats(outcomes[4 + i].Answer.Values[0]));
    }

    [Fact]
    public async Task A_stream_that_names_no_function_is_told_so()
    {
        using var stream = Functions.CallFunctions();
        await stream.RequestStream.WriteAsync(new Wire.CallFunctionsRequest { Calls = { new Wire.FunctionCall(), new Wire.FunctionCall { Function = "none" } } });
        await stream.RequestStream.CompleteAsync();
        var outcomes = new List<Wire.FunctionOutcome>();
        while (await stream.ResponseStream.MoveNext(CancellationToken.None)) outcomes.AddRange(stream.ResponseStream.Current.Outcomes);
        Refusals.Is(StatusCode.InvalidArgument, "INVALID_FIELD", outcomes[0].Error);
        Refusals.Is(StatusCode.NotFound, "FUNCTION_NOT_FOUND", outcomes[1].Error);
    }

    [Fact]
    public async Task Calls_that_do_not_fit_are_refused()
    {
        string id = await RegisterAsync(Weighted());
        await Refusals.OfAsync(StatusCode.NotFound, "FUNCTION_NOT_FOUND", () => CallAsync(new Wire.FunctionCall { Function = new string('0', 64) }));
        await Refusals.OfFieldAsync("INVALID_FIELD", "call.function", () => CallAsync(new Wire.FunctionCall()));
        await Refusals.OfFieldAsync("INVALID_FIELD", "call", () => Functions.CallFunctionAsync(new Wire.CallFunctionRequest()).ResponseAsync);
        await RefusedAsync("INVALID_FIELD", "call.inputs", c => c.Inputs.RemoveAt(1));
        await RefusedAsync("INVALID_FIELD", "call.inputs.dtype", c => c.Inputs[0].Dtype = Wire.DataType.Float64);
        await RefusedAsync("INVALID_FIELD", "wanted.grad", c => c.Wanted = new Wire.Wanted { Grad = { "y" } });
        await RefusedAsync("INVALID_FIELD", "wanted.grad", c => c.Wanted = new Wire.Wanted { Grad = { "x", "x" } });
        await RefusedAsync("INVALID_FIELD", "call.cotangents", c => c.Wanted = new Wire.Wanted { Vjp = { "x" } });
        await RefusedAsync("INVALID_FIELD", "call.tangents", c => c.Wanted = new Wire.Wanted { Jvp = { "x" } });
        await RefusedAsync("INVALID_FIELD", "call.vectors", c => c.Vectors.Add(Bytes(1)));
        await RefusedAsync("INVALID_FIELD", "call.out", c => c.Out.Add(7));
        await RefusedAsync("INVALID_FIELD", "call.update", c => c.Update = new Wire.Update());
        await RefusedAsync("PAYLOAD_SIZE_MISMATCH", null, c => c.Inputs[1] = Bytes(1, 2, 3));
        await RefusedAsync("PAYLOAD_SIZE_MISMATCH", null, c => c.Inputs[0].Shape.Add([3, 2]));
        await RefusedAsync("SHAPE_MISMATCH", null, c => c.Inputs[0].Shape.Add([4]));
        await RefusedAsync("INVALID_SHAPE", null, c => c.Inputs[0].Shape.Add([-2, -2]));
        await RefusedAsync("INVALID_SHAPE", null, c => c.Inputs[0].Shape.Add(Enumerable.Repeat(1L, 65)));
        var bools = Of("logical_not", 2);
        bools.Parameters[0].Dtype = Wire.DataType.Bool;
        await Refusals.OfFieldAsync("INVALID_FIELD", "call.inputs", () => CallFirstAsync(bools, new Wire.Argument { Data = ByteString.CopyFrom(1, 2) }));
        // Nothing is too strange for the parser: it is refused, and the next call works.
        var malformed = new Method<byte[], byte[]>(MethodType.Unary, "autograd.v1.FunctionService", "CallFunction", Marshallers.Create(static b => b, static b => b), Marshallers.Create(static b => b, static b => b));
        foreach (byte[] bytes in new byte[][] { [0x0a, 0x7f, 1], [0x0a, 2, 0x22, 9], [0x0f], [0x0a, 3, 0x12, 1, 0xff], [0x0a, 4, 0x22, 2, 0x08, 0x80] })
            await Refusals.OfAsync(() => fixture.Server.Channel.CreateCallInvoker().AsyncUnaryCall(malformed, null, default, bytes).ResponseAsync);
        Assert.Equal(2, (await CallAsync(Good())).Values.Count);

        Wire.FunctionCall Good() => new() { Function = id, Inputs = { Bytes(1, 2, 3, 4), Bytes(5, 6) } };
        async Task RefusedAsync(string reason, string? field, Action<Wire.FunctionCall> change)
        {
            var call = Good();
            change(call);
            if (field is null) await Refusals.OfAsync(StatusCode.InvalidArgument, reason, () => CallAsync(call));
            else await Refusals.OfFieldAsync(reason, field, () => CallAsync(call));
        }
    }

    [Fact]
    public async Task What_is_no_function_is_refused_when_it_is_registered()
    {
        await RefusedAsync("function.results", f => f.Results.Clear());
        await RefusedAsync("function.results.handle", f => f.Results[0].Handle = 77);
        await RefusedAsync("function.results.name", f => f.Results[1].Name = "loss");
        await RefusedAsync("function.parameters.name", f => f.Parameters[0].Name = "w");
        await RefusedAsync("function.parameters.name", f => f.Parameters[0].Name = "1x");
        await RefusedAsync("function.parameters.handle", f => f.Parameters[0].Handle = 0);
        await RefusedAsync("function.parameters.dtype", f => f.Parameters[0].Dtype = Wire.DataType.Unspecified);
        await RefusedAsync("function.parameters.shape.size", f => f.Parameters[0].Shape[0] = new Wire.Dimension());
        await RefusedAsync("function.parameters.shape.symbol", f => f.Parameters[0].Shape[0] = new Wire.Dimension { Symbol = "" });
        await RefusedAsync("function.steps.apply_op", f => f.Steps[0].ApplyOp = null);
        await RefusedAsync("function.steps.apply_op.a", f => f.Steps[0].ApplyOp.A = 50);
        await RefusedAsync("function.steps.apply_op.out", f => f.Steps[1].ApplyOp.Out = 8);
        await RefusedAsync("function.steps.apply_op.in_place", f => f.Steps[0].ApplyOp = new Wire.ApplyOp { Op = "neg", A = 1, InPlace = true });
        await Refusals.OfFieldAsync("INVALID_FIELD", "function", () => Functions.RegisterFunctionAsync(new Wire.RegisterFunctionRequest()).ResponseAsync);
        await Refusals.OfFieldAsync("LIMIT_EXCEEDED", "function.display_name", () => RegisterAsync(Weighted(new string('n', 129))));
        await Refusals.OfAsync(StatusCode.Unimplemented, "OP_UNSUPPORTED", () => RegisterAsync(Of("nonsense", 2)));

        Task RefusedAsync(string field, Action<Wire.Function> change)
        {
            var function = Weighted();
            change(function);
            return Refusals.OfFieldAsync("INVALID_FIELD", field, () => RegisterAsync(function));
        }
    }

    [Fact]
    public async Task What_depends_on_values_or_has_no_single_element_is_refused_by_its_reason()
    {
        await Refusals.OfAsync(StatusCode.InvalidArgument, "VALUE_DEPENDENT", () => CallFirstAsync(Of("nonzero", 3), Bytes(1, 0, 2)));
        string id = await RegisterAsync(Of("exp", 2));
        await Refusals.OfAsync(StatusCode.InvalidArgument, "GRAD_OUTPUT_REQUIRED", () => CallAsync(new Wire.FunctionCall { Function = id, Wanted = new Wire.Wanted { Grad = { "x" } }, Inputs = { Bytes(1, 2) } }));
        // What its ops refuse for a shape is refused before anything runs.
        await Refusals.OfAsync(StatusCode.InvalidArgument, "SHAPE_MISMATCH", () => CallFirstAsync(Of("det", 2, 3), Bytes(1, 2, 3, 4, 5, 6)));
    }

    [Fact]
    public async Task Costs_are_told_and_plans_are_printed_without_running()
    {
        string id = await RegisterAsync(Weighted());
        var plan = new Wire.PlanRequest { Sizes = { new Wire.SymbolSize { Symbol = "n", Size = 1000 } }, Wanted = new Wire.Wanted { Value = true, Grad = { "w" } } };
        var estimate = await Functions.EstimateCostAsync(new Wire.EstimateCostRequest { Function = id, Plan = plan });
        Assert.InRange(estimate.Cost.Flops, 4000, 100_000);
        Assert.True(estimate.Cost.Bytes > 8000 && estimate.Cost.Steps > 0 && estimate.Cost.Time.ToTimeSpan() > TimeSpan.Zero);
        Assert.Equal([4UL, 8000, 8], estimate.Results.Select(r => r.TotalBytes));
        Assert.Equal(estimate, await Functions.EstimateCostAsync(new Wire.EstimateCostRequest { Definition = Weighted(), Plan = plan }));
        var described = (await Functions.GetFunctionAsync(new Wire.GetFunctionRequest { Function = id, Plan = plan })).Plan;
        Assert.Contains("mul", described.Recorded, StringComparison.Ordinal);
        Assert.Contains("digraph", described.OptimizedDot, StringComparison.Ordinal);
        Assert.Equal(estimate.Cost, described.Cost);
        await Refusals.OfFieldAsync("INVALID_FIELD", "plan.sizes", () => Functions.EstimateCostAsync(new Wire.EstimateCostRequest { Function = id }).ResponseAsync);
        await Refusals.OfFieldAsync("INVALID_FIELD", "subject", () => Functions.EstimateCostAsync(new Wire.EstimateCostRequest()).ResponseAsync);
    }

    [Fact]
    public async Task A_batch_of_commands_is_estimated_and_changes_nothing()
    {
        var s = await fixture.SessionAsync();
        ulong x = await s.CreateAsync([1, 2, 3, 4], [2, 2], true);
        var before = await s.UsageAsync();
        var batch = new Wire.CommandBatch
        {
            SessionId = s.Id,
            Commands =
            {
                TestSession.Create(70, [1, 2, 3, 4], [2, 2]), TestSession.Op("matmul", 71, x, 70), TestSession.Op("sum", 72, 71),
                new Wire.Command { Backward = new Wire.Backward { Roots = { 72 } } }, TestSession.Read(72), TestSession.Release(71),
            },
        };
        var estimate = await Functions.EstimateCostAsync(new Wire.EstimateCostRequest { Commands = batch });
        Assert.InRange(estimate.Cost.Flops, 16, 1000);
        Assert.Equal([16UL, 4], estimate.Results.Select(r => r.TotalBytes));
        batch.Commands.Add(new Wire.Command { DetachInPlace = new Wire.DetachInPlace { Tensor = x } });
        await Refusals.OfAsync(StatusCode.Unimplemented, "FEATURE_UNSUPPORTED", () => Functions.EstimateCostAsync(new Wire.EstimateCostRequest { Commands = batch }).ResponseAsync);
        var after = await s.UsageAsync();
        Assert.Equal((before.Bytes, before.Tensors, before.Nodes), (after.Bytes, after.Tensors, after.Nodes));
        Assert.Null(await s.GradAsync(x));
    }

    [Fact]
    public async Task Random_numbers_follow_the_seed()
    {
        var dropout = Of("dropout", 64);
        dropout.Steps[0].ApplyOp.Extra = new Wire.ApplyOpExtra { Attributes = { new Wire.OpAttribute { Name = "p", Value = new Wire.AttributeValue { FloatValue = 0.5 } } } };
        string id = await RegisterAsync(dropout);
        float[] ones = [.. Enumerable.Repeat(1f, 64)];
        async Task<float[]> RunAsync(ulong? seed)
        {
            var call = new Wire.FunctionCall { Function = id, Inputs = { Bytes(ones) } };
            if (seed is { } s) call.Seed = s;
            return Floats((await CallAsync(call)).Values[0]);
        }
        float[] first = await RunAsync(3);
        Assert.NotEqual(first, await RunAsync(null));
        Assert.NotEqual(first, await RunAsync(4));
        Assert.Equal(first, await RunAsync(3));
    }

    [Fact]
    public async Task A_function_is_kept_as_long_as_anybody_has_it_and_nobody_else_sees_it()
    {
        await using var server = await RunningServer.StartAsync(null, [.. TestKeys.Settings("alice", "bob"), "Functions:PrincipalFunctionsMax=2", "Functions:FunctionBytesMax=200"]);
        var functions = new Wire.FunctionService.FunctionServiceClient(server.Channel);
        Metadata alice = TestKeys.Header("alice"), bob = TestKeys.Header("bob");
        async Task<string> RegisterAsync(Wire.Function f, Metadata who) => (await functions.RegisterFunctionAsync(new Wire.RegisterFunctionRequest { Function = f }, who)).Function.FunctionId;
        Task CallAsync(string id, Metadata who) => functions.CallFunctionAsync(new Wire.CallFunctionRequest { Call = new Wire.FunctionCall { Function = id, Inputs = { Bytes(1, 2) } } }, who).ResponseAsync;
        async Task<int> CountAsync(Metadata who) => (await functions.ListFunctionsAsync(new Wire.ListFunctionsRequest(), who)).Functions.Count;

        string id = await RegisterAsync(Of("exp", 2), alice);
        await CallAsync(id, alice);
        await Refusals.OfAsync(StatusCode.NotFound, "FUNCTION_NOT_FOUND", () => CallAsync(id, bob));
        Assert.Equal(id, await RegisterAsync(Of("exp", 2), bob));
        await CallAsync(id, bob);
        await functions.DeleteFunctionAsync(new Wire.DeleteFunctionRequest { Function = id }, alice);
        await Refusals.OfAsync(StatusCode.NotFound, "FUNCTION_NOT_FOUND", () => CallAsync(id, alice));
        await Refusals.OfAsync(StatusCode.NotFound, "FUNCTION_NOT_FOUND", () => functions.DeleteFunctionAsync(new Wire.DeleteFunctionRequest { Function = id }, alice).ResponseAsync);
        await CallAsync(id, bob);
        Assert.Equal((0, 1), (await CountAsync(alice), await CountAsync(bob)));

        await RegisterAsync(Of("sin", 2), alice);
        await RegisterAsync(Of("cos", 2), alice);
        await RegisterAsync(Of("cos", 2), alice); // again: no further one
        await Refusals.OfAsync(StatusCode.ResourceExhausted, "QUOTA_FUNCTIONS", () => RegisterAsync(Of("tan", 2), alice));
        await RegisterAsync(Of("tan", 2), bob);
        await Refusals.OfAsync(StatusCode.ResourceExhausted, "QUOTA_FUNCTIONS", () => RegisterAsync(Of("exp", [.. Enumerable.Repeat(1L, 60)]), bob));
        var page = await functions.ListFunctionsAsync(new Wire.ListFunctionsRequest { PageSize = 1 }, alice);
        var rest = await functions.ListFunctionsAsync(new Wire.ListFunctionsRequest { PageSize = 1, PageToken = page.NextPageToken }, alice);
        Assert.True(string.CompareOrdinal(Assert.Single(page.Functions).FunctionId, Assert.Single(rest.Functions).FunctionId) < 0);
        Assert.Equal("", rest.NextPageToken);
    }

    [Fact]
    public async Task A_call_that_would_take_too_much_is_refused_with_the_estimate()
    {
        await using var server = await RunningServer.StartAsync(null, "Functions:CallFlopsMax=1000", "Functions:CallMemoryBytesMax=1048576");
        var functions = new Wire.FunctionService.FunctionServiceClient(server.Channel);
        async Task CallAsync(Wire.Function f, int floats)
        {
            var id = (await functions.RegisterFunctionAsync(new Wire.RegisterFunctionRequest { Function = f })).Function.FunctionId;
            await functions.CallFunctionAsync(new Wire.CallFunctionRequest { Call = new Wire.FunctionCall { Function = id, Inputs = { Bytes(new float[floats]) } } });
        }
        await CallAsync(Of("exp", 10), 10);
        var square = Of("matmul", 100, 100);
        square.Steps[0].ApplyOp.B = 1;
        var status = await Refusals.OfAsync(StatusCode.ResourceExhausted, "COST_TOO_HIGH", () => CallAsync(square, 10_000));
        var metadata = Refusals.InfoOf(status).Metadata;
        Assert.True(long.Parse(metadata["flops"], System.Globalization.CultureInfo.InvariantCulture) > 1000);
        Assert.Equal(("flops", "1000"), (metadata["which"], metadata["limit"]));
        Assert.All(new[] { "bytes", "memory_bytes", "predicted_ms" }, key => Assert.Contains(key, metadata.Keys));
        var expanded = Of("expand", 1);
        expanded.Steps[0].ApplyOp.Extra = new Wire.ApplyOpExtra { Attributes = { new Wire.OpAttribute { Name = "size", Value = new Wire.AttributeValue { IntsValue = new Wire.IntList { Values = { 1L << 40 } } } } } };
        expanded.Steps.Add(new Wire.SegmentStep { ApplyOp = new Wire.ApplyOp { Op = "cumsum", A = 2, Out = 3, Extra = new Wire.ApplyOpExtra { Attributes = { new Wire.OpAttribute { Name = "dim", Value = new Wire.AttributeValue { IntValue = 0 } } } } } });
        expanded.Results[0].Handle = 3;
        await Refusals.OfAsync(StatusCode.ResourceExhausted, "COST_TOO_HIGH", () => CallAsync(expanded, 1));
    }

    [Fact]
    public async Task A_cancelled_call_and_a_deleted_function_give_their_memory_back()
    {
        // Room for one run at a time: a run whose memory is not given back leaves none for the next.
        await using var server = await RunningServer.StartAsync(null, "Limits:ServerBytesMax=50331648", "Functions:RunsKept=1");
        var functions = new Wire.FunctionService.FunctionServiceClient(server.Channel);
        const int size = 1500;
        var function = Of("matmul", size, size);
        function.Steps[0].ApplyOp.B = 1;
        for (ulong i = 2; i < 60; i++) function.Steps.Add(new Wire.SegmentStep { ApplyOp = new Wire.ApplyOp { Op = "matmul", A = i, B = 1, Out = i + 1 } });
        function.Steps.Add(new Wire.SegmentStep { ApplyOp = new Wire.ApplyOp { Op = "sum", A = 60, Out = 61 } });
        function.Results[0].Handle = 61;
        string id = (await functions.RegisterFunctionAsync(new Wire.RegisterFunctionRequest { Function = function })).Function.FunctionId;
        var request = new Wire.CallFunctionRequest { Call = new Wire.FunctionCall { Function = id, Inputs = { Bytes(new float[size * size]) } } };
        for (int i = 0, attempts = 0; i < 3; attempts++)
        {
            using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(60));
            var e = await Assert.ThrowsAsync<RpcException>(() => functions.CallFunctionAsync(request, cancellationToken: cancellation.Token).ResponseAsync);
            // The run before may not have noticed yet.
            if (e.StatusCode == StatusCode.ResourceExhausted && attempts < 200)
            {
                await Task.Delay(20, TestContext.Current.CancellationToken);
                continue;
            }
            Assert.Equal(StatusCode.Cancelled, e.StatusCode);
            i++;
        }
        // The last run may take a moment to notice; then there is room again, and the deadline is what ends this one.
        var codes = new List<StatusCode>();
        for (int attempt = 0; attempt < 200 && (codes.Count == 0 || codes[^1] == StatusCode.ResourceExhausted); attempt++)
        {
            var e = await Assert.ThrowsAsync<RpcException>(() => functions.CallFunctionAsync(request, deadline: DateTime.UtcNow.AddMilliseconds(100)).ResponseAsync);
            codes.Add(e.StatusCode);
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
        Assert.Equal(StatusCode.DeadlineExceeded, codes[^1]);
        await functions.DeleteFunctionAsync(new Wire.DeleteFunctionRequest { Function = id });
        // Nearly all memory is free again as soon as the last run has noticed.
        var big = Of("cumsum", 5_000_000);
        big.Steps[0].ApplyOp.Extra = new Wire.ApplyOpExtra { Attributes = { new Wire.OpAttribute { Name = "dim", Value = new Wire.AttributeValue { IntValue = 0 } } } };
        big.Parameters[0].Shape[0].Fixed = 1;
        big.Steps.Insert(0, new Wire.SegmentStep { ApplyOp = new Wire.ApplyOp { Op = "expand", A = 1, Out = 9, Extra = new Wire.ApplyOpExtra { Attributes = { new Wire.OpAttribute { Name = "size", Value = new Wire.AttributeValue { IntsValue = new Wire.IntList { Values = { 5_000_000 } } } } } } } });
        big.Steps[1].ApplyOp.A = 9;
        big.Steps.Add(new Wire.SegmentStep { ApplyOp = new Wire.ApplyOp { Op = "amax", A = 2, Out = 10 } });
        big.Results[0].Handle = 10;
        string bigId = (await functions.RegisterFunctionAsync(new Wire.RegisterFunctionRequest { Function = big })).Function.FunctionId;
        float[]? answer = null;
        for (int attempt = 0; answer is null; attempt++)
        {
            try
            {
                answer = Floats((await functions.CallFunctionAsync(new Wire.CallFunctionRequest { Call = new Wire.FunctionCall { Function = bigId, Inputs = { Bytes(1) } } })).Answer.Values[0]);
            }
            catch (RpcException e) when (e.StatusCode == StatusCode.ResourceExhausted && attempt < 200)
            {
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }
        }
        Assert.Equal(5_000_000, Assert.Single(answer), 1.0);
    }

    [Fact]
    public async Task Plans_give_way_by_age_and_functions_go_on_working()
    {
        await using var server = await RunningServer.StartAsync(null, "Functions:PlansMax=2");
        var functions = new Wire.FunctionService.FunctionServiceClient(server.Channel);
        string id = (await functions.RegisterFunctionAsync(new Wire.RegisterFunctionRequest { Function = Weighted() })).Function.FunctionId;
        await Task.WhenAll(Enumerable.Range(0, 40).Select(async i =>
        {
            var call = new Wire.FunctionCall { Function = id, Inputs = { Bytes([.. Enumerable.Repeat(1f, 2 * (i % 8))]), Bytes(3, 4) } };
            Assert.Equal(new float[] { 7f * (i % 8) }, Floats((await functions.CallFunctionAsync(new Wire.CallFunctionRequest { Call = call })).Answer.Values[0]));
        }));
    }

    private async Task CallFirstAsync(Wire.Function function, Wire.Argument input)
    {
        string id = await RegisterAsync(function);
        await CallAsync(new Wire.FunctionCall { Function = id, Inputs = { input } });
    }
}
