namespace AutogradService.Engine;

// Forward-mode differentiation: see Note [Forward mode].
public sealed partial class Workspace
{
    private readonly HashSet<Tensor> _duals = [];
    private readonly HashSet<OpNode> _nodesWithTangents = [];
    private bool _dualsSuspended;

    /// <summary>Whether a level of forward mode is open.</summary>
    public bool InDualLevel { get; private set; }

    /// <summary>Whether any tensor carries a tangent that ops must push on.</summary>
    internal bool HasDuals => _duals.Count > 0 && !_dualsSuspended;

    /// <summary>Opens the one level of forward mode (torch.autograd.forward_ad.dual_level).</summary>
    /// <returns>Its end, at which all tangents are dropped.</returns>
    /// <exception cref="AutogradException">INVALID_GRAD_STATE: a level is open.</exception>
    public DualLevel EnterDualLevel()
    {
        if (InDualLevel) throw new AutogradException(ErrorReason.InvalidGradState, "Nested forward mode AD is not supported at the moment");
        InDualLevel = true;
        return new DualLevel(this);
    }

    /// <summary>Closes the level: tensors stay, their tangents go.</summary>
    /// <exception cref="AutogradException">INVALID_GRAD_STATE: none is open.</exception>
    public void ExitDualLevel()
    {
        if (!InDualLevel)
            throw new AutogradException(ErrorReason.InvalidGradState, "Trying to exit a forward AD level that was not entered");
        InDualLevel = false;
        Tensor[] all = [.. _duals];
        foreach (var dual in all) dual.DropTangent();
        OpNode[] nodes = [.. _nodesWithTangents];
        _nodesWithTangents.Clear();
        foreach (var node in nodes) node.Retain(); // what one of them lets go may be the last holder of another
        foreach (var node in nodes) node.DropTangents();
        foreach (var node in nodes) node.Release();
    }

    /// <summary>A tensor with the primal's memory and history that carries a tangent.</summary>
    /// <param name="primal">The value; floating.</param>
    /// <param name="tangent">The direction, of the primal's shape and dtype.</param>
    /// <exception cref="AutogradException">INVALID_GRAD_STATE: no level is open, or the primal has a tangent; SHAPE_MISMATCH; INVALID_ATTRIBUTE: a dtype.</exception>
    public Tensor MakeDual(Tensor primal, Tensor tangent)
    {
        if (!InDualLevel)
            throw new AutogradException(ErrorReason.InvalidGradState, "Trying to create a dual Tensor for forward AD but no level exists, make sure to enter_dual_level() first.");
        RequireFloating(primal, "primal");
        RequireFloating(tangent, "tangent");
        if (primal.Tangent is not null)
            throw new AutogradException(ErrorReason.InvalidGradState, "Making a dual Tensor based on a Tensor that already has a forward gradient at the same level 0 is not supported.");
        if (!tangent.Shape.Equals(primal.Shape))
            throw AutogradException.Shape($"Trying to set a forward gradient that has a different size than that of the original Tensor, this is not supported. Tensor is of size {primal.Shape} while the given forward gradient is of size {tangent.Shape}.");
        if (tangent.DType != primal.DType)
            throw AutogradException.Attribute($"Expected tangent to have the dtype of the primal, {primal.DType.TorchName}, but got {tangent.DType.TorchName}");
        var dual = primal.MakeDual();
        dual.SetTangent(tangent);
        return dual;
    }

    /// <summary>The value and the tangent of a tensor; the tangent is null where none arrived, which means zero.</summary>
    public static (Tensor Primal, Tensor? Tangent) UnpackDual(Tensor tensor) => (tensor.FwPrimal(), tensor.Tangent);

    /// <summary>Ops push no tangents until the end of the returned span.</summary>
    internal DualSuspension SuspendDuals()
    {
        var suspension = new DualSuspension(this, _dualsSuspended);
        _dualsSuspended = true;
        return suspension;
    }

    internal void ResumeDuals(bool suspended) => _dualsSuspended = suspended;

    internal void TangentSet(Tensor dual) => _duals.Add(dual);

    internal void TangentsSaved(OpNode node) => _nodesWithTangents.Add(node);

    internal void TangentsDropped(OpNode node)
    {
        if (_nodesWithTangents.Count > 0) _nodesWithTangents.Remove(node);
    }

    internal void TangentDropped(Tensor dual) => _duals.Remove(dual);

    private static void RequireFloating(Tensor t, string what)
    {
        if (!t.DType.IsFloatingPoint)
            throw AutogradException.Attribute($"Expected {what} to be floating point or complex, but got: torch.{t.DType.Name}", TorchErrorType.ValueError);
    }
}

/// <summary>Closes the level of forward mode at its end.</summary>
public readonly struct DualLevel : IDisposable
{
    private readonly Workspace _workspace;

    internal DualLevel(Workspace workspace) => _workspace = workspace;

    /// <summary>Drops all tangents.</summary>
    public void Dispose()
    {
        if (_workspace.InDualLevel) _workspace.ExitDualLevel();
    }
}

/// <summary>Lets ops push tangents again at its end.</summary>
internal readonly struct DualSuspension(Workspace workspace, bool before) : IDisposable
{
    public void Dispose() => workspace.ResumeDuals(before);
}
