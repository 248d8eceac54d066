using System.Runtime.CompilerServices;

namespace AutogradService.Client;

// Gradients, grad mode, scopes, and calls by name.
public sealed partial class AutogradSession
{
    /// <summary>Turns recording off until the returned scope is disposed (torch.no_grad). Nests; it is a field of each command, so nothing leaks to other sessions.</summary>
    public GradScope NoGrad() => SetGradEnabled(false);

    /// <summary>Turns recording on inside <see cref="NoGrad"/> (torch.enable_grad).</summary>
    public GradScope EnableGrad() => SetGradEnabled(true);

    /// <summary>Sets whether commands are recorded until the returned scope is disposed (torch.set_grad_enabled).</summary>
    /// <param name="enabled">Whether they are.</param>
    public GradScope SetGradEnabled(bool enabled)
    {
        var scope = new GradScope(this, IsGradEnabled, IsInferenceMode, IsAnomalyDetected);
        IsGradEnabled = enabled;
        return scope;
    }

    /// <summary>Opens a scope at whose end the tensors made in it are released, except those kept.</summary>
    public TensorScope Scope()
    {
        var scope = new TensorScope(this, _scope);
        Volatile.Write(ref _scope, scope);
        return scope;
    }

    /// <summary>Seeds the session's random numbers (torch.manual_seed). Equal seeds give equal numbers.</summary>
    /// <param name="seed">The seed.</param>
    public void ManualSeed(ulong seed, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "") =>
        Give(new Wire.Command { SeedRandom = new Wire.SeedRandom { Seed = seed } }, "manual_seed", new Source(sourceFile, sourceLine, sourceMember));

    /// <summary>Sums gradients of several roots into .grad of the leaves (torch.autograd.backward).</summary>
    /// <param name="roots">The tensors to differentiate.</param>
    /// <param name="gradients">A gradient for each root, null where the root has one element; null: none at all.</param>
    /// <param name="retainGraph">Whether saved tensors stay, so that backward can run again; null: as <paramref name="createGraph"/>.</param>
    /// <param name="createGraph">Whether the gradients are themselves recorded.</param>
    /// <param name="inputs">Accumulate into these only; null: into all leaves.</param>
    /// <exception cref="AutogradException">GRAD_OUTPUT_REQUIRED, NO_GRAD_PATH, GRAPH_FREED, TENSOR_MODIFIED, SHAPE_MISMATCH, told by the next awaited call.</exception>
    public void Backward(IReadOnlyList<Tensor> roots, IReadOnlyList<Tensor?>? gradients = null, bool? retainGraph = null, bool createGraph = false, IReadOnlyList<Tensor>? inputs = null, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "")
    {
        ArgumentNullException.ThrowIfNull(roots);
        var backward = new Wire.Backward { CreateGraph = createGraph, DetectAnomaly = IsAnomalyDetected };
        foreach (var root in roots) backward.Roots.Add(HandleOf(root));
        foreach (var gradient in gradients ?? []) backward.GradOutputs.Add(gradient is null ? 0 : HandleOf(gradient));
        if (retainGraph is { } retain) backward.RetainGraph = retain;
        if (inputs is not null)
        {
            backward.Inputs = new Wire.HandleList();
            foreach (var input in inputs) backward.Inputs.Handles.Add(HandleOf(input));
        }
        Give(new Wire.Command { Backward = backward }, "backward", new Source(sourceFile, sourceLine, sourceMember));
        GC.KeepAlive(roots);
        GC.KeepAlive(gradients);
        GC.KeepAlive(inputs);
    }

