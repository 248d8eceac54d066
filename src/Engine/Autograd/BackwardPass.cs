namespace AutogradService.Engine;

/// <summary>
/// One run of reverse-mode differentiation: counts how often each reachable node will be fed, then runs nodes in descending sequence number.
/// Un-broadcasting, casting and accumulation of gradients happen here and nowhere else. Nothing recurses.
/// </summary>
internal sealed class BackwardPass(Workspace workspace)
{
    private Reach[] _reached = new Reach[64];
    private int _reachedCount;
    private readonly PriorityQueue<Node, long> _ready = new();
    private Node? _next;
    private int _pass;
    private long _since;

    /// <param name="roots">Edges into the graph.</param>
    /// <param name="gradients">One for each root; the pass takes no ownership.</param>
    /// <param name="targets">Edges to stop at, or null to run into every leaf.</param>
    /// <param name="captured">Where to put the targets' gradients (autograd.grad), or null to accumulate (backward).</param>
    /// <param name="chosen">Whether targets bound the pass.</param>
    /// <param name="keepGraph">Keep what nodes saved.</param>
    /// <param name="createGraph">Record the backward itself.</param>
    /// <param name="since">Follow edges to nodes made from here on: Note [Passes within passes].</param>
    public void Run(ReadOnlySpan<Edge> roots, ReadOnlySpan<Tensor> gradients, ReadOnlySpan<Edge> targets, Tensor?[]? captured, bool chosen, bool keepGraph, bool createGraph, long since)
    {
        _since = since;
        _pass = workspace.NextPass();
        Node? running = null;
        try
        {
            Discover(roots);
            if (chosen) MarkNeeded(targets, captured is not null);
            using (workspace.Scope())
                for (int i = 0; i < roots.Length; i++)
                    Feed(roots[i], Workspace.ReduceTo(gradients[i], roots[i].Shape, roots[i].DType), createGraph);
            foreach (var root in roots)
                if (root.Node is { Dependencies: 0 } node)
                {
                    node.Dependencies = -1; // a root given twice runs once
                    Enqueue(node);
                }
            while ((running = TakeReady()) is not null)
            {
                workspace.Cancellation.ThrowIfCancellationRequested();
                Step(running, captured, chosen, keepGraph, createGraph);
            }
        }
        catch (AutogradException e)
        {
            e.Node ??= running;
            throw;
        }
        finally
        {
            var reached = _reached.AsSpan(0, _reachedCount);
            foreach (ref readonly var reach in reached)
            {
                reach.Node.DropGradients();
                reach.Node.Captures = null;
            }
            foreach (ref readonly var reach in reached) reach.Node.Release();
            reached.Clear();
            workspace.NodesReached += _reachedCount;
            _reachedCount = 0;
            _ready.Clear();
            _next = null;
        }
    }

    private void Discover(ReadOnlySpan<Edge> roots)
    {
        foreach (var root in roots) Discover(root.Node!);
        // What was found is looked through in the order in which it was found: no other list is needed of what is left to do.
        for (int at = 0; at < _reachedCount; at++)
        {
            var node = _reached[at].Node;
            for (int i = 0; i < node.EdgeCount; i++)
                if (node.EdgeAt(i).Node is { } next && (_since == 0 || next.CreatedAt >= _since))
                {
                    Discover(next);
                    next.Dependencies++;
                }
        }
    }

    private void Discover(Node node)
    {
        if (node.PassId == _pass) return;
        node.BeginPass(_pass);
        node.Retain();
        if (_reachedCount == _reached.Length) Array.Resize(ref _reached, 2 * _reachedCount);
        _reached[_reachedCount++] = new Reach(node);
    }

    // An array of classes would be asked for its type at every store.
    private readonly record struct Reach(Node Node);

    // An edge points to an older node, so one sweep from the oldest tells what leads to a target.
    private void MarkNeeded(ReadOnlySpan<Edge> targets, bool capture)
    {
        for (int i = 0; i < targets.Length; i++)
        {
            if (targets[i].Node is not { } node || node.PassId != _pass) continue;
            if (capture) (node.Captures ??= []).Add((targets[i].OutputNr, i));
            else node.Needed = true;
        }
        var byAge = _reached[.._reachedCount];
        Array.Sort(byAge, static (a, b) => a.Node.SequenceNumber.CompareTo(b.Node.SequenceNumber));
        foreach (var reach in byAge)
            for (int i = 0; i < reach.Node.EdgeCount && !reach.Node.Needed; i++)
                if (Reached(reach.Node.EdgeAt(i)) is { } next && Runs(next)) reach.Node.Needed = true;
    }

