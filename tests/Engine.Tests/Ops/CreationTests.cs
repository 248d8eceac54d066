using Xunit;

namespace AutogradService.Engine.Tests.Ops;

/// <summary>Tensors out of nothing: dtypes and refusals.</summary>
public sealed class CreationTests
{
    [Fact]
    public void Dtypes_follow_the_numbers()
    {
        using var ws = new Workspace();
        Assert.Equal(DType.Int64, ws.Arange(3L).DType);
        Assert.Equal(DType.Float32, ws.Arange(3.0).DType);
        Assert.Equal(DType.Float32, ws.Arange(0L, 1L, 0.5).DType);
        Assert.Equal(DType.Int64, ws.Full([2], 1L).DType);
        Assert.Equal(DType.Bool, ws.Full([2], true).DType);
        Assert.Equal(DType.Float32, ws.Full([2], 1.0).DType);
        Assert.Equal(DType.Float64, ws.Zeros([1], DType.Float64).NewFull([2], 1L).DType);
        Assert.Equal(DType.Int64, ws.Zeros([1], DType.Int64).ZerosLike().DType);
    }

    [Fact]
    public void Arange_counts_its_steps_exactly()
    {
        using var ws = new Workspace();
        Assert.Equal([5.0, 2, -1, -4], ws.Arange(5L, -5L, -3L).ToDoubles());
        Assert.Equal(10, ws.Arange(0.0, 1.0, 0.1, DType.Float64).Numel);
        Assert.Equal(0, ws.Arange(0L).Numel);
        Assert.Equal([long.MaxValue - 1], ws.Arange(long.MaxValue - 1, long.MaxValue).ToArray<long>());
    }

    [Fact]
    public void Refusals_are_worded_as_in_PyTorch()
    {
        using var ws = new Workspace();
        Refused("step must be nonzero", () => ws.Arange(0L, 1L, step: 0L));
        Refused("upper bound and larger bound inconsistent with step sign", () => ws.Arange(0L, 1L, -1L));
        Refused("unsupported range: 0 -> inf", () => ws.Arange(0L, double.PositiveInfinity, 1L));
        Refused("unsupported range: -inf -> 1", () => ws.Arange(double.NegativeInfinity, 1L, 1L));
        Refused("number of steps must be non-negative", () => ws.Linspace(0L, 1L, -1));
        Refused("n must be greater or equal to 0, got -1", () => ws.Eye(-1));
        Refused("m must be greater or equal to 0, got -3", () => ws.Eye(2, -3));
        Refused("fill_ only supports 0-dimension value tensor but got tensor with 1 dimensions.", () => ws.Zeros([2]).Fill(ws.Ones([1])));
    }

    [Fact]
    public void Ends_of_a_linspace_are_exact()
    {
        using var ws = new Workspace();
        var x = ws.Linspace(-0.1, 0.7, 7, DType.Float64).ToDoubles();
        Assert.Equal(-0.1, x[0]);
        Assert.Equal(0.7, x[^1]);
    }

    [Fact]
    public void New_tensors_of_a_leaf_do_not_require_grad()
    {
        using var ws = new Workspace();
        var x = ws.Ones([2]).SetRequiresGrad();
        Assert.False(x.ZerosLike().RequiresGrad);
        Assert.False(x.NewOnes([3]).RequiresGrad);
    }

    private static void Refused(string message, Func<object> call) => Assert.Equal(message, Assert.Throws<AutogradException>(call).Message);
}
