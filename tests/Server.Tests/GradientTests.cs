using Grpc.Core;

namespace AutogradService.Server.Tests;

/// <summary>The commands about gradients and graphs, over the wire.</summary>
public sealed class GradientTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Backward_accumulates_and_an_absent_gradient_is_not_zero()
    {
        var s = await fixture.SessionAsync();
        ulong x = await s.CreateAsync([1, 2, 3], [3], true), y = await s.OpAsync("mul", x, x), loss = await s.OpAsync("sum", y);
        Assert.Null(await s.GradAsync(x));
        await s.Autograd.BackwardAsync(new Wire.BackwardRequest { SessionId = s.Id, Backward = new Wire.Backward { Roots = { loss }, RetainGraph = true } });
        await EqualAsync([2, 4, 6], s.GradAsync(x));
        await s.BackwardAsync(loss);
        await EqualAsync([4, 8, 12], s.GradAsync(x));
        Assert.Null(await s.GradAsync(y));
        await s.RunOneAsync(new Wire.Command { ZeroGrads = new Wire.ZeroGrads { Tensors = { x }, FillWithZeros = true } });
        await EqualAsync([0, 0, 0], s.GradAsync(x));
        await s.Autograd.ZeroGradsAsync(new Wire.ZeroGradsRequest { SessionId = s.Id });
        Assert.Null(await s.GradAsync(x));
    }

    [Fact]
    public async Task Backward_takes_gradients_and_inputs()
    {
        var s = await fixture.SessionAsync();
        ulong a = await s.CreateAsync([1, 2], [2], true), b = await s.CreateAsync([3, 4], [2], true), y = await s.OpAsync("mul", a, b), seed = await s.CreateAsync([1, 10], [2]);
        var backward = new Wire.Backward { Roots = { y }, GradOutputs = { seed }, Inputs = new Wire.HandleList { Handles = { a } }, RetainGraph = true };
        await s.RunOneAsync(new Wire.Command { Backward = backward });
        await EqualAsync([3, 40], s.GradAsync(a));
        Assert.Null(await s.GradAsync(b));
        backward.Inputs = new Wire.HandleList();
        await Refusals.OfAsync(StatusCode.InvalidArgument, "INVALID_ATTRIBUTE", () => s.RunOneAsync(new Wire.Command { Backward = backward }));
    }

    [Fact]
    public async Task Computed_gradients_are_tensors_of_their_own()
    {
        var s = await fixture.SessionAsync();
        ulong x = await s.CreateAsync([2], [1], true), unused = await s.CreateAsync([1], [1], true), y = await s.OpAsync("mul", x, await s.OpAsync("mul", x, x));
        var request = new Wire.ComputeGradientsRequest { SessionId = s.Id, ComputeGradients = new Wire.ComputeGradients { Outputs = { y }, Inputs = { x, unused }, CreateGraph = true, AllowUnused = true, Out = { 50, 51 } } };
        var first = await s.Autograd.ComputeGradientsAsync(request);
        Assert.Equal((50UL, true), (first.Gradients[0].Tensor.Handle, first.Gradients[0].Tensor.RequiresGrad));
        Assert.Null(first.Gradients[1].Tensor);
        await EqualAsync([12], s.ReadAsync(50)); // 3 x^2
        Assert.Null(await s.GradAsync(x));
        await Refusals.OfAsync(StatusCode.NotFound, "TENSOR_NOT_FOUND", () => s.ReadAsync(51));
        var second = await s.Autograd.ComputeGradientsAsync(new Wire.ComputeGradientsRequest { SessionId = s.Id, ComputeGradients = new Wire.ComputeGradients { Outputs = { 50 }, Inputs = { x, unused }, MaterializeGrads = true } });
        await EqualAsync([12], s.ReadAsync(second.Gradients[0].Tensor.Handle)); // 6 x
        await EqualAsync([0], s.ReadAsync(second.Gradients[1].Tensor.Handle));
        await Refusals.OfFieldAsync("INVALID_FIELD", "compute_gradients.out", () => s.RunOneAsync(new Wire.Command { ComputeGradients = new Wire.ComputeGradients { Outputs = { y }, Inputs = { x }, Out = { 60, 61 } } }));
    }

    [Fact]
    public async Task Several_cotangents_at_once_give_the_rows_of_a_jacobian()
    {
        var s = await fixture.SessionAsync();
        ulong x = await s.CreateAsync([1, 2, 3], [3], true), y = await s.OpAsync("mul", x, x), rows = await s.CreateAsync([1, 0, 0, 0, 1, 0, 0, 0, 1], [3, 3]);
        var gradients = new Wire.ComputeGradients { Outputs = { y }, Inputs = { x }, GradOutputs = { rows }, IsGradsBatched = true, Out = { 70 } };
        var result = await s.RunOneAsync(new Wire.Command { ComputeGradients = gradients });
        Assert.Equal([3L, 3L], Assert.Single(result.Gradients.Gradients_).Tensor.Shape);
        await EqualAsync([2, 0, 0, 0, 4, 0, 0, 0, 6], s.ReadAsync(70));
        await Refusals.OfFieldAsync("SHAPE_MISMATCH", "compute_gradients", () =>
            s.RunOneAsync(new Wire.Command { ComputeGradients = new Wire.ComputeGradients { Outputs = { y }, Inputs = { x }, GradOutputs = { x }, IsGradsBatched = true } }));
    }

    [Fact]
    public async Task A_gradient_can_be_assigned_cleared_and_used()
    {
        var s = await fixture.SessionAsync();
        ulong x = await s.CreateAsync([1, 2], [2], true), g = await s.CreateAsync([5, 6], [2]);
        Assert.Empty((await s.RunOneAsync(new Wire.Command { AliasGrad = new Wire.AliasGrad { Tensor = x, Out = 40 } })).Outputs.Tensors);
        await s.RunOneAsync(new Wire.Command { SetGrad = new Wire.SetGrad { Tensor = x, Grad = g } });
        await EqualAsync([5, 6], s.GradAsync(x));
        // x -= 0.5 * x.grad, as an optimizer written by hand does it.
        await s.RunAsync(
            new Wire.Command { AliasGrad = new Wire.AliasGrad { Tensor = x, Out = 41 } },
            new Wire.Command { NoGrad = true, ApplyOp = new Wire.ApplyOp { Op = "mul", A = 41, Scalar = 0.5, Out = 42 } },
            new Wire.Command { NoGrad = true, ApplyOp = new Wire.ApplyOp { Op = "sub", A = x, B = 42, InPlace = true } });
        await EqualAsync([-1.5f, -1], s.ReadAsync(x));
        await s.RunOneAsync(new Wire.Command { SetGrad = new Wire.SetGrad { Tensor = x } });
        Assert.Null(await s.GradAsync(x));
        await EqualAsync([5, 6], s.ReadAsync(41));
    }

    [Fact]
    public async Task Requires_grad_retain_grad_and_detach()
    {
        var s = await fixture.SessionAsync();
        ulong x = await s.CreateAsync([2], [1]);
        await s.RunOneAsync(new Wire.Command { SetRequiresGrad = new Wire.SetRequiresGrad { Tensor = x, RequiresGrad = true } });
        ulong y = await s.OpAsync("mul", x, x), z = await s.OpAsync("mul", y, y);
        await s.RunOneAsync(new Wire.Command { RetainGrad = new Wire.RetainGrad { Tensor = y } });
        await s.BackwardAsync(z);
        await EqualAsync([8], s.GradAsync(y));
        await EqualAsync([32], s.GradAsync(x));
        await s.RunOneAsync(new Wire.Command { DetachInPlace = new Wire.DetachInPlace { Tensor = z } });
        var metadata = (await s.RunOneAsync(new Wire.Command { Describe = new Wire.Describe { Tensor = z } })).Metadata;
        Assert.Equal((false, true, ""), (metadata.RequiresGrad, metadata.IsLeaf, metadata.GradFn));
        await Refusals.OfAsync(StatusCode.FailedPrecondition, "INVALID_GRAD_STATE", () => s.RunOneAsync(new Wire.Command { SetRequiresGrad = new Wire.SetRequiresGrad { Tensor = y } }));
    }

    [Fact]
    public async Task Hooks_change_gradients_in_order_until_they_are_removed()
    {
        var s = await fixture.SessionAsync();
        ulong x = await s.CreateAsync([1, 2], [2], true), y = await s.OpAsync("mul", x, x), loss = await s.OpAsync("sum", y);
        var scale = await s.RunOneAsync(new Wire.Command { RegisterHook = new Wire.RegisterHook { Tensor = x, Scale = 10 } });
        var clip = await s.RunOneAsync(new Wire.Command { RegisterHook = new Wire.RegisterHook { Tensor = x, ClipNorm = 1 } });
        Assert.NotEqual(scale.HookId, clip.HookId);
        var backward = new Wire.Command { Backward = new Wire.Backward { Roots = { loss }, RetainGraph = true } };
        await s.RunOneAsync(backward);
        var clipped = await s.GradAsync(x);
        Assert.Equal(1f, MathF.Sqrt(clipped![0] * clipped[0] + clipped[1] * clipped[1]), 1e-5f);
        await s.RunAsync(new Wire.Command { RemoveHook = new Wire.RemoveHook { HookId = clip.HookId } }, new Wire.Command { ZeroGrads = new Wire.ZeroGrads() }, backward);
        await EqualAsync([20, 40], s.GradAsync(x));
        var clamp = await s.RunOneAsync(new Wire.Command { RegisterHook = new Wire.RegisterHook { Tensor = x, Clamp = new Wire.ClampHook { Max = 30 } } });
        await s.RunAsync(new Wire.Command { ZeroGrads = new Wire.ZeroGrads() }, backward);
        await EqualAsync([20, 30], s.GradAsync(x));
        await s.RunAsync(
            new Wire.Command { RemoveHook = new Wire.RemoveHook { HookId = clamp.HookId } },
            new Wire.Command { RemoveHook = new Wire.RemoveHook { HookId = scale.HookId } },
            new Wire.Command { ZeroGrads = new Wire.ZeroGrads() },
            backward);
        await EqualAsync([2, 4], s.GradAsync(x));
        Assert.Equal(0UL, (await s.UsageAsync()).Hooks);
    }

    [Fact]
    public async Task A_hook_can_stop_a_backward_that_would_write_nonsense()
    {
        var s = await fixture.SessionAsync();
        ulong x = await s.CreateAsync([1], [1], true), inf = await s.CreateAsync([float.PositiveInfinity], [1]), y = await s.OpAsync("mul", x, inf);
        await s.RunOneAsync(new Wire.Command { RegisterHook = new Wire.RegisterHook { Tensor = x, StopOnNonfinite = true } });
        await Refusals.OfAsync(StatusCode.FailedPrecondition, "NONFINITE_GRADIENT", () => s.BackwardAsync(y));
        Assert.Null(await s.GradAsync(x));
        await Refusals.OfFieldAsync("INVALID_FIELD", "register_hook.hook", () => s.RunOneAsync(new Wire.Command { RegisterHook = new Wire.RegisterHook { Tensor = x } }));
        await Refusals.OfFieldAsync("INVALID_FIELD", "register_hook.clip_norm", () => s.RunOneAsync(new Wire.Command { RegisterHook = new Wire.RegisterHook { Tensor = x, ClipNorm = double.NaN } }));
    }

    [Fact]
    public async Task Metadata_tells_what_autograd_knows()
    {
        var s = await fixture.SessionAsync();
        ulong x = await s.CreateAsync([1, 2, 3, 4, 5, 6], [2, 3], true), y = await s.OpAsync("mul", x, x);
        var response = await s.Autograd.GetTensorAsync(new Wire.GetTensorRequest { SessionId = s.Id, Tensor = y, MetadataOnly = true });
        Assert.Null(response.Data);
        var m = response.Metadata;
        Assert.Equal(("MulBackward0", true, false, 0UL, 24UL), (m.GradFn, m.RequiresGrad, m.IsLeaf, m.Version, m.StorageBytes));
        Assert.Equal([2L, 3L], m.Shape);
        Assert.Equal([3L, 1L], m.Strides);
        Assert.Equal(["torch::autograd::AccumulateGrad", "torch::autograd::AccumulateGrad"], m.NextFunctions);
    }

    [Fact]
    public async Task The_graph_is_told_as_data_and_as_text()
    {
        var s = await fixture.SessionAsync();
        ulong x = await s.CreateAsync([1, 2], [2], true), c = await s.CreateAsync([3, 4], [2]), y = await s.OpAsync("mul", x, c), loss = await s.OpAsync("sum", y);
        var request = new Wire.GetGraphRequest { SessionId = s.Id, DescribeGraph = new Wire.DescribeGraph { Roots = { loss }, WithDot = true } };
        var graph = (await s.Autograd.GetGraphAsync(request)).Graph;
        Assert.Equal(["SumBackward0", "MulBackward0", "torch::autograd::AccumulateGrad"], graph.Nodes.Select(n => n.Name));
        Assert.Equal(graph.Nodes[0].Id, Assert.Single(graph.Roots).Node);
        Assert.Equal([graph.Nodes[1].Id], graph.Nodes[0].Edges.Select(e => e.Node));
        Assert.Equal([graph.Nodes[2].Id, 0UL], graph.Nodes[1].Edges.Select(e => e.Node));
        Assert.Equal(x, graph.Nodes[2].LeafHandle);
        Assert.Equal((1u, 8UL, false), (graph.Nodes[1].SavedTensors, graph.Nodes[1].SavedBytes, graph.Nodes[1].Freed));
        Assert.False(graph.Truncated);
        Assert.StartsWith("digraph", graph.Dot, StringComparison.Ordinal);
        Assert.Equal(2, graph.Dot.Split("->").Length - 1);
        request.DescribeGraph.MaxNodes = 1;
        Assert.True((await s.Autograd.GetGraphAsync(request)).Graph.Truncated);
        await s.BackwardAsync(loss);
        request.DescribeGraph.MaxNodes = 0;
        Assert.True((await s.Autograd.GetGraphAsync(request)).Graph.Nodes[1].Freed);
    }

    [Fact]
    public async Task Tensors_are_listed_a_page_at_a_time()
    {
        var s = await fixture.SessionAsync();
        for (int i = 0; i < 5; i++) await s.OnesAsync(i + 1);
        await s.RunAsync(TestSession.Op("nonsense", 90, 0), TestSession.Release(2));
        var seen = new List<ulong>();
        string token = "";
        do
        {
            var page = await s.Autograd.ListTensorsAsync(new Wire.ListTensorsRequest { SessionId = s.Id, PageSize = 3, PageToken = token });
            seen.AddRange(page.Tensors.Select(t => t.Handle));
            token = page.NextPageToken;
        }
        while (token.Length > 0);
        Assert.Equal([1UL, 3UL, 4UL, 5UL], seen);
        await Refusals.OfFieldAsync("INVALID_FIELD", "page_token", () => s.Autograd.ListTensorsAsync(new Wire.ListTensorsRequest { SessionId = s.Id, PageToken = "-1" }).ResponseAsync);
    }

    private static async Task EqualAsync<T>(float[] expected, Task<T> actual) where T : IEnumerable<float>? => Assert.Equal(expected, await actual as IEnumerable<float>);
}
