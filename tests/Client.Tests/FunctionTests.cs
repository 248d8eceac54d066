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
}
