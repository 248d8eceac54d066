using System.Runtime.CompilerServices;

namespace AutogradService.Client;

// Gradients and graph.
public sealed partial class Tensor
{
    /// <summary>The tensor that is now this one's .grad, as an operand like any other; taken without waiting. Reading it tells if it is None; see also <see cref="GradAsync"/>.</summary>
    public Tensor Grad
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        get
        {
            var source = Session.OperatorSource();
            var grad = Session.NewTensor(isGrad: true);
            Session.Give(new Wire.Command { AliasGrad = new Wire.AliasGrad { Tensor = Session.HandleOf(this), Out = grad.Handle } }, "grad", source);
            GC.KeepAlive(this);
            return grad;
        }
    }

    /// <summary>The tensor that is now this one's .grad; null if that is None.</summary>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="AutogradException">This or an earlier command failed.</exception>
    public async Task<Tensor?> GradAsync(CancellationToken cancellation = default, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "")
    {
        var grad = Session.NewTensor(isGrad: true);
        var command = new Wire.Command { AliasGrad = new Wire.AliasGrad { Tensor = Session.HandleOf(this), Out = grad.Handle } };
        var asking = Session.AskAsync(command, "grad", new Source(sourceFile, sourceLine, sourceMember), cancellation);
        GC.KeepAlive(this);
        if ((await asking.ConfigureAwait(false)).Outputs.Tensors.Count > 0) return grad;
        grad.Dispose();
        return null;
    }

    /// <summary>Whether .grad is there; None differs from zeros.</summary>
    /// <inheritdoc cref="DescribeAsync"/>
    public async Task<bool> HasGradAsync(CancellationToken cancellation = default, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "") =>
        (await DescribeAsync(cancellation, sourceFile, sourceLine, sourceMember).ConfigureAwait(false)).HasGrad;

    /// <summary>Whether gradients flow to or through it.</summary>
    /// <inheritdoc cref="DescribeAsync"/>
    public async Task<bool> RequiresGradAsync(CancellationToken cancellation = default, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "") =>
        (await DescribeAsync(cancellation, sourceFile, sourceLine, sourceMember).ConfigureAwait(false)).RequiresGrad;

    /// <summary>Whether it has no grad_fn.</summary>
    /// <inheritdoc cref="DescribeAsync"/>
    public async Task<bool> IsLeafAsync(CancellationToken cancellation = default, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "") =>
        (await DescribeAsync(cancellation, sourceFile, sourceLine, sourceMember).ConfigureAwait(false)).IsLeaf;

    /// <summary>Name of the graph node that made it, as PyTorch names it ("MulBackward0"); null: none.</summary>
    /// <inheritdoc cref="DescribeAsync"/>
    public async Task<string?> GradFnAsync(CancellationToken cancellation = default, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "") =>
        (await DescribeAsync(cancellation, sourceFile, sourceLine, sourceMember).ConfigureAwait(false)).GradFn;

    /// <summary>Sums the gradient of this tensor into .grad of the leaves it was made of (torch.Tensor.backward). Returns at once.</summary>
    /// <param name="gradient">Gradient with respect to this tensor; needed unless it has one element.</param>
    /// <param name="retainGraph">Whether saved tensors stay, so that backward can run again; null: as <paramref name="createGraph"/>.</param>
    /// <param name="createGraph">Whether the gradients are themselves recorded.</param>
    /// <param name="inputs">Accumulate into these only; null: into all leaves.</param>
    /// <exception cref="AutogradException">GRAD_OUTPUT_REQUIRED, NO_GRAD_PATH, GRAPH_FREED, TENSOR_MODIFIED, told by the next awaited call.</exception>
    public void Backward(Tensor? gradient = null, bool? retainGraph = null, bool createGraph = false, IReadOnlyList<Tensor>? inputs = null, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "") =>
        Session.Backward([this], gradient is null ? null : [gradient], retainGraph, createGraph, inputs, sourceFile, sourceLine, sourceMember);

    /// <summary>Sets .grad to None, or to zeros.</summary>
    /// <param name="setToNone">None rather than zeros.</param>
    public void ZeroGrad(bool setToNone = true, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "") =>
        Session.ZeroGrad([this], setToNone, sourceFile, sourceLine, sourceMember);

    /// <summary>Assigns .grad, shared rather than copied.</summary>
    /// <param name="grad">A tensor of this one's shape and dtype; null: None.</param>
    public void SetGrad(Tensor? grad, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "") =>
        Give(new Wire.Command { SetGrad = new Wire.SetGrad { Tensor = Session.HandleOf(this), Grad = grad is null ? 0 : Session.HandleOf(grad) } }, "set_grad", new Source(sourceFile, sourceLine, sourceMember), grad);

    /// <summary>Sets whether gradients are accumulated into it (requires_grad_).</summary>
    /// <param name="requiresGrad">Only floating dtypes take true, only leaves false.</param>
    /// <returns>The tensor itself.</returns>
    /// <exception cref="AutogradException">INVALID_GRAD_STATE, told by the next awaited call.</exception>
    public Tensor SetRequiresGrad(bool requiresGrad = true, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "") =>
        Give(new Wire.Command { SetRequiresGrad = new Wire.SetRequiresGrad { Tensor = Session.HandleOf(this), RequiresGrad = requiresGrad } }, "requires_grad_", new Source(sourceFile, sourceLine, sourceMember));

    /// <summary>Makes backward keep the gradient of this tensor though it is no leaf.</summary>
    /// <returns>The tensor itself.</returns>
    public Tensor RetainGrad([CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "") =>
        Give(new Wire.Command { RetainGrad = new Wire.RetainGrad { Tensor = Session.HandleOf(this) } }, "retain_grad", new Source(sourceFile, sourceLine, sourceMember));

    /// <summary>Takes the tensor out of the graph, in place (detach_).</summary>
    /// <returns>The tensor itself.</returns>
    public Tensor DetachInPlace([CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "") =>
        Give(new Wire.Command { DetachInPlace = new Wire.DetachInPlace { Tensor = Session.HandleOf(this) } }, "detach_", new Source(sourceFile, sourceLine, sourceMember));

    /// <summary>Registers something to be done on the server to this tensor's gradient whenever backward has computed it.</summary>
    /// <param name="hook">What.</param>
    /// <returns>What removes it again.</returns>
    /// <exception cref="AutogradException">INVALID_GRAD_STATE if the tensor does not require grad, told by the next awaited call.</exception>
    public RegisteredHook RegisterHook(GradientHook hook, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "")
    {
        ArgumentNullException.ThrowIfNull(hook);
        if (Session.Recording is not null) throw FunctionTrace.Refuse("register_hook");
        var asking = Session.Pipeline.Request(new Wire.Command { RegisterHook = hook.ToWire(Session.HandleOf(this)) }, "register_hook", new Source(sourceFile, sourceLine, sourceMember));
        GC.KeepAlive(this);
        return new RegisteredHook(Session, asking);
    }

    /// <summary>The graph behind this tensor.</summary>
    /// <param name="nodesMax">Most nodes; 0: as many as the server tells.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="AutogradException">This or an earlier command failed.</exception>
    public Task<AutogradGraph> GraphAsync(int nodesMax = 0, CancellationToken cancellation = default, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "") =>
        Session.GraphAsync([this], nodesMax, cancellation, sourceFile, sourceLine, sourceMember);

    private Tensor Give(Wire.Command command, string name, in Source source, Tensor? other = null)
    {
        Session.Give(command, name, source);
        GC.KeepAlive(this);
        GC.KeepAlive(other);
        return this;
    }
}
