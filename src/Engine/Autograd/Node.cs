namespace AutogradService.Engine;

/// <summary>Where a gradient goes: one output of the function that made an operand. Knows the operand's shape and dtype, to which gradients are brought.</summary>
/// <param name="Node">The function; null: the gradient goes nowhere.</param>
/// <param name="OutputNr">Which of its outputs the operand was.</param>
/// <param name="Shape">The operand's shape.</param>
/// <param name="DType">The operand's dtype.</param>
/// <param name="IsColumnMajor">Whether the operand was a matrix laid out by columns, as a transposed weight is: a gradient laid out alike needs no copy later.</param>
internal readonly record struct Edge(Node? Node, int OutputNr, Shape Shape, DType DType, bool IsColumnMajor = false);

/// <summary>
/// A step of the recorded graph (grad_fn). A plain class, reference-counted by the tensors it made and by the nodes that point to it;
/// nothing recurses over edges, so that a chain of a million nodes can be recorded, run and dropped.
/// </summary>
public abstract class Node
{
    // Most nodes have two edges at most.
    private Edge[]? _edges;
    private Edge _first;
    private Edge _second;
    private Tensor? _gradient;
    private RareState? _rare;
    private int _references;

    private protected Node(Workspace workspace, long sequenceNumber, int outputs, int edges)
    {
        Workspace = workspace;
        Start(sequenceNumber, outputs, edges);
    }

    /// <summary>For a node that is used more than once: <see cref="Start"/> must follow.</summary>
    private protected Node(Workspace workspace) => Workspace = workspace;

    /// <summary>Begins a life: everything that the one before left is gone.</summary>
    /// <exception cref="AutogradException">QUOTA_NODES; then the node may begin another.</exception>
    private protected void Start(long sequenceNumber, int outputs, int edges)
    {
        Workspace.NodeCreated();
        SequenceNumber = sequenceNumber;
        OutputCount = outputs;
        EdgeCount = edges;
        Tag = Workspace.Tag;
        PassId = 0;
        if (edges > 2) _edges = new Edge[edges];
    }

    /// <summary>PyTorch's name: AddBackward0, AccumulateGrad.</summary>
    public abstract string Name { get; }

    /// <summary>Later nodes have higher numbers and run first; accumulation into leaves is higher than all.</summary>
    public long SequenceNumber { get; private set; }

    /// <summary>The workspace's count of nodes when this one was made.</summary>
    internal virtual long CreatedAt => SequenceNumber;

    /// <summary>How many gradients flow in: one for each output of the forward.</summary>
    public int OutputCount { get; private set; }

    /// <summary>grad_fn.next_functions: for each differentiable operand the node and output that made it, null where none requires grad.</summary>
    public IEnumerable<(Node? Node, int OutputNr)> NextFunctions
    {
        get
        {
            for (int i = 0; i < EdgeCount; i++)
                if (Differentiates(i)) yield return (EdgeAt(i).Node, EdgeAt(i).OutputNr);
        }
    }

    /// <summary>The leaf into which an accumulating node adds.</summary>
    public virtual Tensor? Variable => null;

    /// <summary>What this node keeps for its backward: it pins the memory of these.</summary>
    public virtual IEnumerable<SavedTensorInfo> Saved => [];

    /// <summary>Bytes that saved tensors of this node keep alive.</summary>
    public long SavedBytes => Saved.Sum(s => s.Bytes);

    /// <summary>How many tensors this node keeps for its backward.</summary>
    public int SavedCount => Saved.Count();

    /// <summary>Whether a backward has let go of what this node had saved.</summary>
    public virtual bool IsFreed => false;

    /// <summary>The client's name for the command that recorded the node; 0 if none.</summary>
    public ulong Tag { get; private set; }

    internal Workspace Workspace { get; }

    internal int EdgeCount { get; private set; }

    internal ref readonly Edge EdgeAt(int index) => ref EdgeSlot(index);

    private protected ref Edge EdgeSlot(int index)
    {
        if (_edges is not null) return ref _edges[index];
        if (index == 0) return ref _first;
        return ref _second;
    }

    internal virtual bool Differentiates(int edge) => true;

    /// <summary>The gradient for one edge, from the gradients of all outputs; null for "zero".</summary>
    internal abstract Tensor? Vjp(int edge, ReadOnlySpan<Tensor?> gradients, bool createGraph);

