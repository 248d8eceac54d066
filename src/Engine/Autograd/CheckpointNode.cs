namespace AutogradService.Engine;

/// <summary>
/// A stretch of computation that was run without keeping what its steps save: backward runs it again, from the same inputs and random numbers, and differentiates that.
/// </summary>
internal sealed class CheckpointNode : Node
{
    private readonly Func<Tensor[], Tensor[]> _function;
    private readonly SavedTensor[] _saved;
    private readonly TensorSpec[] _outputs;
    private readonly PhiloxState _random;
    private Tensor?[]? _gradients;
    private bool _freed;

    public CheckpointNode(Workspace workspace, Func<Tensor[], Tensor[]> function, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor> outputs, PhiloxState random)
        : base(workspace, workspace.NextSequenceNumber(), outputs.Length, inputs.Length)
    {
        _function = function;
        _random = random;
        _outputs = new TensorSpec[outputs.Length];
        for (int i = 0; i < _outputs.Length; i++) _outputs[i] = new TensorSpec(outputs[i].Shape, outputs[i].DType);
        _saved = new SavedTensor[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            ref var edge = ref EdgeSlot(i);
            edge = inputs[i].GradientEdge();
            edge.Node?.Retain();
            _saved[i] = new SavedTensor(inputs[i], i);
        }
    }

    public override string Name => "CheckpointFunctionBackward";

    public override IEnumerable<SavedTensorInfo> Saved => _freed ? [] : _saved.Select(s => s.Describe($"input{s.Slot}"));

    public override bool IsFreed => _freed;

    internal override void Begin(ReadOnlySpan<Tensor?> gradients, bool createGraph)
    {
        if (_freed) throw SavedTensor.Freed();
        var arriving = new List<int>();
        var arguments = new List<Tensor>();
        for (int i = 0; i < _saved.Length; i++) arguments.Add(_saved[i].Unpack(Workspace, EdgeAt(i).Node, EdgeAt(i).OutputNr, createGraph, mayShare: false));
        for (int i = 0; i < gradients.Length; i++)
            if (gradients[i] is { } gradient)
            {
                arriving.Add(i);
                arguments.Add(gradient);
            }
        int[] wanted = [.. Enumerable.Range(0, _saved.Length).Where(i => EdgeAt(i).Node is not null)];
        Tensor[] Pull(Tensor[] all) => VectorJacobianProducts(all[.._saved.Length], wanted, [.. arriving], all[_saved.Length..]);
        // The backward is itself a function of the inputs and of the gradients: recorded as a checkpoint again, it can be differentiated to any order.
        var results = createGraph ? Workspace.Checkpoint(Pull, [.. arguments]) : Pull([.. arguments]);
        _gradients = new Tensor?[_saved.Length];
        for (int k = 0; k < wanted.Length; k++) _gradients[wanted[k]] = results[k];
    }

    internal override Tensor? Vjp(int edge, ReadOnlySpan<Tensor?> gradients, bool createGraph) => _gradients?[edge];

    internal override void ReleaseSaved()
    {
        _gradients = null; // tensors of the step that ends
        if (_freed) return;
        _freed = true;
        foreach (ref var s in _saved.AsSpan()) s.Release();
    }

    private Tensor[] VectorJacobianProducts(Tensor[] inputs, int[] wanted, int[] arriving, Tensor[] gradients)
    {
        bool createGraph = Workspace.GradEnabled;
        // The graph of the second run ends at its inputs: nothing of the pass that runs now is reached from it.
        var variables = (Tensor[])inputs.Clone();
        foreach (int i in wanted)
            if (!createGraph || !inputs[i].RequiresGrad) variables[i] = inputs[i].Detach().SetRequiresGrad();
        var before = Workspace.Random.State;
        Workspace.Random.State = _random;
        Tensor[] outputs;
        try
        {
            using (Workspace.EnableGrad()) outputs = _function(variables);
        }
        finally
        {
            Workspace.Random.State = before;
        }
        if (outputs.Length != _outputs.Length) throw Different();
        var roots = new List<Tensor>();
        var seeds = new List<Tensor?>();
        for (int k = 0; k < arriving.Length; k++)
        {
            var output = outputs[arriving[k]];
            if (_outputs[arriving[k]] != new TensorSpec(output.Shape, output.DType)) throw Different();
            if (!output.RequiresGrad) continue;
            roots.Add(output);
            seeds.Add(gradients[k]);
        }
        if (roots.Count == 0) return [.. wanted.Select(i => Workspace.RawFull(inputs[i].Shape, 0.0, inputs[i].DType))];
        return Workspace.Gradients([.. roots], [.. wanted.Select(i => variables[i])], [.. seeds], createGraph: createGraph, materialize: true)!;
    }

    private static AutogradException Different() =>
        new(ErrorReason.InvalidGradState, "torch.utils.checkpoint: Recomputed values for the following tensors have different metadata than during the forward pass.");
}
