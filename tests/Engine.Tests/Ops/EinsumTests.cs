using Xunit;

namespace AutogradService.Engine.Tests.Ops;

public sealed class EinsumTests
{
    private readonly Workspace _ws = new();

    private Tensor Counted(params long[] sizes)
    {
        var shape = Shape.Of(sizes);
        return _ws.FromArray<double>(Enumerable.Range(0, (int)shape.Numel).Select(i => (double)(i * 7 % 11 - 4)).ToArray(), shape);
    }

    private static void Same(Tensor expected, Tensor actual)
    {
        Assert.Equal(expected.Shape, actual.Shape);
        Assert.Equal(expected.ToDoubles(), actual.ToDoubles());
    }

    [Fact]
    public void Equations_mean_the_ops_they_stand_for()
    {
        Tensor a = Counted(3, 4), b = Counted(4, 2), v = Counted(3);
        Same(a.Matmul(b), _ws.Einsum("ij,jk->ik", a, b));
        Same(a.Matmul(b), _ws.Einsum("ij,jk", a, b));
        Same(a.Transpose(0, 1), _ws.Einsum("ij->ji", a));
        Same(a.Sum([1]), _ws.Einsum("ij->i", a));
        Same(v.Outer(b.Sum([1])), _ws.Einsum("i,jk->ij", v, b));
        Same(v.Dot(v), _ws.Einsum("i,i", v, v));
        Same(a.Mul(a).Sum(), _ws.Einsum("ij,ij->", a, a));
        var square = Counted(3, 3);
        Same(square.Diagonal(0, 0, 1), _ws.Einsum("ii->i", square));
        Same(square.Diagonal(0, 0, 1).Sum(), _ws.Einsum("ii", square));
        Same(v.Matmul(a.Matmul(Counted(4))), _ws.Einsum("i,ij,j->", v, a, Counted(4)));
    }

    [Fact]
    public void An_ellipsis_broadcasts()
    {
        Tensor a = Counted(2, 5, 3, 4), b = Counted(5, 4, 2);
        Same(a.Matmul(b), _ws.Einsum("...ij,...jk->...ik", a, b));
        Same(a.Sum([0]), _ws.Einsum("i...->...", a));
        Same(a.Sum([0, 1, 2]), _ws.Einsum("...i->i", a));
    }

    [Theory]
    [InlineData("ij", "einsum(): more operands were provided than specified in the equation")]
    [InlineData("ij,jk,kl", "einsum(): fewer operands were provided than specified in the equation")]
    [InlineData("ij,jk->il", "einsum(): output subscript l does not appear in the equation for any input operand")]
    [InlineData("ij,jk->ii", "einsum(): output subscript i appears more than once in the output")]
    public void Malformed_equations_are_refused(string equation, string message)
    {
        Tensor a = Counted(3, 4), b = Counted(4, 2);
        Assert.Equal(message, Assert.Throws<AutogradException>(() => _ws.Einsum(equation, a, b)).Message);
    }
}
