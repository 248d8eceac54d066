using AutogradService.Engine.Kernels;

namespace AutogradService.Engine;

/// <summary>Bounds of one workspace.</summary>
public sealed record WorkspaceLimits
{
    /// <summary>Bytes of tensor memory, charged before it is taken.</summary>
    public long BytesMax { get; init; } = long.MaxValue;

    /// <summary>Live graph nodes.</summary>
    public long NodesMax { get; init; } = long.MaxValue;

    /// <summary>Memory that this workspace shares with others; null if only its own quota bounds it.</summary>
    public MemoryBudget? Shared { get; init; }
}

/// <summary>
/// Everything one session owns: memory, graph, grad mode, random numbers. Single-threaded and synchronous; parallelism lives inside kernels.
/// Tensors that nobody retains live until the innermost <see cref="Scope"/> ends, or as long as the workspace.
/// </summary>
public sealed partial class Workspace : IDisposable
{
    private readonly StoragePool _pool;
    private readonly WorkspaceLimits _limits;
    private const int FreeNodesMax = 4096;
    private Node? _discarded;
    private OpNode? _freeNodes;
    private int _freeNodesCount;
    private Tensor?[] _temporaries = new Tensor?[64];
    private int _temporariesCount;
    private BackwardPass? _backward;
    private long _sequence;
    private int _passes;
    private bool _discarding;
    private bool _disposed;

    /// <summary>Creates a workspace.</summary>
    /// <param name="limits">Bounds; without, only memory itself bounds it.</param>
    /// <param name="seed">Seed of the random numbers.</param>
    public Workspace(WorkspaceLimits? limits = null, ulong seed = 0)
    {
        _limits = limits ?? new WorkspaceLimits();
        _pool = new StoragePool(_limits.BytesMax, _limits.Shared);
        Random = new Philox(seed);
    }

    /// <summary>A workspace in which a function is recorded: Note [Recording].</summary>
    internal Workspace(WorkspaceLimits limits, Functions.Recorder recorder)
    {
        _limits = limits;
        _pool = new StoragePool(limits.BytesMax) { Valueless = true };
        Random = new Philox(0);
        Recorder = recorder;
    }

    /// <summary>Frees native memory of a workspace that was not disposed.</summary>
    ~Workspace() => _pool.FreeAll();

    /// <summary>What takes kernels down instead of running them; null outside of recorded functions.</summary>
    internal Functions.Recorder? Recorder { get; set; }

    /// <summary>Where memory comes from.</summary>
    internal StoragePool Pool => _pool;

    /// <summary>Whether ops are recorded.</summary>
    public bool GradEnabled { get; private set; } = true;

    /// <summary>Whether tensors are made that autograd will never see.</summary>
    public bool InInferenceMode { get; private set; }

    /// <summary>Whether nothing that is applied now can be recorded or carry a tangent.</summary>
    internal bool NeverRecords => !GradEnabled && !HasDuals;

    /// <summary>Whether there may be inference tensors.</summary>
    internal bool UsedInference { get; private set; }

    /// <summary>Whether a backward pass stops at the first node that makes a NaN, and names it (torch.autograd.set_detect_anomaly).</summary>
    public bool DetectAnomaly { get; set; }

    /// <summary>The counter-based random numbers of rand, randn and dropout.</summary>
    public Philox Random { get; }

    /// <summary>Bytes of tensor memory in use.</summary>
    public long LiveBytes => _pool.LiveBytes;

    /// <summary>The most bytes in use at once so far.</summary>
    public long PeakBytes => _pool.PeakBytes;

    /// <summary>Graph nodes alive.</summary>
    public long LiveNodes { get; private set; }

    /// <summary>Floating-point operations done so far, as ops count them (<see cref="Op.Flops"/>).</summary>
    public long Flops { get; private set; }

    /// <summary>Graph nodes that backward passes have reached so far.</summary>
    public long NodesReached { get; internal set; }

    /// <summary>Looked at between graph nodes and inside long kernels.</summary>
    public CancellationToken Cancellation { get; set; }

