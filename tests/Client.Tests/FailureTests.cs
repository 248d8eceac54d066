namespace AutogradService.Client.Tests;

/// <summary>When and how failures are told.</summary>
public sealed class FailureTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task The_next_await_tells_whatever_failed_before_it()
    {
        await using var session = await server.ConnectAsync();
        var unrelated = session.Tensor(1f);
        session.Tensor([1f, 2f]).Backward(); int line = Line();
        var e = await Assert.ThrowsAsync<AutogradException>(() => unrelated.ItemAsync<float>());
        Assert.Equal("backward", e.Command);
        Assert.Equal(line, e.SourceLine);
        Assert.False(e.IsDependency);
        Assert.Equal(1f, await unrelated.ItemAsync<float>());
    }

    [Fact]
    public async Task Flush_tells_the_first_and_the_others()
    {
        await using var session = await server.ConnectAsync();
        var a = session.Tensor([1f, 2f]);
        var b = session.Tensor([1f, 2f, 3f]);
        var bad = a.Add(b); int first = Line();
        bad.Exp().Neg();
        b.Mul(a); int second = Line();
        var e = await Assert.ThrowsAsync<AutogradException>(() => session.FlushAsync());
        Assert.Equal(first, e.SourceLine);
        Assert.Equal(second, Assert.Single(e.Others).SourceLine);
        await session.FlushAsync();
    }

    [Fact]
    public async Task What_depends_on_a_failure_long_told_still_names_its_root()
    {
        await using var session = await server.ConnectAsync();
        var bad = session.Tensor([1f, 2f]).Add(session.Tensor([1f, 2f, 3f])); int line = Line();
        await Assert.ThrowsAsync<AutogradException>(() => session.FlushAsync());
        for (int i = 0; i < 3; i++)
        {
            var e = await Assert.ThrowsAsync<AutogradException>(() => bad.Mul(2).ToArrayAsync<float>());
            Assert.Equal(ErrorReason.ShapeMismatch, e.Reason);
            Assert.Equal(line, e.SourceLine);
            Assert.True(e.IsDependency);
        }
    }

    [Fact]
    public async Task Operators_that_were_not_traced_name_the_nearest_call()
    {
        await using var session = await server.ConnectAsync(new SessionOptions { OperatorSource = OperatorSource.Off });
        var a = session.Tensor([1f, 2f]);
        var b = session.Tensor([1f, 2f, 3f]); int line = Line();
        var bad = a + b;
        var e = await Assert.ThrowsAsync<AutogradException>(() => bad.ToArrayAsync<float>());
        Assert.Equal(line, e.SourceLine);
        Assert.False(e.Location!.IsExact);
        Assert.Contains("or soon after it", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_kind_of_operator_finds_its_line()
    {
        await using var session = await server.ConnectAsync(new SessionOptions { OperatorSource = OperatorSource.Always });
        var a = session.Tensor([1f, 2f]);
        var b = session.Tensor([1f, 2f, 3f]);
        (int Line, Func<Tensor> Make)[] cases =
        [
            (Line(), () => a + b),
            (Line(), () => a - b),
            (Line(), () => a * b),
            (Line(), () => a / b),
            (Line(), () => a < b),
        ];
        foreach (var (line, make) in cases)
        {
            var e = await Assert.ThrowsAnyAsync<AutogradException>(() => make().ToArrayAsync<float>());
            Assert.Equal(line, e.SourceLine);
            Assert.Equal(nameof(Every_kind_of_operator_finds_its_line), e.SourceMember);
        }
    }

    [Fact]
    public async Task A_hook_that_could_not_be_registered_is_told()
    {
        await using var session = await server.ConnectAsync();
        var constant = session.Tensor([1f]);
        var hook = constant.RegisterHook(GradientHook.Scale(2)); int line = Line();
        var e = await Assert.ThrowsAsync<AutogradException>(() => session.FlushAsync());
        Assert.Equal(line, e.SourceLine);
        Assert.Equal(e.Reason, (await Assert.ThrowsAsync<AutogradException>(() => hook.RemoveAsync())).Reason);
    }

    [Fact]
    public async Task Exceptions_mirror_Pythons()
    {
        await using var session = await server.ConnectAsync();
        var a = session.Tensor(new float[2, 3]);
        Assert.Equal(ErrorReason.DimOutOfRange, (await Assert.ThrowsAsync<AutogradIndexException>(() => a.Sum(7).ItemAsync<float>())).Reason);
        Assert.Equal(ErrorReason.OpUnsupported, (await Assert.ThrowsAsync<AutogradNotImplementedException>(() => session.Apply("nonesuch", [a])[0].ItemAsync<float>())).Reason);
        Assert.Equal(ErrorReason.InvalidAttribute, (await Assert.ThrowsAsync<AutogradTypeException>(() => session.Apply("exp", [a, a])[0].ItemAsync<float>())).Reason);
        var e = await Assert.ThrowsAsync<AutogradException>(async () =>
        {
            a.Backward();
            await session.FlushAsync();
        });
        Assert.Equal("RuntimeError", e.Metadata["torch_type"]);
    }

    [Fact]
    public async Task Tensors_of_other_sessions_and_disposed_ones_are_refused_at_once()
    {
        await using var session = await server.ConnectAsync();
        await using var other = await server.ConnectAsync();
        var a = session.Tensor([1f]);
        var b = other.Tensor([1f]);
        Assert.Throws<ArgumentException>(() => a + b);
        a.Dispose();
        Assert.Throws<ObjectDisposedException>(() => a + 1);
    }

    private static int Line([System.Runtime.CompilerServices.CallerLineNumber] int line = 0) => line;
}