    /// <summary>Called once before the edges are asked.</summary>
    internal virtual void Begin(ReadOnlySpan<Tensor?> gradients, bool createGraph)
    {
    }

    /// <summary>Lets saved tensors go.</summary>
    internal virtual void ReleaseSaved()
    {
    }

    /// <summary>The next node that waits to be taken apart, or to be used again.</summary>
    internal Node? Next { get; set; }

    // State of the pass that runs now; valid while PassId is the pass's.
    internal int PassId { get; set; }

    internal int Dependencies { get; set; }

    /// <summary>In a pass with chosen inputs: whether a path leads from here to one of them.</summary>
    internal bool Needed { get; set; }

    internal List<(int OutputNr, int Target)>? Captures
    {
        get => _rare?.Captures;
        set
        {
            if (value is not null || _rare is not null) Rare.Captures = value;
        }
    }

    internal void BeginPass(int pass)
    {
        PassId = pass;
        Dependencies = 0;
        Needed = false;
        Captures = null;
    }

    internal ref Tensor? GradientSlot(int output)
    {
        if (OutputCount == 1) return ref _gradient;
        return ref SeveralGradients[output];
    }

    /// <summary>The gradients that arrived, by output.</summary>
    internal Span<Tensor?> Gradients => OutputCount == 1 ? System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref _gradient, 1) : SeveralGradients;

    private Tensor?[] SeveralGradients => Rare.Gradients ??= new Tensor?[OutputCount];

    private RareState Rare => _rare ??= new RareState();

    // What few nodes have, so that the others are small.
    private sealed class RareState
    {
        public Tensor?[]? Gradients;
        public List<GradientHook>?[]? Hooks;
        public Tensor?[]? Retaining;
        public List<Func<IReadOnlyList<Tensor?>, IReadOnlyList<Tensor?>?>>? Prehooks;
        public List<Func<IReadOnlyList<Tensor?>, IReadOnlyList<Tensor?>, IReadOnlyList<Tensor?>?>>? Posthooks;
        public List<(int OutputNr, int Target)>? Captures;
    }

    internal void DropGradients()
    {
        if (_gradient is not null)
        {
            _gradient.Release();
            _gradient = null;
        }
        if (_rare?.Gradients is not { } several) return;
        foreach (ref var g in several.AsSpan())
        {
            g?.Release();
            g = null;
        }
    }

    /// <summary>Registers what sees, and may replace, the gradients that arrive at this node, before it runs.</summary>
    /// <param name="hook">From the gradients by output to those that take their place; null leaves them.</param>
    public void RegisterPrehook(Func<IReadOnlyList<Tensor?>, IReadOnlyList<Tensor?>?> hook) => (Rare.Prehooks ??= []).Add(hook);

    /// <summary>Registers what sees, and may replace, the gradients that this node gives, after it ran.</summary>
    /// <param name="hook">From the gradients by operand and those by output to new ones by operand; null leaves them.</param>
    public void RegisterHook(Func<IReadOnlyList<Tensor?>, IReadOnlyList<Tensor?>, IReadOnlyList<Tensor?>?> hook) => (Rare.Posthooks ??= []).Add(hook);

    /// <summary>Whether the node has nothing that few have: hooks, captures, several outputs.</summary>
    internal bool IsPlain => _rare is null;

    internal bool HasHooks => _rare is { } rare && (rare.Hooks is not null || rare.Retaining is not null || rare.Prehooks is not null);

    internal bool HasPosthooks => _rare is { Posthooks: not null };

    /// <summary>Runs the hooks on what the node gives; results are by edge, and stay so.</summary>
    internal void RunPosthooks(Tensor?[] results)
    {
        var edges = Enumerable.Range(0, EdgeCount).Where(Differentiates).ToArray();
        foreach (var hook in _rare!.Posthooks!)
        {
            if (hook(Array.ConvertAll(edges, e => results[e]), Gradients.ToArray()) is not { } replaced) continue;
            if (replaced.Count != edges.Length)
                throw AutogradException.Attribute($"hook '{hook.Method.Name}' has returned an incorrect number of values (got {replaced.Count}, but expected {edges.Length})");
            for (int i = 0; i < edges.Length; i++) results[edges[i]] = SameSize(hook, results[edges[i]], replaced[i]);
        }
    }

    private static Tensor? SameSize(Delegate hook, Tensor? before, Tensor? after) => before is null || after is null || before.Shape.Equals(after.Shape)
        ? after
        : throw AutogradException.Shape($"hook '{hook.Method.Name}' has changed the size of value");

    internal void AddHook(int output, GradientHook hook)
    {
        var hooks = Rare.Hooks ??= new List<GradientHook>?[OutputCount];
        hook.AddTo(hooks[output] ??= []);
    }

    /// <summary>Names the tensor whose .grad receives the gradient of an output, after all hooks.</summary>
    internal void SetRetaining(int output, Tensor? tensor)
    {
        if (tensor is null && _rare?.Retaining is null) return;
        var retaining = Rare.Retaining ??= new Tensor?[OutputCount];
        retaining[output] = tensor;
    }

    /// <summary>Runs hooks in registration order, each seeing the result before; then fills the .grad of tensors that retain it.</summary>
    internal void RunHooks()
    {
        var gradients = Gradients;
        for (int output = 0; output < gradients.Length; output++)
        {
            ref var gradient = ref gradients[output];
            if (gradient is null) continue;
            if (Rare.Hooks?[output] is { } hooks)
                foreach (var hook in hooks)
                {
                    var result = hook.Invoke(gradient);
                    if (!result.Shape.Equals(gradient.Shape)) throw AutogradException.Shape($"hook '{hook.Name}' has changed the size of value");
                    result.Retain();
                    gradient.Release();
                    gradient = result;
                }
        }
        RunPrehooks(gradients);
        for (int output = 0; output < gradients.Length && Rare.Retaining is not null; output++)
            if (gradients[output] is { } gradient && Rare.Retaining[output] is { IsReleased: false } retaining)
                retaining.AccumulateRetained(gradient);
    }

    private void RunPrehooks(Span<Tensor?> gradients)
    {
        if (Rare.Prehooks is not { } prehooks) return;
        foreach (var hook in prehooks)
        {
            if (hook(gradients.ToArray()) is not { } replaced) continue;
            if (replaced.Count != gradients.Length)
                throw AutogradException.Attribute($"hook '{hook.Method.Name}' has returned an incorrect number of values (got {replaced.Count}, but expected {gradients.Length})");
            for (int i = 0; i < gradients.Length; i++)
            {
                var result = SameSize(hook, gradients[i], replaced[i])?.Retain();
                gradients[i]?.Release();
                gradients[i] = result;
            }
        }
    }

    internal void Retain() => _references++;

    internal void Release()
    {
        if (--_references == 0) Workspace.Discard(this);
    }

    /// <summary>Lets edges and saved tensors go once nothing refers to the node; called by the workspace's worklist, never recursively.</summary>
    internal virtual void Dispose()
    {
        ReleaseSaved();
        DropGradients();
        if (_edges is not null)
            foreach (ref readonly var edge in _edges.AsSpan()) edge.Node?.Release();
        _first.Node?.Release();
        _second.Node?.Release();
        _edges = null;
        _first = _second = default;
        _rare = null;
    }
}