    // Where an edge leads within this pass.
    private Node? Reached(in Edge edge) => edge.Node is { } node && node.PassId == _pass ? node : null;

    private static bool Runs(Node node) => node.Needed || node.Captures is not null;

    // A chain has one node ready at a time: the queue is for what branches.
    private void Enqueue(Node node)
    {
        if (_next is null && _ready.Count == 0)
        {
            _next = node;
            return;
        }
        if (_next is not null)
        {
            _ready.Enqueue(_next, -_next.SequenceNumber);
            _next = null;
        }
        _ready.Enqueue(node, -node.SequenceNumber);
    }

    private Node? TakeReady()
    {
        if (_next is not { } node) return _ready.TryDequeue(out node, out _) ? node : null;
        _next = null;
        return node;
    }

    private void Step(Node node, Tensor?[]? captured, bool chosen, bool keepGraph, bool createGraph)
    {
        using var scope = workspace.Scope();
        if (!node.IsPlain) RunHooksAndCapture(node, captured);
        if (!chosen || node.Needed)
        {
            var gradients = node.Gradients;
            bool any = false;
            foreach (var g in gradients) any |= g is not null;
            if (any) node.Begin(gradients, createGraph);
            var results = !node.IsPlain && node.HasPosthooks ? new Tensor?[node.EdgeCount] : null;
            for (int i = 0; i < node.EdgeCount; i++)
            {
                ref readonly var edge = ref node.EdgeAt(i);
                if (Reached(edge) is not { } next || chosen && !Runs(next)) continue;
                if (!any || node.Vjp(i, gradients, createGraph) is not { } result) continue;
                if (!ReferenceEquals(result.Shape, edge.Shape) || result.DType != edge.DType) result = Workspace.ReduceTo(result, edge.Shape, edge.DType, node, i);
                if (workspace.DetectAnomaly) RefuseNan(node, i, result);
                if (results is null) Feed(edge, result, createGraph);
                else results[i] = result;
            }
            if (results is not null)
            {
                node.RunPosthooks(results);
                for (int i = 0; i < results.Length; i++)
                    if (results[i] is { } result && Reached(node.EdgeAt(i)) is not null) Feed(node.EdgeAt(i), result, createGraph);
            }
            if (!keepGraph) node.ReleaseSaved();
        }
        node.DropGradients();
        for (int i = 0; i < node.EdgeCount; i++)
            if (Reached(node.EdgeAt(i)) is { } next && --next.Dependencies == 0 && (!chosen || Runs(next)))
                Enqueue(next);
    }

    private static void RunHooksAndCapture(Node node, Tensor?[]? captured)
    {
        if (node.HasHooks) node.RunHooks();
        if (node.Captures is not { } captures) return;
        foreach (var (output, target) in captures)
            if (node.GradientSlot(output) is { } gradient)
            {
                captured![target]?.Release();
                captured[target] = gradient.Retain();
            }
    }

    private void RefuseNan(Node node, int edge, Tensor gradient)
    {
        using var mode = workspace.NoGrad();
        if (gradient.Isnan().Any().Item() == 0) return;
        // PyTorch counts the tensors that the forward took, as next_functions does.
        int output = 0;
        for (int i = 0; i < edge; i++)
            if (node.Differentiates(i)) output++;
        throw new AutogradException(ErrorReason.AnomalyDetected, $"Function '{node.Name}' returned nan values in its {output}th output.");
    }

    private static void Feed(in Edge edge, Tensor gradient, bool createGraph)
    {
        ref var slot = ref edge.Node!.GradientSlot(edge.OutputNr);
        if (slot is null)
        {
            slot = gradient.Retain();
            return;
        }
        // The sum may overwrite what only this slot can see.
        bool mine = !createGraph && slot.Owners == 1 && slot.Storage.References == 1 && slot.IsContiguous && !slot.InScope;
        var sum = mine ? slot.AddInPlace(gradient) : slot.Add(gradient);
        if (ReferenceEquals(sum, slot)) return;
        slot.Release();
        slot = sum.Retain();
    }
}
