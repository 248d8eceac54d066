namespace AutogradService.Engine;

/// <summary>
/// What backward needs of a tensor: its memory, which it holds, its geometry and version. The tensor is named for its geometry but not owned, nor is its
/// history, which the node's own edges know: so a graph never owns itself in a circle, and reference counts suffice.
/// </summary>
internal struct SavedTensor
{
    private readonly Tensor _tensor;
    private readonly int _version;
    private Tensor? _tangent;
    private Storage? _storage;

    /// <param name="tensor">The tensor to keep the memory of.</param>
    /// <param name="slot">Input index; outputs count on after the inputs.</param>
    public SavedTensor(Tensor tensor, int slot)
    {
        Slot = slot;
        _storage = tensor.Storage;
        _storage.Retain();
        _tensor = tensor;
        _version = _storage.Version;
        if (tensor.Workspace.HasDuals) _tangent = tensor.Tangent?.Retain();
    }

    public int Slot { get; }

    public readonly bool IsKept => _storage is not null;

    public readonly SavedTensorInfo Describe(string name) => new(name, _tensor.Shape, _tensor.DType, _storage?.Bytes ?? 0, _version);

    /// <summary>The saved value as a tensor of the current scope, with the history it had.</summary>
    /// <param name="workspace">The workspace.</param>
    /// <param name="maker">The node that made it.</param>
    /// <param name="outputNr">Which of that node's outputs it was.</param>
    /// <param name="requiresGrad">Whether it needs its history.</param>
    /// <param name="mayShare">Whether the very tensor that was saved will do where it has nothing but its value: whoever takes it must not write to it.</param>
    /// <exception cref="AutogradException">GRAPH_FREED, TENSOR_MODIFIED.</exception>
    public readonly Tensor Unpack(Workspace workspace, Node? maker, int outputNr, bool requiresGrad, bool mayShare)
    {
        if (_storage is null) throw Freed();
        if (_storage.Version != _version)
        {
            string origin = maker is null or AccumulateGrad ? "" : $", which is output {outputNr} of {maker.Name},";
            throw new AutogradException(ErrorReason.TensorModified,
                $"one of the variables needed for gradient computation has been modified by an inplace operation: [torch.{_tensor.DType.TorchName}Tensor {_tensor.Shape}]{origin} is at version {_storage.Version}; expected version {_version} instead. Hint: enable anomaly detection to find the operation that failed to compute its gradient, with torch.autograd.set_detect_anomaly(True).");
        }
        // A leaf must come back as itself: a second derivative accumulates into its .grad.
        if (requiresGrad && maker is AccumulateGrad { Variable: { IsReleased: false } leaf }) return leaf;
        if (mayShare && !(requiresGrad && maker is not null) && _tangent is null && _tensor.IsOnlyAValue) return _tensor;
        // An in-place change of geometry counts a version too, so the tensor's geometry is still what it was.
        _storage.Retain();
        var tensor = new Tensor(workspace, _storage, _tensor.Shape, _tensor.StridesArray, _tensor.Offset, _tensor.DType) { IsWrappedNumber = _tensor.IsWrappedNumber };
        if (requiresGrad && maker is not null) tensor.SetHistory(maker, outputNr);
        if (_tangent is not null && workspace.HasDuals) tensor.SetTangent(_tangent); // forward over reverse: the gradient gets a tangent too
        return tensor;
    }

    public void KeepTangent(Tensor tangent)
    {
        tangent.Retain();
        _tangent?.Release();
        _tangent = tangent;
    }

    public void Release()
    {
        _storage?.Release();
        _storage = null;
        DropTangent();
    }

    public void DropTangent()
    {
        _tangent?.Release();
        _tangent = null;
    }

    public static AutogradException Freed() => new(ErrorReason.GraphFreed,
        "Trying to backward through the graph a second time (or directly access saved tensors after they have already been freed). Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). Specify retain_graph=True if you need to backward through the graph a second time or if you need to access saved tensors after calling backward.");
}

/// <summary>What an op keeps for its backward, declared as a set of inputs and outputs, so that nothing else stays alive.</summary>
public readonly record struct Saves
{
    private Saves(ulong inputs, ulong outputs)
    {
        Inputs = inputs;
        Outputs = outputs;
    }

    internal ulong Inputs { get; }

    internal ulong Outputs { get; }

    /// <summary>Nothing: a second backward without retain_graph works.</summary>
    public static Saves Nothing => default;

    /// <summary>The only, or first, output.</summary>
    public static Saves Output => new(0, 1);

    /// <summary>One input.</summary>
    public static Saves Input(int index) => new(1UL << index, 0);

    /// <summary>One of several outputs.</summary>
    public static Saves OutputAt(int index) => new(0, 1UL << index);

    /// <summary>The first n inputs.</summary>
    public static Saves FirstInputs(int count) => new((1UL << count) - 1, 0);

    /// <summary>Both sets.</summary>
    public static Saves operator |(Saves a, Saves b) => new(a.Inputs | b.Inputs, a.Outputs | b.Outputs);
}

/// <summary>Which inputs of an op require grad, or carry a tangent.</summary>
/// <param name="inputs">The op's inputs; null where an optional one is absent.</param>
public readonly ref struct NeedsGrad(ReadOnlySpan<Tensor?> inputs)
{
    private readonly ReadOnlySpan<Tensor?> _inputs = inputs;

    /// <summary>Number of inputs, absent optional ones included.</summary>
    public int Count => _inputs.Length;

    /// <summary>Whether input i is there and a gradient for it will be asked for.</summary>
    public bool this[int input] => input < _inputs.Length && _inputs[input] is { } t && (t.TakesGradient || t.Workspace.HasDuals && t.Tangent is not null);
}
