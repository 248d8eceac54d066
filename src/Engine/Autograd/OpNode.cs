using System.Numerics;

namespace AutogradService.Engine;

/// <summary>
/// The recorded application of an op: its edges, and what it saved. There are as many as ops are applied, so the workspace keeps those that were taken
/// apart and uses them again: whoever holds on to one without owning it (<see cref="Node.Retain"/>) may find another in its place.
/// </summary>
internal sealed class OpNode : Node
{
    // What few ops save more than.
    private const int SlotsInside = 2;
    private Op _op = null!;
    private string _name = "";
    private SavedTensor _firstSaved;
    private SavedTensor _secondSaved;
    private SavedTensor[]? _manySaved;
    private int _savedCount;
    private bool _freed;

    private OpNode(Workspace workspace) : base(workspace)
    {
    }

    /// <summary>Records an application.</summary>
    /// <exception cref="AutogradException">QUOTA_NODES.</exception>
    public static OpNode Of(Workspace workspace, Op op, string name, ReadOnlySpan<Tensor?> inputs, int outputs)
    {
        var node = workspace.TakeFreeNode() ?? new OpNode(workspace);
        node.Start(NumberAfter(workspace, op, inputs), outputs, inputs.Length);
        node._op = op;
        node._name = name;
        node._freed = false;
        try
        {
            for (int i = 0; i < inputs.Length; i++)
            {
                if (inputs[i] is not { } input) continue;
                ref var edge = ref node.EdgeSlot(i);
                edge = op.Differentiates(i, inputs.Length) ? input.GradientEdge() : new Edge(null, 0, input.Shape, input.DType);
                edge.Node?.Retain();
            }
        }
        catch
        {
            workspace.Discard(node); // a leaf's accumulator went over the node quota: let the edges made so far go
            throw;
        }
        return node;
    }

    // A view whose base was written gets its history when somebody asks for it: here, before this node takes its number, so that every edge points to an older node.
    private static long NumberAfter(Workspace workspace, Op op, ReadOnlySpan<Tensor?> inputs)
    {
        for (int i = 0; i < inputs.Length; i++)
            if (inputs[i] is { IsView: true } view && op.Differentiates(i, inputs.Length))
                _ = view.GradFn;
        return workspace.NextSequenceNumber();
    }

    public override string Name => _name;

    public override IEnumerable<SavedTensorInfo> Saved
    {
        get
        {
            for (int i = 0; i < _savedCount; i++)
                if (SavedAt(i) is { IsKept: true } saved) yield return saved.Describe(_op.Schema.SlotName(saved.Slot, EdgeCount));
        }
    }

    public override bool IsFreed => _freed;

    internal Op Op => _op;

    internal override bool Differentiates(int edge) => EdgeAt(edge).Shape is not null && _op.Differentiates(edge, EdgeCount);

    private ref SavedTensor SavedAt(int index)
    {
        if (_manySaved is not null) return ref _manySaved[index];
        if (index == 0) return ref _firstSaved;
        return ref _secondSaved;
    }

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
        _savedCount = count;
        if (count > SlotsInside) _manySaved = new SavedTensor[count];
        int next = 0;
        for (int i = 0; i < inputs.Length && i < 64; i++)
            if ((saves.Inputs >> i & 1) != 0 && inputs[i] is { } input)
                SavedAt(next++) = new SavedTensor(i == 0 && cloneFirst || cloneShared && ReferenceEquals(input.Storage, inputs[0]!.Storage) ? Copy(input) : input, i);
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
        int next = _savedCount - BitOperations.PopCount(saves.Outputs);
        for (int i = 0; i < outputs.Length && i < 64; i++)
            if ((saves.Outputs >> i & 1) != 0) SavedAt(next++) = new SavedTensor(outputs[i], EdgeCount + i);
    }

    /// <summary>Keeps the tangents of saved outputs, for a gradient that is to have one. Their history may lead back here: the end of the dual level breaks that circle.</summary>
    public void SaveTangents(ReadOnlySpan<Tensor> outputs)
    {
        for (int i = 0; i < _savedCount; i++)
        {
            ref var saved = ref SavedAt(i);
            if (saved.Slot >= EdgeCount && outputs[saved.Slot - EdgeCount].Tangent is { } tangent) saved.KeepTangent(tangent);
        }
    }

    /// <summary>At the end of the dual level.</summary>
    public void DropTangents()
    {
        for (int i = 0; i < _savedCount; i++) SavedAt(i).DropTangent();
    }

    internal override Tensor? Vjp(int edge, ReadOnlySpan<Tensor?> gradients, bool createGraph) =>
        _op.BackwardEdge(edge, new Grads(gradients, Workspace, this), new Saved(this, createGraph));

    internal Tensor Unpack(int slot, bool createGraph)
    {
        if (_freed) throw SavedTensor.Freed();
        for (int i = 0; i < _savedCount; i++)
        {
            ref var saved = ref SavedAt(i);
            if (saved.Slot != slot) continue;
            if (slot >= EdgeCount) return saved.Unpack(Workspace, this, slot - EdgeCount, createGraph, mayShare: true);
            ref readonly var edge = ref EdgeAt(slot);
            return saved.Unpack(Workspace, edge.Node, edge.OutputNr, createGraph && edge.Node is not null, mayShare: true);
        }
        throw new InvalidOperationException($"{_op.Schema.Name} asks for slot {slot}, which it did not declare in Saves");
    }

    /// <summary>Shape and dtype of an output, for a gradient that did not arrive.</summary>
    internal TensorSpec[]? OutputSpecs { get; set; }

    internal override void Dispose()
    {
        Workspace.TangentsDropped(this);
        base.Dispose();
        OutputSpecs = null;
        Workspace.KeepFreeNode(this);
    }

    internal override void ReleaseSaved()
    {
        if (_savedCount == 0) return;
        for (int i = 0; i < _savedCount; i++)
        {
            ref var saved = ref SavedAt(i);
            saved.Release();
            saved = default;
        }
        _manySaved = null;
        _savedCount = 0;
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
