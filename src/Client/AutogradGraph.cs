using System.Globalization;
using System.Text;

namespace AutogradService.Client;

/// <summary>The graph behind tensors, as data.</summary>
public sealed class AutogradGraph
{
    internal AutogradGraph(Wire.Graph wire)
    {
        Nodes = [.. wire.Nodes.Select(n => new AutogradNode(n))];
        Roots = [.. wire.Roots.Select(e => new AutogradEdge(e.Node, (int)e.InputNr))];
        IsTruncated = wire.Truncated;
        Dot = wire.Dot;
    }

    /// <summary>The nodes in the order in which backward runs them; AccumulateGrad nodes last.</summary>
    public IReadOnlyList<AutogradNode> Nodes { get; }

    /// <summary>Where the gradient of each root enters.</summary>
    public IReadOnlyList<AutogradEdge> Roots { get; }

    /// <summary>Whether nodes were left out because there are too many.</summary>
    public bool IsTruncated { get; }

    /// <summary>The graph in Graphviz DOT.</summary>
    public string Dot { get; }

    /// <summary>The graph as an indented tree; a node reached twice is written out once.</summary>
    public string ToTree()
    {
        var byId = Nodes.ToDictionary(n => n.Id);
        var seen = new HashSet<ulong>();
        var text = new StringBuilder();
        var open = new Stack<(ulong Node, int Depth)>();
        foreach (var root in Roots.Reverse()) open.Push((root.Node, 0));
        while (open.TryPop(out var at))
        {
            if (at.Node == 0) continue;
            text.Append(' ', 2 * at.Depth);
            if (!byId.TryGetValue(at.Node, out var node))
            {
                text.Append("...\n");
                continue;
            }
            text.Append(node.Name);
            if (node.LeafHandle != 0) text.Append(CultureInfo.InvariantCulture, $" (tensor {node.LeafHandle})");
            bool again = !seen.Add(node.Id);
            text.Append(again && node.Edges.Count > 0 ? " (see above)\n" : "\n");
            if (again) continue;
            foreach (var edge in node.Edges.Reverse()) open.Push((edge.Node, at.Depth + 1));
        }
        return text.ToString();
    }
}

/// <summary>A node: what turns gradients of its outputs into gradients of its inputs.</summary>
public sealed record AutogradNode
{
    internal AutogradNode(Wire.GraphNode wire)
    {
        Id = wire.Id;
        Name = wire.Name;
        SequenceNumber = wire.SequenceNr;
        Edges = [.. wire.Edges.Select(e => new AutogradEdge(e.Node, (int)e.InputNr))];
        LeafHandle = wire.LeafHandle;
        SavedTensors = (int)wire.SavedTensors;
        SavedBytes = (long)wire.SavedBytes;
        IsFreed = wire.Freed;
        Command = wire.RecordedBySeq;
        Saved = [.. wire.Saved.Select(s => new SavedTensor(s.Name, (DType)s.Dtype, [.. s.Shape], (long)s.Bytes, (long)s.Version))];
    }

    /// <summary>Identifies the node within its graph.</summary>
    public ulong Id { get; }

    /// <summary>PyTorch's name for it.</summary>
    public string Name { get; }

    /// <summary>When it was recorded; later nodes run first.</summary>
    public ulong SequenceNumber { get; }

    /// <summary>One for each input of the recorded op.</summary>
    public IReadOnlyList<AutogradEdge> Edges { get; }

    /// <summary>AccumulateGrad only: the leaf; 0 if it was released.</summary>
    public ulong LeafHandle { get; }

    /// <summary>How many tensors it keeps for backward.</summary>
    public int SavedTensors { get; }

    /// <summary>Bytes of their storage.</summary>
    public long SavedBytes { get; }

    /// <summary>Whether a backward has freed what it had saved.</summary>
    public bool IsFreed { get; }

    /// <summary>Number of the command that recorded it.</summary>
    public ulong Command { get; }

    /// <summary>The tensors that it keeps for backward, and so pins in memory.</summary>
    public IReadOnlyList<SavedTensor> Saved { get; }
}

/// <summary>A tensor that a node keeps for backward.</summary>
/// <param name="Name">The op's name for it, as PyTorch's _saved_ attributes have it: "self", "result".</param>
/// <param name="DType">Its element type.</param>
/// <param name="Shape">Its sizes.</param>
/// <param name="Bytes">Bytes of the storage that it keeps alive; a view keeps the whole.</param>
/// <param name="Version">The version that the storage had when it was saved.</param>
public sealed record SavedTensor(string Name, DType DType, Dims Shape, long Bytes, long Version);

/// <summary>Where a gradient goes.</summary>
/// <param name="Node">The node; 0: nowhere.</param>
/// <param name="InputNumber">Which of that node's outputs it belongs to.</param>
public readonly record struct AutogradEdge(ulong Node, int InputNumber);
