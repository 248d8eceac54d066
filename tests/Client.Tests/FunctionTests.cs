namespace AutogradService.Client.Tests;

/// <summary>Functions: recorded once, called in one round trip, with or without a session.</summary>
public sealed class FunctionTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    private static readonly float[,] s_w = { { 0.1f, -0.2f, 0.3f }, { 0.4f, 0.5f, -0.6f }, { 0.7f, -0.8f, 0.9f }, { 1f, 0.2f, -0.4f }, { -0.3f, 0.6f, 0.1f } };
    private static readonly float[] s_b = [0.5f, -0.25f, 0.125f];
    private static readonly float[] s_x = [1, 2, -1, 0.5f, 3];

    private static Tensor Loss(Tensor x, Tensor w, Tensor b) => (x.Matmul(w) + b).BinaryCrossEntropyWithLogits(b.ZerosLike());

    private Task<AutogradClient> ClientAsync() => AutogradClient.ConnectAsync(server.Address, cancellation: TestContext.Current.CancellationToken);

    [Fact]
    public async Task Value_and_gradients_in_one_call_are_those_of_an_eager_backward()
    {
        await using var client = await ClientAsync();
        var f = client.Trace((x, w, b) => Loss(x, w, b), [5], [5, 3], [3]);
        Assert.Equal(["x", "w", "b"], f.ParameterNames);
        var (value, gradients) = await f.DifferentiatedBy("w", "b").ValueAndGradAsync(s_x, s_w, s_b);

        await using var session = await server.ConnectAsync();
        Tensor ex = session.Tensor(s_x), ew = session.Tensor(s_w, requiresGrad: true), eb = session.Tensor(s_b, requiresGrad: true);
        var loss = Loss(ex, ew, eb);
        loss.Backward();
        Assert.Equal(await loss.ItemAsync<float>(), (float)value);
        Assert.Equal((float[,])await ew.Grad.ToArrayAsync<float>(), (float[,])gradients[0]);
        Assert.Equal((float[])await eb.Grad.ToArrayAsync<float>(), (float[])gradients[1]);
        Assert.Equal(5, (await f.GradAsync(s_x, s_w, s_b))[0].ToArray<float>().Length);
        Assert.Equal((float)value, (float)(await f.CallAsync(s_x, s_w, s_b))[0]);
    }

    [Fact]
    public async Task A_named_dimension_takes_every_size_and_must_be_the_same_wherever_it_stands()
    {
        await using var client = await ClientAsync();
        var f = client.Trace((x, y) => (x * y).Sum(1), ["batch", 2], ["batch", 2]);
        Assert.Equal(new float[] { 3, 7 }, (float[])(await f.CallAsync(new float[,] { { 1, 2 }, { 3, 4 } }, new float[,] { { 1, 1 }, { 1, 1 } }))[0]);
        Assert.Equal(new float[] { 5 }, (float[])(await f.CallAsync(new float[,] { { 1, 2 } }, new float[] { 1, 2 }))[0]); // flat, row-major
        Assert.Empty((await f.CallAsync(new float[0, 2], new float[0, 2]))[0].ToArray<float>());
        var e = await Assert.ThrowsAsync<AutogradException>(() => f.CallAsync(new float[2, 2], new float[3, 2]));
        Assert.Equal(ErrorReason.ShapeMismatch, e.Reason);
        Assert.Contains("y", e.ServerMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Products_agree_with_each_other_and_come_of_one_forward_run()
    {
        await using var client = await ClientAsync();
        var f = client.Trace((x, w) => (x * w).Exp().Sum(), [3], [3]).DifferentiatedBy("x");
        float[] x = [0.5f, -1, 2], w = [1, 0.5f, -0.25f], v = [1, 2, 3];
        double[] products = [.. x.Zip(w, (a, b) => (double)a * b)];
        var (values, jvp) = await f.JvpAsync([x, w], [v]);
        Assert.Equal(products.Sum(Math.Exp), values[0].Item<float>(), 1e-5);
        Assert.Equal(products.Select((p, i) => Math.Exp(p) * w[i] * v[i]).Sum(), jvp[0].Item<float>(), 1e-5);
        var (_, vjp) = await f.VjpAsync([x, w], [2f]);
        var (_, hvp) = await f.HvpAsync([x, w], [v]);
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(2 * Math.Exp(products[i]) * w[i], vjp[0].ToArray<float>()[i], 1e-5);
            Assert.Equal(Math.Exp(products[i]) * w[i] * w[i] * v[i], hvp[0].ToArray<float>()[i], 1e-5);
        }
    }

    [Fact]
    public async Task Values_cannot_be_read_while_a_function_is_recorded()
    {
        await using var client = await ClientAsync();
        var e = Assert.Throws<InvalidOperationException>(() => client.Trace(x => x.ItemAsync<float>().GetAwaiter().GetResult() > 0 ? x : -x, [1]));
        Assert.Contains("cannot depend on values", e.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => client.Trace(x =>
        {
            x.Session.FlushAsync().Wait();
            return x;
        }, [1]));
        Tensor? leaked = null;
        client.Trace(x => leaked = x * 2, [1]);
        Assert.Throws<InvalidOperationException>(() => leaked! + 1);
        Assert.Equal(new float[] { 6 }, (float[])(await client.Trace(x => x * 3, [1]).CallAsync(2f))[0]); // it still works
    }

    [Fact]
    public async Task Tensors_of_a_session_are_state_that_later_calls_see_as_it_is_then()
    {
        await using var session = await server.ConnectAsync();
        var w = session.Tensor([2f, 3f], requiresGrad: true);
        var f = session.Trace(x => (x * w).Sum(), [2]);
        Assert.Equal(["x"], f.ParameterNames);
        Assert.Equal(8f, (float)(await f.CallAsync(new float[] { 1, 2 }))[0]);
        using (session.NoGrad()) w.MulInPlace(10);
        var both = await f.DifferentiatedBy(w).ValueAndGradAsync(new float[] { 1, 2 });
        Assert.Equal((80f, 2f), ((float)both.Value, both.Gradients[0].ToArray<float>()[1]));
        Assert.Equal(80f, (float)(await f.CallAsync(session.Tensor([1f, 2f])))[0]);
        var kept = await f.CallAsync(new FunctionCall { Inputs = [new float[] { 1, 2 }], Value = true, Keep = true });
        Assert.Equal(80f, await kept.Kept[0].ItemAsync<float>());
        await Assert.ThrowsAsync<ArgumentException>(() => f.CallAsync());
    }

    [Fact]
    public async Task Others_find_a_function_by_its_name_and_a_deleted_one_is_registered_again()
    {
        await using var client = await ClientAsync();
        await using var other = await ClientAsync();
        var f = client.Trace(Doubled, ["n"]);
        Assert.Equal("doubled", f.Name);
        string id = await f.IdAsync();
        var found = await other.GetFunctionAsync("doubled");
        Assert.Equal(id, await found.IdAsync());
        Assert.Equal(new float[] { 2, 4 }, (float[])(await found.CallAsync(new float[] { 1, 2 }))[0]);
        Assert.Equal(id, await other.Trace(y => y * 2, TensorSpec.Of(DType.Float32, "n").Named("x0")).IdAsync());
        await other.DeleteFunctionAsync(id);
        var e = await Assert.ThrowsAsync<AutogradException>(() => found.CallAsync(new float[] { 1 }));
        Assert.Equal(ErrorReason.FunctionNotFound, e.Reason);
        Assert.Equal(new float[] { 6 }, (float[])(await f.CallAsync(new float[] { 3 }))[0]);
        Assert.Contains(id, await Ids(client));

        static async Task<List<string>> Ids(AutogradClient from)
        {
            var ids = new List<string>();
            await foreach (var function in from.ListFunctionsAsync()) ids.Add(await function.IdAsync());
            return ids;
        }
    }

    [Fact]
    public async Task A_stream_of_calls_keeps_their_order_and_tells_failures_where_they_belong()
    {
        await using var client = await ClientAsync();
        var f = client.Trace(x => (x * x).Sum(), ["n"]);
        await using var stream = f.OpenStream();
        var calls = Enumerable.Range(0, 500).Select(i => stream.CallAsync(i == 250 ? new float[2, 2] : new float[] { i, 1 })).ToArray();
        for (int i = 0; i < calls.Length; i++)
        {
            if (i == 250) Assert.Equal(ErrorReason.ShapeMismatch, (await Assert.ThrowsAsync<AutogradException>(() => calls[250])).Reason);
            else Assert.Equal((i * i + 1f, 2f * i), ((float)(await calls[i]).Value, (await calls[i])["x"].ToArray<float>()[0]));
        }
    }

    [Fact]
    public async Task Costs_and_plans_are_told()
    {
        await using var client = await ClientAsync();
        var f = client.Trace((x, w) => x.Matmul(w).Relu().Sum(), ["batch", 64], [64, 32]);
        var small = await f.EstimateCostAsync(new Dictionary<string, long> { ["batch"] = 1 });
        var large = await f.EstimateCostAsync(new Dictionary<string, long> { ["batch"] = 100 });
        Assert.InRange(large.Flops, 3L * 2 * 100 * 64 * 32, 100L * 100 * 64 * 32);
        Assert.True(large.Flops > 50 * small.Flops && large.MemoryBytes > small.MemoryBytes);
        var plan = await f.PlanAsync(new Dictionary<string, long> { ["batch"] = 4 });
        Assert.Contains("p1 = parameter 1: float32[64,32]", plan.Recorded, StringComparison.Ordinal);
        Assert.NotEqual(plan.Recorded, plan.Optimized);
        Assert.StartsWith("digraph", plan.OptimizedDot, StringComparison.Ordinal);
    }

    [Function("doubled")]
    private static Tensor Doubled(Tensor x) => x * 2;
}
