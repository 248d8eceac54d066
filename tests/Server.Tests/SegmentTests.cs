using Grpc.Core;

namespace AutogradService.Server.Tests;

/// <summary>Segments over the wire: what they may hold, and that a refused one leaves nothing behind.</summary>
public sealed class SegmentTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private static Wire.Segment Square() => new() { Parameters = { 1 }, Steps = { Step("mul", 1, 1, 2) }, Results = { 2 } };

    private static Wire.SegmentStep Step(string op, ulong a, ulong b, ulong output, bool inPlace = false) => new() { ApplyOp = new Wire.ApplyOp { Op = op, A = a, B = b, Out = output, InPlace = inPlace } };

    [Fact]
    public async Task Names_of_a_segment_hide_handles_of_the_session_and_the_rest_is_captured()
    {
        var s = await fixture.SessionAsync();
        await s.CreateAsync([100], [1]); // handle 1, say, of the session: hidden by the parameter
        ulong x = await s.CreateAsync([3], [1], true), w = await s.CreateAsync([10], [1], true);
        var segment = new Wire.Segment { Parameters = { 1 }, Steps = { Step("mul", 1, 1, 1002), Step("mul", 1002, w, 1003) }, Results = { 1003 } };
        var made = await s.RunOneAsync(new Wire.Command { WantResult = true, Checkpoint = new Wire.Checkpoint { Segment = segment, Inputs = { x } } });
        ulong y = made.Outputs.Tensors[0].Handle;
        await s.BackwardAsync(y);
        Assert.Equal(new float[] { 60 }, await s.GradAsync(x));
        Assert.Equal(new float[] { 9 }, await s.GradAsync(w));
        await Refusals.OfAsync(StatusCode.NotFound, "TENSOR_NOT_FOUND", () => s.ReadAsync(1003)); // names stay inside
    }

    [Fact]
    public async Task Differentiate_and_check_gradients_have_calls_of_their_own()
    {
        var s = await fixture.SessionAsync();
        ulong x = await s.CreateAsync([3, 4], [2], true);
        var jacobian = await s.Autograd.DifferentiateAsync(new Wire.DifferentiateRequest { SessionId = s.Id, Differentiate = new Wire.Differentiate { Segment = Square(), Inputs = { x }, Derivative = Wire.Derivative.Jacobian, Out = { 70 } } });
        Assert.Equal(70UL, Assert.Single(jacobian.Outputs).Handle);
        Assert.Equal(new float[] { 6, 0, 0, 8 }, await s.ReadAsync(70));
        // float32 inputs: rounding fails the default tolerance, as in PyTorch; a larger step passes.
        var check = new Wire.CheckGradients { Segment = Square(), Inputs = { x } };
        Assert.False((await s.Autograd.CheckGradientsAsync(new Wire.CheckGradientsRequest { SessionId = s.Id, CheckGradients = check })).GradientCheck.Passed);
        check.Eps = 0.125;
        Assert.True((await s.Autograd.CheckGradientsAsync(new Wire.CheckGradientsRequest { SessionId = s.Id, CheckGradients = check })).GradientCheck.Passed);
    }

    [Fact]
    public async Task Bad_segments_are_refused_by_field_and_leave_nothing()
    {
        var s = await fixture.SessionAsync();
        ulong x = await s.CreateAsync([3], [1], true);
        var before = await s.UsageAsync();
        await RefusedAsync("checkpoint.segment", null);
        await RefusedAsync("checkpoint.segment.results", new Wire.Segment { Parameters = { 1 } });
        await RefusedAsync("checkpoint.segment.parameters", new Wire.Segment { Parameters = { 1, 1 }, Results = { 1 } });
        await RefusedAsync("checkpoint.segment.parameters", new Wire.Segment { Parameters = { 0 }, Results = { x } });
        await RefusedAsync("checkpoint.segment.steps.apply_op.out", new Wire.Segment { Parameters = { 1 }, Steps = { Step("mul", 1, 1, 1) }, Results = { 1 } });
        await RefusedAsync("checkpoint.segment.steps.apply_op.in_place", new Wire.Segment { Parameters = { 1 }, Steps = { Step("mul", 1, 1, 0, inPlace: true) }, Results = { 1 } });
        await RefusedAsync("checkpoint.inputs", new Wire.Segment { Parameters = { 1, 2 }, Results = { 1 } });
        var view = new Wire.Segment { Parameters = { 1 }, Steps = { Step("t", 1, 0, 2), Step("neg", 2, 0, 0, inPlace: true) }, Results = { 2 } };
        await RefusedAsync("segment.steps.apply_op.in_place", view);
        await Refusals.OfAsync(StatusCode.Unimplemented, "OP_UNSUPPORTED", () => s.RunOneAsync(new Wire.Command { Checkpoint = new Wire.Checkpoint { Segment = new Wire.Segment { Parameters = { 1 }, Steps = { Step("nonsense", 1, 0, 2) }, Results = { 2 } }, Inputs = { x } } }));
        await Refusals.OfAsync(StatusCode.NotFound, "TENSOR_NOT_FOUND", () => s.RunOneAsync(new Wire.Command { Checkpoint = new Wire.Checkpoint { Segment = new Wire.Segment { Results = { 123456 } } } }));
        await Refusals.OfFieldAsync("INVALID_FIELD", "differentiate.derivative", () => s.RunOneAsync(new Wire.Command { Differentiate = new Wire.Differentiate { Segment = Square(), Inputs = { x } } }));
        await Refusals.OfFieldAsync("INVALID_FIELD", "check_gradients.eps", () => s.RunOneAsync(new Wire.Command { CheckGradients = new Wire.CheckGradients { Segment = Square(), Inputs = { x }, Eps = 0 } }));
        Assert.Equal(new float[] { 3 }, await s.ReadAsync(x));
        var after = await s.UsageAsync();
        Assert.Equal((before.Bytes, before.Nodes, before.Tensors), (after.Bytes, after.Nodes, after.Tensors));

        Task RefusedAsync(string field, Wire.Segment? segment) =>
            Refusals.OfFieldAsync("INVALID_FIELD", field, () => s.RunOneAsync(new Wire.Command { Checkpoint = new Wire.Checkpoint { Segment = segment, Inputs = { x } } }));
    }

    [Fact]
    public async Task A_failing_step_poisons_the_results_and_releases_what_was_made()
    {
        var s = await fixture.SessionAsync();
        ulong x = await s.CreateAsync([1, 2], [2], true), y = await s.CreateAsync([1, 2, 3], [3]);
        var before = await s.UsageAsync();
        var segment = new Wire.Segment { Parameters = { 1 }, Steps = { Step("exp", 1, 0, 1002), Step("add", 1002, y, 1003) }, Results = { 1003 } };
        await Refusals.OfAsync(StatusCode.InvalidArgument, "SHAPE_MISMATCH", () => s.RunOneAsync(new Wire.Command { Checkpoint = new Wire.Checkpoint { Segment = segment, Inputs = { x }, Out = { 90 } } }));
        await Refusals.OfAsync(StatusCode.Aborted, "DEPENDENCY_FAILED", () => s.ReadAsync(90));
        var after = await s.UsageAsync();
        Assert.Equal((before.Bytes, before.Nodes, before.Tensors), (after.Bytes, after.Nodes, after.Tensors));
    }
}
