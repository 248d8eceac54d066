using AutogradService.Server.Hosting;

namespace AutogradService.Server.Tests;

/// <summary>The memory of connections.</summary>
public sealed class ConnectionMemoryTests
{
    [Fact]
    public void What_is_given_back_is_lent_again_but_never_to_two_at_once()
    {
        using var pool = new ConnectionMemory(32 << 20);
        var first = pool.Rent(4096);
        Assert.Equal(pool.MaxBufferSize, first.Memory.Length);
        first.Dispose();
        first.Dispose();
        Assert.Equal(1, pool.Kept);
        using var second = pool.Rent();
        using var third = pool.Rent();
        Assert.Same(first, second);
        Assert.NotSame(second, third);
        Assert.Throws<ArgumentOutOfRangeException>(() => pool.Rent(pool.MaxBufferSize + 1));
    }

    [Fact]
    public void No_more_is_kept_than_the_bound_and_the_end_of_a_listener_takes_nothing_from_the_others()
    {
        using var pool = new ConnectionMemory(32 << 20);
        var blocks = Enumerable.Range(0, 600).Select(_ => pool.Rent()).ToList();
        Assert.Equal(0, pool.Kept);
        foreach (var block in blocks) block.Dispose();
        Assert.Equal(32 << 20, pool.Kept * pool.MaxBufferSize);
        ((IDisposable)pool.Create(null)).Dispose();
        Assert.Equal(32 << 20, pool.Kept * pool.MaxBufferSize);
        using var lent = pool.Rent();
        Assert.False(lent.Memory.IsEmpty);
    }
}
