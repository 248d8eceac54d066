namespace AutogradService.Client.Tests;

/// <summary>Brackets, as NumPy and PyTorch have them.</summary>
public sealed class IndexingTests(ServerFixture server) : IClassFixture<ServerFixture>
{
    [Fact]
    public async Task Reading()
    {
        await using var session = await server.ConnectAsync();
        var x = session.Tensor(Enumerable.Range(0, 24).Select(i => (long)i).ToArray().AsSpan(), [2, 3, 4]);
        await Same([2, 3, 4], Enumerable.Range(0, 24), x[..]);
        await Same([3, 4], Enumerable.Range(12, 12), x[1]);
        await Same([3, 4], Enumerable.Range(12, 12), x[^1]);
        await Same([4], Enumerable.Range(16, 4), x[1, 1]);
        await Same([], [23], x[-1, -1, -1]);
        await Same([2, 2, 4], [4, 5, 6, 7, 8, 9, 10, 11, 16, 17, 18, 19, 20, 21, 22, 23], x[.., 1..3]);
        await Same([2, 4], [4, 5, 6, 7, 16, 17, 18, 19], x[.., 1]);
        await Same([2, 3], [3, 7, 11, 15, 19, 23], x[TensorIndex.Ellipsis, ^1]);
        await Same([2, 3, 2], [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22], x[TensorIndex.Ellipsis, TensorIndex.Slice(step: 2)]);
        await Same([1, 3, 4], Enumerable.Range(0, 12), x[0, TensorIndex.Ellipsis][TensorIndex.NewAxis]);
        await Same([3, 1], [3, 7, 11], x[0, .., ^1, TensorIndex.NewAxis]);
        await Same([3, 1], [3, 7, 11], x[0, TensorIndex.Ellipsis, ^1, TensorIndex.NewAxis]);
        await Same([2, 0, 4], [], x[.., 3..]);
        await Same([2, 1, 4], [8, 9, 10, 11, 20, 21, 22, 23], x[.., ^1..]);
    }

    [Fact]
    public async Task Tensors_of_indices_and_masks()
    {
        await using var session = await server.ConnectAsync();
        var x = session.Tensor(Enumerable.Range(0, 12).Select(i => (long)i).ToArray().AsSpan(), [3, 4]);
        await Same([2, 4], [8, 9, 10, 11, 0, 1, 2, 3], x[session.Tensor([2L, 0L])]);
        await Same([3, 2], [3, 0, 7, 4, 11, 8], x[.., session.Tensor([3L, 0L])]);
        await Same([2], [11, 0], x[session.Tensor([2L, 0L]), session.Tensor([3L, 0L])]);
        await Same([5], [7, 8, 9, 10, 11], x[x > 6]);
    }

    [Fact]
    public async Task Writing()
    {
        await using var session = await server.ConnectAsync();
        var x = session.Zeros([2, 3]);
        x[0] = session.Tensor([1f, 2f, 3f]);
        x[.., 1] = session.Tensor(7f);
        x.SetItem(9, 1, ^1);
        await Same([2, 3], [1, 7, 3, 0, 7, 9], x);
        x[x > 5] = session.Tensor(0f);
        await Same([2, 3], [1, 0, 3, 0, 0, 0], x);
    }

    [Fact]
    public async Task A_gradient_flows_through_an_index()
    {
        await using var session = await server.ConnectAsync();
        var x = session.Ones([2, 3], requiresGrad: true);
        (x[.., 1] * 2).Sum().Backward();
        await Same([2, 3], [0, 2, 0, 0, 2, 0], x.Grad);
    }

    [Fact]
    public async Task An_index_out_of_range_is_an_index_error()
    {
        await using var session = await server.ConnectAsync();
        var x = session.Ones([2]);
        var e = await Assert.ThrowsAsync<AutogradIndexException>(() => x[5].ItemAsync<float>());
        Assert.Equal(ErrorReason.DimOutOfRange, e.Reason);
    }

    private static async Task Same(long[] shape, IEnumerable<int> values, Tensor actual)
    {
        var value = await actual.ToArrayAsync<long>();
        Assert.Equal(shape, value.Shape);
        Assert.Equal(values.Select(v => (long)v), value.ToArray());
    }
}