/// <summary>What happens to a gradient on its way: runs on the server, so it is data, not a callback over the wire.</summary>
/// <param name="name">For messages.</param>
/// <param name="invoke">Maps the gradient to the one that goes on; must keep its shape.</param>
public sealed class GradientHook(string name, Func<Tensor, Tensor> invoke)
{
    private readonly List<List<GradientHook>> _places = [];

    /// <summary>For messages.</summary>
    public string Name => name;

    /// <summary>Takes the hook away from wherever it is registered, the node of an old value included.</summary>
    public void Remove()
    {
        foreach (var hooks in _places) hooks.Remove(this);
        _places.Clear();
    }

    internal Tensor Invoke(Tensor gradient) => invoke(gradient);

    internal void AddTo(List<GradientHook> hooks)
    {
        hooks.Add(this);
        _places.Add(hooks);
    }
}

/// <summary>A tensor that a node keeps for its backward.</summary>
/// <param name="Name">The op's name for it, as PyTorch's _saved_ attributes have it: "self", "result".</param>
/// <param name="Shape">Its shape.</param>
/// <param name="DType">Its element type.</param>
/// <param name="Bytes">Bytes of the storage that it keeps alive; views keep the whole.</param>
/// <param name="Version">The version that the storage had.</param>
public readonly record struct SavedTensorInfo(string Name, Shape Shape, DType DType, long Bytes, int Version);
