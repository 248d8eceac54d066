using System.Numerics;

namespace AutogradService.Engine;

/// <summary>The recorded application of an op: its edges, and what it saved.</summary>
internal sealed class OpNode : Node
{
    // Most ops have two inputs at most.
    private readonly Edge[]? _edges;
    private Edge _first;
    private Edge _second;
    private readonly Op _op;
    private SavedTensor[]? _saved;
    private bool _freed;

    public OpNode(Workspace workspace, Op op, string name, ReadOnlySpan<Tensor?> inputs, int outputs) : base(workspace, NumberAfter(workspace, op, inputs), outputs)
    {
        _op = op;
        Name = name;
        EdgeCount = inputs.Length;
        if (inputs.Length > 2) _edges = new Edge[inputs.Length];
        try
        {
            for (int i = 0; i < inputs.Length; i++)
            {
                if (inputs[i] is not { } input) continue;
                ref var edge = ref EdgeSlot(i);
                edge = op.Schema.Differentiates(i, inputs.Length) ? input.GradientEdge() : new Edge(null, 0, input.Shape, input.DType);
                edge.Node?.Retain();
            }
        }
        catch
        {
            workspace.Discard(this); // a leaf's accumulator went over the node quota: let the edges made so far go
            throw;
        }
    }

    // A view whose base was written gets its history when somebody asks for it: here, before this node takes its number, so that every edge points to an older node.
    private static long NumberAfter(Workspace workspace, Op op, ReadOnlySpan<Tensor?> inputs)
    {
        for (int i = 0; i < inputs.Length; i++)
            if (inputs[i] is { IsView: true } view && op.Schema.Differentiates(i, inputs.Length))
                _ = view.GradFn;
        return workspace.NextSequenceNumber();
    }

    public override string Name { get; }

    public override IEnumerable<SavedTensorInfo> Saved
    {
        get
        {
            foreach (var saved in _saved ?? [])
                if (saved.IsKept) yield return saved.Describe(_op.Schema.SlotName(saved.Slot, EdgeCount));
        }
    }

    public override bool IsFreed => _freed;

    internal Op Op => _op;

    internal override int EdgeCount { get; }

    internal override ref readonly Edge EdgeAt(int index) => ref EdgeSlot(index);

    private ref Edge EdgeSlot(int index)
    {
        if (_edges is not null) return ref _edges[index];
        if (index == 0) return ref _first;
        return ref _second;
    }

    internal override bool Differentiates(int edge) => EdgeSlot(edge).Shape is not null && _op.Schema.Differentiates(edge, EdgeCount);

    /// <summary>Saves inputs; call before an in-place op overwrites them.</summary>
    /// <param name="saves">The op's declaration.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="cloneFirst">The op overwrites its first input: keep a copy of that one.</param>
    /// <param name="cloneShared">Keep copies of the others that show its memory too: they are asked for again at once.</param>
    public void SaveInputs(Saves saves, ReadOnlySpan<Tensor?> inputs, bool cloneFirst, bool cloneShared = false)
    {
        int count = BitOperations.PopCount(saves.Inputs) + BitOperations.PopCount(saves.Outputs);
        if (count == 0) return;
        if (Workspace.UsedInference) RefuseInference(saves, inputs, cloneFirst);
        _saved = new SavedTensor[count];
        int next = 0;
        for (int i = 0; i < inputs.Length && i < 64; i++)
            if ((saves.Inputs >> i & 1) != 0 && inputs[i] is { } input)
                _saved[next++] = new SavedTensor(i == 0 && cloneFirst || cloneShared && ReferenceEquals(input.Storage, inputs[0]!.Storage) ? Copy(input) : input, i);
        for (; next < count; next++) _saved[next] = default;
        if (Workspace.HasDuals) Workspace.TangentsSaved(this);
    }

    private Tensor Copy(Tensor overwritten)
    {
        var copy = Workspace.RawClone(overwritten);
        if (Workspace.HasDuals && overwritten.Tangent is { } tangent) copy.SetTangent(tangent.Clone());
        return copy;
    }

    private void RefuseInference(Saves saves, ReadOnlySpan<Tensor?> inputs, bool cloneFirst)
    {
        for (int i = cloneFirst ? 1 : 0; i < inputs.Length && i < 64; i++)
            if ((saves.Inputs >> i & 1) != 0 && inputs[i] is { IsInference: true })
            {
                if (!cloneFirst) Workspace.Discard(this); // not retained yet: nobody else will
                throw new AutogradException(ErrorReason.InvalidGradState, "Inference tensors cannot be saved for backward. To work around you can make a clone to get a normal tensor and use it in autograd.");
            }
    }

    /// <summary>Saves outputs, after the forward ran.</summary>
    public void SaveOutputs(Saves saves, ReadOnlySpan<Tensor> outputs)
    {
        if (saves.Outputs == 0) return;
        int next = _saved!.Length - BitOperations.PopCount(saves.Outputs);
        for (int i = 0; i < outputs.Length && i < 64; i++)
            if ((saves.Outputs >> i & 1) != 0) _saved[next++] = new SavedTensor(outputs[i], EdgeCount + i);
    }

