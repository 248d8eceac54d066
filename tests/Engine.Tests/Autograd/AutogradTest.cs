using Xunit;

namespace AutogradService.Engine.Tests.Autograd;

/// <summary>What the tests of autograd's rules share: a workspace, leaves, and refusals with PyTorch's words.</summary>
public abstract class AutogradTest : IDisposable
{
    protected Workspace Ws { get; } = new();

    public void Dispose()
    {
        Ws.Dispose();
        GC.SuppressFinalize(this);
    }

    protected Tensor Plain(params double[] values) => Ws.FromArray<double>(values, Shape.Of(values.Length));

    protected Tensor Leaf(params double[] values) => Plain(values).SetRequiresGrad();

    protected static void Refuses(ErrorReason reason, string message, Action action)
    {
        var refusal = Assert.Throws<AutogradException>(action);
        Assert.Equal(reason, refusal.Reason);
        Assert.StartsWith(message, refusal.Message, StringComparison.Ordinal);
    }

    protected void Backward(Tensor root, Tensor? gradient = null, bool? retainGraph = null, bool createGraph = false) =>
        Ws.Backward([root], gradient is null ? [] : [gradient], retainGraph: retainGraph, createGraph: createGraph);

    protected static double[] GradOf(Tensor t) => t.Grad?.ToDoubles() ?? throw new InvalidOperationException("no gradient");
}