    /// <summary>Gradients of the outputs with respect to the inputs, as new tensors (torch.autograd.grad). Touches no .grad and returns at once.</summary>
    /// <param name="outputs">The tensors to differentiate.</param>
    /// <param name="inputs">The tensors to differentiate with respect to.</param>
    /// <param name="gradOutputs">A gradient for each output, null where it has one element; null: none at all.</param>
    /// <param name="retainGraph">Whether saved tensors stay; null: as <paramref name="createGraph"/>.</param>
    /// <param name="createGraph">Whether the gradients are themselves recorded, for higher derivatives.</param>
    /// <param name="materializeGrads">Gives zeros for an input that the outputs do not depend on, instead of failing.</param>
    /// <param name="isGradsBatched">Gradients of the outputs hold several cotangents, stacked along a new first dimension; so do the results.</param>
    /// <returns>A gradient for each input.</returns>
    /// <exception cref="AutogradException">NO_GRAD_PATH and those of <see cref="Backward"/>, told by the next awaited call.</exception>
    public Tensor[] Grad(IReadOnlyList<Tensor> outputs, IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor?>? gradOutputs = null, bool? retainGraph = null, bool createGraph = false, bool materializeGrads = false, bool isGradsBatched = false, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "")
    {
        var command = GradCommand(outputs, inputs, gradOutputs, retainGraph, createGraph, false, materializeGrads, isGradsBatched);
        var results = new Tensor[inputs.Count];
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = NewTensor();
            command.ComputeGradients.Out.Add(results[i].Handle);
        }
        Give(command, "grad", new Source(sourceFile, sourceLine, sourceMember));
        GC.KeepAlive((outputs, inputs, gradOutputs));
        return results;
    }

    /// <summary>As <see cref="Grad(IReadOnlyList{Tensor}, IReadOnlyList{Tensor}, IReadOnlyList{Tensor?}?, bool?, bool, bool, bool, string, int, string)"/>, for a one-element output and one input.</summary>
    public Tensor Grad(Tensor output, Tensor input, Tensor? gradOutput = null, bool? retainGraph = null, bool createGraph = false, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "") =>
        Grad([output], [input], gradOutput is null ? null : [gradOutput], retainGraph, createGraph, false, false, sourceFile, sourceLine, sourceMember)[0];

    /// <summary>As the synchronous form with allow_unused: an input that the outputs do not depend on gets null. Awaits the answer.</summary>
    /// <param name="outputs">The tensors to differentiate.</param>
    /// <param name="inputs">The tensors to differentiate with respect to.</param>
    /// <param name="gradOutputs">A gradient for each output, null where it has one element; null: none at all.</param>
    /// <param name="retainGraph">Whether saved tensors stay; null: as <paramref name="createGraph"/>.</param>
    /// <param name="createGraph">Whether the gradients are themselves recorded.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>A gradient for each input, null where it is None.</returns>
    /// <exception cref="AutogradException">Those of <see cref="Backward"/>.</exception>
    public async Task<Tensor?[]> GradAsync(IReadOnlyList<Tensor> outputs, IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor?>? gradOutputs = null, bool? retainGraph = null, bool createGraph = false, CancellationToken cancellation = default, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "")
    {
        var command = GradCommand(outputs, inputs, gradOutputs, retainGraph, createGraph, true, false, false);
        var result = await AskAsync(command, "grad", new Source(sourceFile, sourceLine, sourceMember), cancellation).ConfigureAwait(false);
        return [.. result.Gradients.Gradients_.Select(g => g.Tensor is { } tensor ? NewTensor(tensor.Handle) : null)];
    }

    /// <summary>Sets .grad of tensors to None, or to zeros (an optimizer's zero_grad).</summary>
    /// <param name="tensors">The tensors; null: every tensor of the session.</param>
    /// <param name="setToNone">None rather than zeros.</param>
    public void ZeroGrad(IReadOnlyList<Tensor>? tensors = null, bool setToNone = true, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "")
    {
        if (tensors is { Count: 0 }) return;
        var zero = new Wire.ZeroGrads { FillWithZeros = !setToNone };
        foreach (var tensor in tensors ?? []) zero.Tensors.Add(HandleOf(tensor));
        Give(new Wire.Command { ZeroGrads = zero }, "zero_grad", new Source(sourceFile, sourceLine, sourceMember));
        GC.KeepAlive(tensors);
    }

    /// <summary>Applies an op of the server's catalogue by its name, for ops that this client has no method for.</summary>
    /// <param name="op">Its name: "add", "max.dim".</param>
    /// <param name="operands">Its operands in the schema's order.</param>
    /// <param name="attributes">Its attributes by name; those left out take their defaults.</param>
    /// <param name="requiresGrad">Makes results that are leaves require grad.</param>
    /// <returns>Its results.</returns>
    /// <exception cref="NotSupportedException">Their number depends on the call: use <see cref="ApplyAsync"/>.</exception>
    /// <exception cref="AutogradException">Whatever the op refuses, told by the next awaited call.</exception>
    public Tensor[] Apply(string op, ReadOnlySpan<Operand> operands, IReadOnlyDictionary<string, OpArgument>? attributes = null, bool requiresGrad = false, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "")
    {
        int outputs = Catalog.OutputsOf(op) ?? throw new NotSupportedException($"how many results '{op}' has depends on the call: use {nameof(ApplyAsync)}");
        return Prepare(op, operands, attributes).RequiringGrad(requiresGrad).Run(outputs, new Source(sourceFile, sourceLine, sourceMember));
    }

    /// <summary>As <see cref="Apply"/>, for any op; awaits the answer.</summary>
    /// <param name="op">Its name.</param>
    /// <param name="operands">Its operands in the schema's order.</param>
    /// <param name="attributes">Its attributes by name.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>Its results.</returns>
    /// <exception cref="AutogradException">Whatever the op refuses.</exception>
    public Task<Tensor[]> ApplyAsync(string op, ReadOnlySpan<Operand> operands, IReadOnlyDictionary<string, OpArgument>? attributes = null, CancellationToken cancellation = default, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "") =>
        Prepare(op, operands, attributes).RunAsync(new Source(sourceFile, sourceLine, sourceMember), cancellation);

    /// <summary>Applies an op's in-place form by its name; the first operand is the tensor that is written to.</summary>
    /// <param name="op">Its name.</param>
    /// <param name="operands">Its operands in the schema's order.</param>
    /// <param name="attributes">Its attributes by name.</param>
    /// <returns>The first operand.</returns>
    /// <exception cref="AutogradException">LEAF_MODIFIED, VIEW_MODIFIED and whatever the op refuses, told by the next awaited call.</exception>
    public Tensor ApplyInPlace(string op, ReadOnlySpan<Operand> operands, IReadOnlyDictionary<string, OpArgument>? attributes = null, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "")
    {
        if (operands.Length == 0 || operands[0].Tensor is null) throw new ArgumentException("an in-place op needs a tensor to write to", nameof(operands));
        return Prepare(op, operands, attributes).RunInPlace(new Source(sourceFile, sourceLine, sourceMember));
    }

    /// <summary>The graph behind tensors, after every command given so far.</summary>
    /// <param name="roots">Tensors that require grad.</param>
    /// <param name="nodesMax">Most nodes; 0: as many as the server tells.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="AutogradException">NO_GRAD_PATH, and earlier failures.</exception>
    public async Task<AutogradGraph> GraphAsync(IReadOnlyList<Tensor> roots, int nodesMax = 0, CancellationToken cancellation = default, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "")
    {
        ArgumentNullException.ThrowIfNull(roots);
        var describe = new Wire.DescribeGraph { MaxNodes = (uint)nodesMax, WithDot = true, WithSaved = true };
        foreach (var root in roots) describe.Roots.Add(HandleOf(root));
        var result = await AskAsync(new Wire.Command { DescribeGraph = describe }, "graph", new Source(sourceFile, sourceLine, sourceMember), cancellation).ConfigureAwait(false);
        return new AutogradGraph(result.Graph);
    }

    internal void RestoreModes(bool grad, bool inference, bool anomaly)
    {
        IsGradEnabled = grad;
        IsInferenceMode = inference;
        if (IsAnomalyDetected != anomaly) Pipeline.KeepSources(anomaly);
        IsAnomalyDetected = anomaly;
    }

    internal void EndScope(TensorScope scope, TensorScope? outer)
    {
        if (ReferenceEquals(_scope, scope)) Volatile.Write(ref _scope, outer);
    }

    internal void Give(Wire.Command command, string name, in Source source)
    {
        if (Recording is not null) throw FunctionTrace.Refuse(name);
        SetModes(command);
        Pipeline.Send(command, name, source);
    }

    internal Task<Wire.CommandResult> AskAsync(Wire.Command command, string name, in Source source, CancellationToken cancellation)
    {
        if (Recording is not null) throw FunctionTrace.Refuse(name);
        SetModes(command);
        return Pipeline.AskAsync(command, name, source, cancellation);
    }

    internal void SetModes(Wire.Command command)
    {
        command.NoGrad = !IsGradEnabled;
        command.InferenceMode = IsInferenceMode;
    }

    private OpCall Prepare(string op, ReadOnlySpan<Operand> operands, IReadOnlyDictionary<string, OpArgument>? attributes)
    {
        ArgumentNullException.ThrowIfNull(op);
        var call = OpCall.Begin(this, op);
        foreach (ref readonly var operand in operands) call.In(operand);
        if (attributes is not null)
            foreach (var (name, value) in attributes) call.With(name, value);
        return call;
    }

    private Wire.Command GradCommand(IReadOnlyList<Tensor> outputs, IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor?>? gradOutputs, bool? retainGraph, bool createGraph, bool allowUnused, bool materializeGrads, bool isGradsBatched)
    {
        ArgumentNullException.ThrowIfNull(outputs);
        ArgumentNullException.ThrowIfNull(inputs);
        var compute = new Wire.ComputeGradients { CreateGraph = createGraph, AllowUnused = allowUnused, MaterializeGrads = materializeGrads, IsGradsBatched = isGradsBatched, DetectAnomaly = IsAnomalyDetected };
        foreach (var output in outputs) compute.Outputs.Add(HandleOf(output));
        foreach (var input in inputs) compute.Inputs.Add(HandleOf(input));
        foreach (var gradient in gradOutputs ?? []) compute.GradOutputs.Add(gradient is null ? 0 : HandleOf(gradient));
        if (retainGraph is { } retain) compute.RetainGraph = retain;
        return new Wire.Command { ComputeGradients = compute };
    }
}
