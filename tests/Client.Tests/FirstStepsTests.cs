namespace AutogradService.Client.Tests;

/// <summary>What a newcomer writes.</summary>
public sealed class FirstStepsTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task A_product_and_its_gradient()
    {
        await using var session = await server.ConnectAsync();
        var x = session.Tensor(new[,] { { 1f, 2f }, { 3f, 4f } });
        var w = session.Tensor(new[,] { { 5f, 6f }, { 7f, 8f } }, requiresGrad: true);
        var loss = (x * w).Sum();
        loss.Backward();
        float[,] g = await w.Grad.ToArrayAsync<float>();
        Assert.Equal(new[,] { { 1f, 2f }, { 3f, 4f } }, g);
        Assert.Equal(70f, await loss.ItemAsync<float>());
    }

    [Fact]
    public async Task A_thousand_commands_take_a_handful_of_frames()
    {
        await using var session = await server.ConnectAsync(new SessionOptions { OperatorSource = OperatorSource.Off });
        var w = session.Tensor([1f, 2f], requiresGrad: true);
        await session.FlushAsync();
        long before = session.FramesSent;
        var x = w;
        for (int i = 0; i < 1000; i++) x = x.Add(1);
        x.Sum().Backward();
        float[] g = await w.Grad.ToArrayAsync<float>();
        Assert.Equal(new[] { 1f, 1f }, g);
        Assert.InRange(session.FramesSent - before, 1, 12);
    }

    [Fact]
    public async Task A_failure_names_the_line_of_the_method_at_fault()
    {
        await using var session = await server.ConnectAsync();
        var a = session.Tensor([1f, 2f]);
        var b = session.Tensor([1f, 2f, 3f]);
        var sum = a.Add(b); int line = Line();
        var later = sum.Mul(2).Exp();
        var e = await Assert.ThrowsAsync<AutogradException>(() => later.ToArrayAsync<float>());
        Assert.Equal(ErrorReason.ShapeMismatch, e.Reason);
        Assert.Equal(line, e.SourceLine);
        Assert.Equal("add", e.Command);
        Assert.EndsWith("FirstStepsTests.cs", e.SourceFile, StringComparison.Ordinal);
        Assert.Equal(nameof(A_failure_names_the_line_of_the_method_at_fault), e.SourceMember);
        Assert.True(e.IsDependency);
        Assert.StartsWith("The size of tensor a (2) must match", e.ServerMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_names_the_line_of_the_operator_at_fault()
    {
        await using var session = await server.ConnectAsync(new SessionOptions { OperatorSource = OperatorSource.Always });
        var a = session.Tensor([1f, 2f]);
        var b = session.Tensor([1f, 2f, 3f]);
        var sum = a + b; int line = Line();
        var later = (sum * 2).Exp();
        var e = await Assert.ThrowsAsync<AutogradException>(() => later.ToArrayAsync<float>());
        Assert.Equal(line, e.SourceLine);
        Assert.Equal(nameof(A_failure_names_the_line_of_the_operator_at_fault), e.SourceMember);
    }

    private static int Line([System.Runtime.CompilerServices.CallerLineNumber] int line = 0) => line;
}