    /// <summary>Marks nodes recorded from now on with the caller's name for the command, for messages and graphs.</summary>
    public ulong Tag { get; set; }

    /// <summary>Gives memory kept for reuse back to the system.</summary>
    public void Trim()
    {
        _pool.Trim();
        _freeNodes = null;
        _freeNodesCount = 0;
        if (_temporariesCount == 0) _temporaries = new Tensor?[64];
    }

    /// <summary>Frees everything at once; no tensor of the workspace may be used afterwards.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        _temporaries = [];
        _temporariesCount = 0;
        _pool.FreeAll();
        GC.SuppressFinalize(this);
    }

    /// <summary>Opens a scope at whose end unowned tensors made since are freed.</summary>
    public TensorScope Scope() => new(this, _temporariesCount);

    /// <summary>Stops recording until the returned mode is disposed; nests.</summary>
    public GradMode NoGrad() => SetGradEnabled(false);

    /// <summary>Records again inside <see cref="NoGrad"/>.</summary>
    public GradMode EnableGrad() => SetGradEnabled(true);

    /// <summary>Sets whether ops are recorded until the returned mode is disposed.</summary>
    public GradMode SetGradEnabled(bool enabled)
    {
        var mode = new GradMode(this, GradEnabled, InInferenceMode);
        GradEnabled = enabled;
        return mode;
    }

    /// <summary>Enters inference mode until the returned mode is disposed: nothing is recorded, and tensors made cannot be used in autograd later. Or leaves it.</summary>
    public GradMode InferenceMode(bool enabled = true)
    {
        var mode = new GradMode(this, GradEnabled, InInferenceMode);
        GradEnabled = !enabled;
        InInferenceMode = enabled;
        UsedInference |= enabled;
        return mode;
    }

    internal void RestoreGradMode(bool enabled, bool inference)
    {
        GradEnabled = enabled;
        InInferenceMode = inference;
    }

    /// <summary>What a view made now is marked with.</summary>
    /// <param name="recorded">The mark if its making is recorded.</param>
    internal ViewOrigin ViewOrigin(ViewOrigin recorded) => InInferenceMode ? Engine.ViewOrigin.Inference : GradEnabled ? recorded : Engine.ViewOrigin.NoGrad;

    /// <summary>Applies an op.</summary>
    /// <param name="op">The op with its attributes.</param>
    /// <param name="inputs">Its tensors in the order of the signature, null where absent.</param>
    /// <returns>Its first, or only, result, unowned.</returns>
    /// <exception cref="AutogradException">Whatever the op refuses; nothing has changed then.</exception>
    public Tensor Apply(Op op, params ReadOnlySpan<Tensor?> inputs) => op.Run(this, inputs);

    /// <summary>Applies an op with several results.</summary>
    public Tensor[] ApplyMany(Op op, params ReadOnlySpan<Tensor?> inputs) => op.RunMany(this, inputs);

    /// <summary>Applies an op over its first input.</summary>
    /// <returns>The first input.</returns>
    public Tensor ApplyInPlace(Op op, params ReadOnlySpan<Tensor?> inputs)
    {
        // A value is changed as a whole or not at all.
        using var whole = Kernels.WorkerPool.Interruptible(CancellationToken.None);
        return op switch
        {
            ComputeOp compute when op.Schema.CanInPlace => compute.RunInPlace(this, inputs),
            UpdateOp update => update.RunInPlace(this, inputs),
            ViewOp view when op.Schema.CanInPlace => view.RunInPlace(this, inputs),
            CompositeOp composite when op.Schema.CanInPlace => composite.ComposeInPlace(this, new Inputs(inputs, default)),
            _ => throw new AutogradException(ErrorReason.InvalidAttribute, $"'{op.Schema.Name}' has no in-place form"),
        };
    }

    /// <summary>Refuses unless the only element is true. In a recorded function it is looked at by every run.</summary>
    internal void Require(Tensor condition, Func<AutogradException> refusal)
    {
        Check(condition, t =>
        {
            if (t.Item() == 0) throw refusal();
        });
    }

    /// <summary>Looks at values, to refuse them; now, or in a recorded function by every run.</summary>
    internal void Check(Tensor tensor, Action<Tensor> check)
    {
        if (Recorder is not null && !tensor.Storage.HasValues) Recorder.Check(tensor, check);
        else check(tensor);
    }

    /// <summary>A tensor without history over elements given row-major.</summary>
    /// <exception cref="AutogradException">PAYLOAD_SIZE_MISMATCH.</exception>
    public Tensor FromBytes(ReadOnlySpan<byte> data, Shape shape, DType dtype)
    {
        if (data.Length != shape.Numel * dtype.ItemSize)
            throw new AutogradException(ErrorReason.PayloadSizeMismatch, $"shape '{shape}' of dtype {dtype.Name} takes {shape.Numel * dtype.ItemSize} bytes, but got {data.Length}");
        var t = RawEmpty(shape, dtype);
        Recorder?.Fix(t);
        data.CopyTo(t.Bytes);
        if (dtype == DType.Bool)
            foreach (ref byte b in t.Bytes) b = b != 0 ? (byte)1 : (byte)0;
        return t;
    }

    /// <summary>A tensor over numbers given row-major, converted to the dtype.</summary>
    public unsafe Tensor FromArray<T>(ReadOnlySpan<T> values, Shape shape, DType? dtype = null) where T : unmanaged
    {
        var own = DTypeOf<T>();
        var t = FromBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(values), shape, own);
        return dtype is { } to && to != own ? RawCast(t, to) : t;
    }

    /// <summary>A tensor whose memory is reserved and charged but not written; fill it with <see cref="Tensor.WriteBytes"/>.</summary>
    public Tensor Uninitialized(Shape shape, DType dtype) => RawEmpty(shape, dtype);

    /// <summary>A number as a 0-d tensor that is weak in type promotion.</summary>
    public Tensor WrappedNumber(Scalar number)
    {
        var storage = _pool.Take(number.DType.ItemSize);
        var t = new Tensor(this, storage, Shape.Scalar, Shape.Scalar.ContiguousStrides, 0, number.DType) { IsWrappedNumber = true };
        Fill.All(t, number);
        return t;
    }

    /// <summary>Accumulates the gradients of the roots into the .grad of leaves, or of the chosen inputs only.</summary>
    /// <param name="roots">Tensors that require grad; their order does not matter.</param>
    /// <param name="gradients">A gradient for each root, or null where the root has one element; empty for all implicit.</param>
    /// <param name="inputs">Accumulate only here; empty with <paramref name="chosen"/> false for every leaf.</param>
    /// <param name="retainGraph">Keep what the graph saved; defaults to <paramref name="createGraph"/>.</param>
    /// <param name="createGraph">Record the backward, for higher derivatives.</param>
    /// <param name="chosen">Whether <paramref name="inputs"/> was given.</param>
    /// <exception cref="AutogradException">GRAD_OUTPUT_REQUIRED, NO_GRAD_PATH, GRAPH_FREED, TENSOR_MODIFIED, SHAPE_MISMATCH.</exception>
    public void Backward(ReadOnlySpan<Tensor> roots, ReadOnlySpan<Tensor?> gradients = default, ReadOnlySpan<Tensor> inputs = default, bool? retainGraph = null, bool createGraph = false, bool chosen = false)
    {
        if (chosen && inputs.Length == 0)
            throw AutogradException.Attribute("`inputs` argument to `backward()` cannot be empty.");
        using var scope = Scope();
        var seeds = Seeds(roots, gradients, createGraph);
        foreach (var input in inputs) input.RetainGrad();
        RunPass(roots, seeds, inputs, null, chosen || inputs.Length > 0, retainGraph ?? createGraph, createGraph);
    }

    /// <summary>torch.autograd.grad: the gradients of the outputs with respect to the inputs, touching no .grad.</summary>
    /// <returns>A gradient for each input, unowned; null where an input was not used and that is allowed.</returns>
    /// <exception cref="AutogradException">As <see cref="Backward"/>; NO_GRAD_PATH also for an unused input.</exception>
    public Tensor?[] Gradients(ReadOnlySpan<Tensor> outputs, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor?> gradOutputs = default, bool? retainGraph = null, bool createGraph = false, bool? allowUnused = null, bool materialize = false)
    {
        return GradientsSince(0, outputs, inputs, gradOutputs, retainGraph, createGraph, allowUnused, materialize);
    }

    // Note [Passes within passes]
    // A pass keeps its state in the nodes. One that runs while another does (a tangent of a gradient, a checkpoint) must stay away from the other's nodes: it is told
    // from where on its own graph was recorded, and follows no edge to what is older.
    internal Tensor?[] GradientsSince(long since, ReadOnlySpan<Tensor> outputs, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor?> gradOutputs = default, bool? retainGraph = null, bool createGraph = false, bool? allowUnused = null, bool materialize = false)
    {
        if (materialize && allowUnused == false)
            throw AutogradException.Attribute("Expected allow_unused to be True or not passed when materialize_grads=True, but got: allow_unused=False.", TorchErrorType.ValueError);
        if (inputs.Length == 0) throw AutogradException.Attribute("grad requires non-empty inputs.", TorchErrorType.ValueError);
        var captured = new Tensor?[inputs.Length];
        using (var scope = Scope())
        {
            var seeds = Seeds(outputs, gradOutputs, createGraph);
            foreach (var input in inputs)
                if (!input.RequiresGrad) throw new AutogradException(ErrorReason.NoGradPath, "One of the differentiated Tensors does not require grad");
            RunPass(outputs, seeds, inputs, captured, true, retainGraph ?? createGraph, createGraph, since);
        }
        for (int i = 0; i < captured.Length; i++)
        {
            if (captured[i] is { } g) Autorelease(g);
            else if (materialize) captured[i] = RawFull(inputs[i].Shape, 0.0, inputs[i].DType);
        }
        if (allowUnused != true && !materialize && Array.IndexOf(captured, null) >= 0)
            throw new AutogradException(ErrorReason.NoGradPath, "One of the differentiated Tensors appears to not have been used in the graph. Set allow_unused=True if this is the desired behavior.");
        return captured;
    }

    private Tensor[] Seeds(ReadOnlySpan<Tensor> roots, ReadOnlySpan<Tensor?> gradients, bool createGraph)
    {
        if (roots.Length == 0) throw AutogradException.Attribute("backward needs at least one tensor to start from");
        if (gradients.Length != 0 && gradients.Length != roots.Length)
            throw AutogradException.Attribute($"got {roots.Length} tensors and {gradients.Length} gradients");
        var seeds = new Tensor[roots.Length];
        for (int i = 0; i < roots.Length; i++)
        {
            var gradient = gradients.Length > 0 ? gradients[i] : null;
            if (gradient is not null)
            {
                if (!gradient.Shape.Equals(roots[i].Shape))
                    throw AutogradException.Shape($"Mismatch in shape: grad_output[{i}] has a shape of torch.Size({gradient.Shape}) and output[{i}] has a shape of torch.Size({roots[i].Shape}).");
                seeds[i] = gradient;
            }
            else if (roots[i].RequiresGrad)
            {
                if (roots[i].Numel != 1) throw new AutogradException(ErrorReason.GradOutputRequired, "grad can be implicitly created only for scalar outputs");
                seeds[i] = RawFull(roots[i].Shape, 1.0, roots[i].DType);
            }
        }
        for (int i = 0; i < roots.Length; i++)
            if (!roots[i].TakesGradient)
                throw new AutogradException(ErrorReason.NoGradPath, $"element {i} of tensors does not require grad and does not have a grad_fn");
        return seeds;
    }

    private void RunPass(ReadOnlySpan<Tensor> roots, Tensor[] seeds, ReadOnlySpan<Tensor> inputs, Tensor?[]? captured, bool chosen, bool keepGraph, bool createGraph, long since = 0)
    {
        var edges = new Edge[roots.Length];
        for (int i = 0; i < edges.Length; i++) edges[i] = roots[i].GradientEdge();
        var targets = new Edge[inputs.Length];
        for (int i = 0; i < targets.Length; i++) targets[i] = inputs[i].GradientEdge();
        using (SetGradEnabled(createGraph))
        {
            // A pass's state is kept for the next one; one that runs inside another (a hook that differentiates) gets its own.
            var pass = Interlocked.Exchange(ref _backward, null) ?? new BackwardPass(this);
            foreach (var edge in edges) edge.Node!.Retain();
            foreach (var edge in targets) edge.Node?.Retain();
            try
            {
                pass.Run(edges, seeds, targets, captured, chosen, keepGraph, createGraph, since);
                _backward = pass;
            }
            catch
            {
                if (captured is not null)
                    foreach (ref var g in captured.AsSpan())
                    {
                        g?.Release();
                        g = null;
                    }
                throw;
            }
            finally
            {
                foreach (var edge in edges) edge.Node!.Release();
                foreach (var edge in targets) edge.Node?.Release();
            }
        }
    }

    internal void CountFlops(long count) => Flops += count;

    internal int NextPass() => ++_passes;

    internal long NextSequenceNumber() => _sequence++;

    internal long NodesRecorded => _sequence;

    internal void NodeCreated()
    {
        EnsureNodes(1);
        LiveNodes++;
    }

    /// <summary>Refuses unless that many more nodes fit: asked before a step that must not stop halfway.</summary>
    internal void EnsureNodes(int count)
    {
        if (LiveNodes > _limits.NodesMax - count)
            throw new AutogradException(ErrorReason.QuotaNodes, $"the session may hold {_limits.NodesMax} graph nodes: {LiveNodes} are in use");
    }

    /// <summary>Takes nodes apart that nothing refers to: a worklist, so that dropping a long chain does not recurse.</summary>
    internal void Discard(Node node)
    {
        node.Next = _discarded;
        _discarded = node;
        if (_discarding) return;
        _discarding = true;
        while (_discarded is { } next)
        {
            _discarded = next.Next;
            next.Next = null;
            LiveNodes--;
            next.Dispose();
        }
        _discarding = false;
    }

    /// <summary>A node that was taken apart, to be used again; null if there is none.</summary>
    internal OpNode? TakeFreeNode()
    {
        if (_freeNodes is not { } node) return null;
        _freeNodes = (OpNode?)node.Next;
        node.Next = null;
        _freeNodesCount--;
        return node;
    }

    internal void KeepFreeNode(OpNode node)
    {
        if (_freeNodesCount == FreeNodesMax) return;
        _freeNodesCount++;
        node.Next = _freeNodes;
        _freeNodes = node;
    }

    internal void Adopt(Tensor tensor)
    {
        tensor.InScope = true;
        int count = _temporariesCount;
        if (count == _temporaries.Length) Array.Resize(ref _temporaries, Math.Max(64, 2 * count));
        _temporaries[count] = tensor;
        _temporariesCount = count + 1;
    }

    /// <summary>Gives up one ownership to the current scope.</summary>
    public void Autorelease(Tensor tensor)
    {
        if (!tensor.InScope) Adopt(tensor);
        tensor.Release();
    }

    internal void EndScope(int start)
    {
        // From the end, and one by one: freeing runs no user code and makes no tensors.
        var temporaries = _temporaries;
        for (int i = _temporariesCount - 1; i >= start; i--)
        {
            var t = temporaries[i]!;
            temporaries[i] = null;
            t.InScope = false;
            if (t.Owners == 0) t.Free();
        }
        if (start < _temporariesCount) _temporariesCount = start;
    }

    // More than any quota; what it is rounded up to is still a number.
    private const long UnthinkableBytes = 1L << 62;

    internal Tensor RawEmpty(Shape shape, DType dtype) =>
        new(this, _pool.Take(checked(shape.Numel * dtype.ItemSize)), shape, shape.ContiguousStrides, 0, dtype);

    internal Tensor RawEmptyStrided(Shape shape, long[] strides, DType dtype)
    {
        // Sizes and strides that anybody may choose: their product does not wrap, it is refused.
        Int128 extent = shape.Numel == 0 ? 0 : 1;
        for (int i = 0; i < strides.Length && extent > 0; i++) extent += (Int128)(shape[i] - 1) * strides[i];
        var bytes = extent * dtype.ItemSize;
        return new Tensor(this, _pool.Take(bytes > UnthinkableBytes ? UnthinkableBytes : (long)bytes), shape, strides, 0, dtype);
    }

    /// <summary>All elements of a tensor's storage, one after the other.</summary>
    internal Tensor RawWhole(Tensor t)
    {
        var shape = Shape.Of([t.Storage.Bytes / t.DType.ItemSize]);
        t.Storage.Retain();
        return new Tensor(this, t.Storage, shape, shape.ContiguousStrides, 0, t.DType);
    }

    internal Tensor RawFull(Shape shape, Scalar value, DType dtype)
    {
        var t = RawEmpty(shape, dtype);
        Fill.All(t, value);
        return t;
    }

    /// <summary>A contiguous copy without history.</summary>
    internal Tensor RawClone(Tensor t)
    {
        var copy = new Tensor(this, _pool.Take(t.ByteLength), t.Shape, t.Shape.ContiguousStrides, 0, t.DType) { IsWrappedNumber = t.IsWrappedNumber };
        Transfer.Into(t, copy);
        return copy;
    }

    /// <summary>The tensor itself, or its values in another dtype, without history.</summary>
    internal Tensor RawCast(Tensor t, DType dtype)
    {
        if (t.DType == dtype) return t;
        var copy = RawEmpty(t.Shape, dtype);
        Transfer.Into(t, copy);
        return copy;
    }

    /// <summary>The tensor itself if its elements are row-major without gaps, else a copy that is.</summary>
    internal Tensor RawContiguous(Tensor t) => t.IsContiguous ? t : RawClone(t);

    // Note [Broadcast gradients]
    // A VJP may return a gradient of the broadcast shape and of the promoted dtype; here, and only here, it is summed and cast to what the operand was.
    internal static Tensor ReduceTo(Tensor gradient, Shape shape, DType dtype, Node? from = null, int edge = 0)
    {
        if (!gradient.Shape.Equals(shape))
        {
            if (!shape.BroadcastsTo(gradient.Shape))
                throw AutogradException.Shape($"Function {from?.Name} returned an invalid gradient at index {Enumerable.Range(0, edge).Count(i => from!.Differentiates(i))} - got {gradient.Shape} but expected shape compatible with {shape}");
            gradient = gradient.SumToSize(Dims.Of(shape));
        }
        return gradient.DType == dtype ? gradient : gradient.To(dtype);
    }

    internal static DType DTypeOf<T>() where T : unmanaged =>
        typeof(T) == typeof(float) ? DType.Float32
        : typeof(T) == typeof(double) ? DType.Float64
        : typeof(T) == typeof(long) ? DType.Int64
        : typeof(T) == typeof(int) ? DType.Int32
        : typeof(T) == typeof(bool) ? DType.Bool
        : typeof(T) == typeof(byte) ? DType.UInt8
        : typeof(T) == typeof(sbyte) ? DType.Int8
        : typeof(T) == typeof(short) ? DType.Int16
        : typeof(T) == typeof(Half) ? DType.Float16
        : throw new ArgumentException($"no dtype holds {typeof(T)}");
}

/// <summary>At its end, frees the tensors that were made in it and that nobody retained.</summary>
public readonly struct TensorScope : IDisposable
{
    private readonly Workspace _workspace;
    private readonly int _start;

    internal TensorScope(Workspace workspace, int start)
    {
        _workspace = workspace;
        _start = start;
    }

    /// <summary>Ends the scope.</summary>
    public void Dispose() => _workspace.EndScope(_start);
}

/// <summary>Restores grad and inference mode at its end.</summary>
public readonly struct GradMode : IDisposable
{
    private readonly Workspace _workspace;
    private readonly bool _before;
    private readonly bool _inference;

    internal GradMode(Workspace workspace, bool before, bool inference)
    {
        _workspace = workspace;
        _before = before;
        _inference = inference;
    }

    /// <summary>Restores the mode.</summary>
    public void Dispose() => _workspace.RestoreGradMode(_before, _inference);
}