    /// <summary>Keeps the tangents of saved outputs, for a gradient that is to have one. Their history may lead back here: the end of the dual level breaks that circle.</summary>
    public void SaveTangents(ReadOnlySpan<Tensor> outputs)
    {
        foreach (ref var saved in _saved.AsSpan())
            if (saved.Slot >= EdgeCount && outputs[saved.Slot - EdgeCount].Tangent is { } tangent) saved.KeepTangent(tangent);
    }

    /// <summary>At the end of the dual level.</summary>
    public void DropTangents()
    {
        foreach (ref var saved in _saved.AsSpan()) saved.DropTangent();
    }

    internal override Tensor? Vjp(int edge, ReadOnlySpan<Tensor?> gradients, bool createGraph) =>
        _op.BackwardEdge(edge, new Grads(gradients, Workspace, this), new Saved(this, createGraph));

    internal Tensor Unpack(int slot, bool createGraph)
    {
        if (_freed) throw SavedTensor.Freed();
        foreach (ref var saved in _saved.AsSpan())
        {
            if (saved.Slot != slot) continue;
            if (slot >= EdgeCount) return saved.Unpack(Workspace, this, slot - EdgeCount, createGraph);
            ref readonly var edge = ref EdgeSlot(slot);
            return saved.Unpack(Workspace, edge.Node, edge.OutputNr, createGraph && edge.Node is not null);
        }
        throw new InvalidOperationException($"{_op.Schema.Name} asks for slot {slot}, which it did not declare in Saves");
    }

    /// <summary>Shape and dtype of an output, for a gradient that did not arrive.</summary>
    internal TensorSpec[]? OutputSpecs { get; set; }

    internal override void Dispose()
    {
        Workspace.TangentsDropped(this);
        base.Dispose();
    }

    internal override void ReleaseSaved()
    {
        if (_saved is null) return;
        foreach (ref var s in _saved.AsSpan()) s.Release();
        _saved = null;
        _freed = true;
    }
}

/// <summary>What an op declared in <see cref="Saves"/>, unpacked and version-checked on access, and the shapes of its inputs, which are always there.</summary>
public readonly ref struct Saved
{
    private readonly OpNode _node;
    private readonly bool _createGraph;

    internal Saved(OpNode node, bool createGraph)
    {
        _node = node;
        _createGraph = createGraph;
    }

    /// <summary>The workspace, for creating tensors.</summary>
    public Workspace Workspace => _node.Workspace;

    /// <summary>Number of inputs, absent optional ones included.</summary>
    public int InputCount => _node.EdgeCount;

    /// <summary>A saved input.</summary>
    public Tensor Input(int index) => _node.Unpack(index, _createGraph);

    /// <summary>A saved output.</summary>
    public Tensor Output(int index = 0) => _node.Unpack(_node.EdgeCount + index, _createGraph);

    /// <summary>Whether an optional input was given.</summary>
    public bool HasInput(int index) => _node.EdgeAt(index).Shape is not null;

    /// <summary>A saved input, or null if it was absent.</summary>
    public Tensor? OptionalInput(int index) => HasInput(index) ? Input(index) : null;

    /// <summary>The shape an input had.</summary>
    public Shape Shape(int input) => _node.EdgeAt(input).Shape;

    /// <summary>The dtype an input had.</summary>
    public DType DType(int input) => _node.EdgeAt(input).DType;

    /// <summary>Whether an input was a matrix laid out by columns.</summary>
    public bool IsColumnMajor(int input) => _node.EdgeAt(input).IsColumnMajor;

    /// <summary>Zeros of an input's shape and dtype: the gradient of a function that is constant almost everywhere.</summary>
    public Tensor Zeros(int input) => Workspace.RawFull(Shape(input), 0.0, DType(input));

    /// <summary>Whether a gradient for the input can be asked for.</summary>
    public bool NeedsGrad(int input) => _node.EdgeAt(input).Node is not null;
}

/// <summary>The gradients of an op's outputs; null where none arrived, which means zero.</summary>
public readonly ref struct Grads
{
    private readonly ReadOnlySpan<Tensor?> _gradients;
    private readonly Workspace _workspace;
    private readonly OpNode _node;

    internal Grads(ReadOnlySpan<Tensor?> gradients, Workspace workspace, OpNode node)
    {
        _gradients = gradients;
        _workspace = workspace;
        _node = node;
    }

    /// <summary>Number of outputs.</summary>
    public int Count => _gradients.Length;

    /// <summary>A gradient, or null.</summary>
    public Tensor? this[int output] => _gradients[output];

    /// <summary>A gradient, or zeros of the output's shape.</summary>
    public Tensor OrZeros(int output) => _gradients[output] ?? _workspace.RawFull(_node.OutputSpecs![output].Shape, 0.0, _node.OutputSpecs[output].DType);
}
