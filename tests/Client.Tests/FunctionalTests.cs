using System.Runtime.CompilerServices;

namespace AutogradService.Client.Tests;

/// <summary>Functions that the server runs as a whole, forward mode, inference mode, anomaly detection, recording hooks.</summary>
public sealed class FunctionalTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Theory, InlineData(CallMode.Pipelined), InlineData(CallMode.Batched), InlineData(CallMode.Unary)]
    public async Task Jacobian_and_hessian_are_one_command_each(CallMode mode)
    {
        await using var session = await server.ConnectAsync(new SessionOptions { Mode = mode });
        var x = session.Tensor([1.0, 2.0, 3.0]);
        var scale = session.Tensor([2.0, 2.0, 2.0]);
        long before = session.CommandsGiven;
        var jacobian = session.Functional.Jacobian(t => t * t * scale, x);
        Assert.Equal(before + 1, session.CommandsGiven);
        double[,] j = await jacobian.ToArrayAsync<double>();
        Assert.Equal(new double[,] { { 4, 0, 0 }, { 0, 8, 0 }, { 0, 0, 12 } }, j);
        double[,] h = await session.Functional.Hessian(t => (t * t * t).Sum(), x).ToArrayAsync<double>();
        Assert.Equal(new double[,] { { 6, 0, 0 }, { 0, 12, 0 }, { 0, 0, 18 } }, h);
        var many = session.Functional.Jacobian(t => [t[0] * t[1], t[1].Sum()], [x, scale]);
        Assert.Equal(2, (await many[0][1].DescribeAsync()).Shape.Count);
        Assert.Single((await many[1][0].DescribeAsync()).Shape);
        Assert.False(await jacobian.RequiresGradAsync());
    }

    [Fact]
    public async Task Products_agree_with_each_other()
    {
        await using var session = await server.ConnectAsync();
        var x = session.Tensor([0.5, -1.0, 2.0]);
        var u = session.Tensor([1.0, 2.0, 3.0]);
        var v = session.Tensor([-1.0, 0.5, 2.0]);
        Tensor[] F(Tensor[] t) => [t[0].Exp() * t[0].Sum()];
        var (outputs, jvp) = session.Functional.Jvp(F, [x], [u]);
        var vjp = session.Functional.Vjp(F, [x], [v]).Products[0];
        Assert.Equal(await (jvp[0] * v).Sum().ItemAsync<double>(), await (vjp * u).Sum().ItemAsync<double>(), 10);
        Assert.Equal((double[])await F([x])[0].ToArrayAsync<double>(), (double[])await outputs[0].ToArrayAsync<double>());
        Tensor[] G(Tensor[] t) => [(t[0] * t[0] * t[0]).Sum()];
        Assert.Equal(new double[] { 3, -12, 36 }, (double[])await session.Functional.Hvp(G, [x], [u]).Products[0].ToArrayAsync<double>());
        Assert.Equal(new double[] { 3, -12, 36 }, (double[])await session.Functional.Vhp(G, [x], [u]).Products[0].ToArrayAsync<double>());
        using (session.DualLevel())
            Assert.Equal((double[])await jvp[0].ToArrayAsync<double>(), (double[])await session.UnpackDual(F([session.MakeDual(x, u)])[0]).Tangent.ToArrayAsync<double>());
    }

    [Fact]
    public async Task Strict_mode_and_a_missing_vector_are_refused_in_pytorchs_words()
    {
        await using var session = await server.ConnectAsync();
        var x = session.Tensor([1.0, 2.0]);
        var constant = session.Tensor([1.0]);
        var e = await Assert.ThrowsAsync<AutogradException>(() => session.Functional.Jacobian(_ => constant * 1, x, strict: true).ToArrayAsync<double>());
        Assert.Equal(ErrorReason.NoGradPath, e.Reason);
        Assert.StartsWith("Output 0 of the user-provided function does not require gradients.", e.ServerMessage, StringComparison.Ordinal);
        e = await Assert.ThrowsAsync<AutogradException>(() => session.Functional.Vjp(t => [t[0] * 2], [x]).Products[0].ToArrayAsync<double>());
        Assert.Equal(ErrorReason.GradOutputRequired, e.Reason);
    }

    [Fact]
    public async Task A_recorded_function_cannot_read_values_or_leak_tensors()
    {
        await using var session = await server.ConnectAsync();
        var x = session.Tensor([1.0, 2.0], requiresGrad: true);
        Tensor? leaked = null;
        var read = Assert.Throws<InvalidOperationException>(() => session.Functional.Jacobian(t =>
        {
            leaked = t;
            return t.ItemAsync<double>().GetAwaiter().GetResult() > 0 ? t : t * 2;
        }, x));
        Assert.Contains("cannot depend on values", read.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => session.Checkpoint(t => { t.Sum().Backward(); return t; }, x));
        Assert.Throws<InvalidOperationException>(() => session.Checkpoint(t => session.Checkpoint(u => u, t), x));
        Assert.Throws<InvalidOperationException>(() => leaked! * 2);
        Assert.Equal(new double[] { 2, 4 }, (double[])await (x * 2).ToArrayAsync<double>()); // the session is as it was
    }

    [Fact]
    public async Task A_checkpoint_gives_equal_gradients_from_less_memory_also_for_what_it_captures()
    {
        await using var session = await server.ConnectAsync();
        var x = session.Ones([64, 64], dtype: DType.Float64).SetRequiresGrad();
        var w = session.Full([64, 64], 0.01, dtype: DType.Float64).SetRequiresGrad();
        Tensor Deep(Tensor t)
        {
            for (int i = 0; i < 20; i++) t = t.Matmul(w).Tanh() + 1.0;
            return t;
        }
        long start = (await session.UsageAsync()).Bytes;
        using (session.Scope()) Deep(x).Sum().Backward();
        double[,] expected = await GradientAsync();
        session.ZeroGrad();
        Tensor saving, plain;
        long before = (await session.UsageAsync()).Bytes;
        using (session.Scope()) plain = Deep(x).Keep();
        long whole = (await session.UsageAsync()).Bytes - before;
        plain.Dispose();
        before = (await session.UsageAsync()).Bytes;
        using (session.Scope()) saving = session.Checkpoint(Deep, x).Keep();
        long kept = (await session.UsageAsync()).Bytes - before;
        Assert.True(kept < whole / 5, $"{kept} of {whole} bytes");
        Assert.Equal("CheckpointFunctionBackward", await saving.GradFnAsync());
        using (session.Scope()) saving.Sum().Backward();
        Assert.Equal(expected, await GradientAsync());
        saving.Dispose();
        session.ZeroGrad();
        Assert.Equal(start, (await session.UsageAsync()).Bytes);

        async Task<double[,]> GradientAsync()
        {
            using var gradient = w.Grad;
            return await gradient.ToArrayAsync<double>();
        }
    }

    [Fact]
    public async Task Checkpointed_dropout_is_the_same_in_forward_and_backward()
    {
        await using var session = await server.ConnectAsync();
        var x = session.Ones([100], dtype: DType.Float64).SetRequiresGrad();
        session.ManualSeed(3);
        var y = session.Checkpoint(t => t.Dropout(0.5, true), x);
        y.Sum().Backward();
        Assert.Equal((double[])await y.ToArrayAsync<double>(), (double[])await x.Grad.ToArrayAsync<double>());
    }

    [Fact]
    public async Task Gradcheck_and_gradgradcheck_run_on_the_server()
    {
        await using var session = await server.ConnectAsync();
        var x = session.Tensor([0.5, -1.0, 2.0], requiresGrad: true);
        Assert.True((await session.GradCheckAsync(t => [t[0].Tanh() * t[0]], [x], new GradientCheckOptions { CheckForwardAd = true })).Passed);
        Assert.True((await session.GradGradCheckAsync(t => [t[0].Tanh() * t[0]], [x])).Passed);
        var wrong = await session.GradCheckAsync(t => [t[0] * t[0].Detach()], [x]);
        Assert.False(wrong.Passed);
        Assert.StartsWith("Jacobian mismatch for output 0 with respect to input 0,", wrong.Message, StringComparison.Ordinal);
        var e = await Assert.ThrowsAsync<AutogradValueException>(() => session.GradCheckAsync(t => t, [x.Detach()]));
        Assert.StartsWith("gradcheck expects at least one input tensor to require gradient", e.ServerMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dual_levels_end_and_tangents_with_them()
    {
        await using var session = await server.ConnectAsync();
        var x = session.Tensor([1.0, 2.0]);
        Tensor y;
        using (session.DualLevel())
        {
            y = session.MakeDual(x, session.Tensor([1.0, 10.0])).Pow(2);
            Assert.True((await y.DescribeAsync()).HasTangent);
            Assert.Equal(new double[] { 2, 40 }, (double[])await session.UnpackDual(y).Tangent.ToArrayAsync<double>());
            Assert.Equal(new double[] { 0, 0 }, (double[])await session.UnpackDual(x).Tangent.ToArrayAsync<double>());
        }
        Assert.False((await y.DescribeAsync()).HasTangent);
        var e = await Assert.ThrowsAsync<AutogradException>(() => session.MakeDual(x, x).ToArrayAsync<double>());
        Assert.Equal(ErrorReason.InvalidGradState, e.Reason);
    }

    [Fact]
    public async Task Inference_mode_makes_tensors_that_autograd_refuses()
    {
        await using var session = await server.ConnectAsync();
        var w = session.Tensor([1f, 2f], requiresGrad: true);
        Tensor made;
        using (session.InferenceMode()) made = w * 2;
        var info = await made.DescribeAsync();
        Assert.True(info.IsInference);
        Assert.False(info.RequiresGrad);
        var e = await Assert.ThrowsAsync<AutogradException>(() => (w * made).ToArrayAsync<float>());
        Assert.StartsWith("Inference tensors cannot be saved for backward.", e.ServerMessage, StringComparison.Ordinal);
        Assert.True(await (w + made).RequiresGradAsync());
        Assert.True(session.IsGradEnabled);
    }

    [Fact]
    public async Task Anomaly_detection_names_the_forward_op_and_its_line()
    {
        await using var session = await server.ConnectAsync();
        var x = session.Tensor([0.0, 4.0], requiresGrad: true);
        using (session.DetectAnomaly())
        {
            var root = x.Sqrt(); int line = Line();
            var loss = (root * session.Tensor([0.0, 1.0])).Sum();
            await session.FlushAsync(); // acknowledged long before
            loss.Backward(); int backward = Line();
            var e = await Assert.ThrowsAsync<AutogradException>(() => session.FlushAsync());
            Assert.Equal(ErrorReason.AnomalyDetected, e.Reason);
            Assert.Equal("Function 'SqrtBackward0' returned nan values in its 0th output.", e.ServerMessage);
            Assert.Equal((backward, line), (e.SourceLine, e.RecordedLocation!.Line));
            Assert.Contains("at a node that 'sqrt' recorded at", e.Message, StringComparison.Ordinal);
        }
        (x.Sqrt() * session.Tensor([0.0, 1.0])).Sum().Backward();
        Assert.True(double.IsNaN(((double[])await x.Grad.ToArrayAsync<double>())[0]));
    }

    [Fact]
    public async Task A_recording_hook_tells_what_it_saw()
    {
        await using var session = await server.ConnectAsync();
        var x = session.Tensor([1.0, 2.0, 3.0], requiresGrad: true);
        var hook = x.RegisterHook(GradientHook.RecordStatistics);
        (x * session.Tensor([3.0, -4.0, double.PositiveInfinity])).Sum().Backward();
        (x * session.Tensor([1.0, 0.0, 0.0])).Sum().Backward();
        var seen = await hook.ReadAsync(reset: true);
        Assert.Equal((2, 6, 1), (seen.Calls, seen.Elements, seen.Nonfinite));
        Assert.Equal((-4, 3, 0, 1), (seen.Min, seen.Max, seen.Mean, seen.LastNorm));
        Assert.Equal(Math.Sqrt(26.0 / 5), seen.RootMeanSquare, 12);
        Assert.Equal(0, (await hook.ReadAsync()).Calls);
        await hook.RemoveAsync();
        await Assert.ThrowsAsync<AutogradException>(() => hook.ReadAsync());
    }

    [Fact]
    public async Task A_hook_from_before_an_in_place_op_can_be_removed()
    {
        await using var session = await server.ConnectAsync();
        var x = session.Tensor([1.0], requiresGrad: true);
        var y = x * 2;
        var hook = y.RegisterHook(GradientHook.Scale(100));
        y.MulInPlace(3);
        await hook.RemoveAsync();
        y.Backward();
        Assert.Equal(6, await x.Grad.ItemAsync<double>());
    }

    [Fact]
    public async Task The_graph_tells_which_node_pins_how_many_bytes()
    {
        await using var session = await server.ConnectAsync();
        var x = session.Tensor([1.0, 2.0], requiresGrad: true);
        var graph = await (x * session.Tensor([3.0, 4.0])).Exp().GraphAsync();
        Assert.Equal(("ExpBackward0", "result", 16L), (graph.Nodes[0].Name, graph.Nodes[0].Saved[0].Name, graph.Nodes[0].Saved[0].Bytes));
        Assert.Equal("other", Assert.Single(graph.Nodes[1].Saved).Name);
        Assert.NotEqual(0UL, graph.Nodes[1].Command);
    }

    private static int Line([CallerLineNumber] int line = 0) => line;
}
