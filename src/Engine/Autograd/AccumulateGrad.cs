namespace AutogradService.Engine;

/// <summary>The end of the graph: adds gradients into a leaf's .grad.</summary>
internal sealed class AccumulateGrad : Node
{
    private readonly Tensor _variable;

    // Later than every op: leaves are filled as soon as their gradient is whole.
    public AccumulateGrad(Tensor variable) : base(variable.Workspace, long.MaxValue, 1, 0)
    {
        _variable = variable.Retain();
        CreatedAt = variable.Workspace.NodesRecorded;
    }

    public override string Name => "torch::autograd::AccumulateGrad";

    public override Tensor? Variable => _variable;

    internal override long CreatedAt { get; }

    internal override Tensor? Vjp(int edge, ReadOnlySpan<Tensor?> gradients, bool createGraph) => null;

    internal override void Begin(ReadOnlySpan<Tensor?> gradients, bool createGraph)
    {
        if (gradients[0] is not { } gradient) return;
        if (!_variable.IsLeaf) throw new AutogradException(ErrorReason.InvalidGradState, "leaf variable has been moved into the graph interior");
        // requires_grad may have been switched off since the graph was recorded.
        if (_variable.RequiresGrad) _variable.AccumulateGradient(gradient, createGraph);
        _variable.RunPostAccumulateGradHooks();
    }

    internal override void Dispose()
    {
        base.Dispose();
        _variable.ForgetAccumulator();
        _variable.Release();
    }
}
