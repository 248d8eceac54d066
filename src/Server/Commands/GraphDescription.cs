using System.Globalization;
using System.Text;
using AutogradService.Engine;

namespace AutogradService.Server.Commands;

/// <summary>The autograd graph behind tensors as data, and as Graphviz text.</summary>
internal static class GraphDescription
{
    /// <summary>Walks the graph from the newest node to the oldest; nothing recurses.</summary>
    /// <param name="roots">The tensors to start from.</param>
    /// <param name="handles">Handles by tensor, to name leaves by.</param>
    /// <param name="nodesMax">Most nodes to describe.</param>
    /// <param name="withDot">Whether to add the Graphviz text.</param>
    /// <param name="withSaved">Whether to tell what each node keeps.</param>
    public static Wire.Graph Of(ReadOnlySpan<Tensor> roots, Dictionary<Tensor, ulong> handles, int nodesMax, bool withDot, bool withSaved)
    {
        var graph = new Wire.Graph();
        var ids = new Dictionary<Node, ulong>(ReferenceEqualityComparer.Instance);
        var pending = new PriorityQueue<Node, (bool IsLeaf, long Newest)>();
        foreach (var root in roots) graph.Roots.Add(Edge(root.GradFn, root.OutputNr));
        while (pending.TryDequeue(out var node, out _))
        {
            if (graph.Nodes.Count == nodesMax)
            {
                graph.Truncated = true;
                break;
            }
            var kept = node.Saved.ToArray();
            var described = new Wire.GraphNode
            {
                Id = ids[node],
                Name = node.Name,
                SequenceNr = (ulong)node.SequenceNumber,
                LeafHandle = node.Variable is { } leaf && handles.TryGetValue(leaf, out ulong handle) ? handle : 0,
                SavedTensors = (uint)kept.Length,
                SavedBytes = (ulong)kept.Sum(s => s.Bytes),
                Freed = node.IsFreed,
                RecordedBySeq = node.Tag,
            };
            foreach (var (next, outputNr) in node.NextFunctions) described.Edges.Add(Edge(next, outputNr));
            if (withSaved)
                foreach (var saved in kept) described.Saved.Add(Describe(saved));
            graph.Nodes.Add(described);
        }
        if (withDot) graph.Dot = Dot(graph);
        return graph;

        Wire.GraphEdge Edge(Node? node, int outputNr)
        {
            if (node is null) return new Wire.GraphEdge();
            if (!ids.TryGetValue(node, out ulong id))
            {
                id = (ulong)ids.Count + 1;
                ids.Add(node, id);
                pending.Enqueue(node, (node.Variable is not null, -node.SequenceNumber));
            }
            return new Wire.GraphEdge { Node = id, InputNr = (uint)outputNr };
        }
    }

    private static Wire.SavedTensor Describe(SavedTensorInfo saved)
    {
        var described = new Wire.SavedTensor { Name = saved.Name, Dtype = TensorDescription.ToWire(saved.DType), Bytes = (ulong)saved.Bytes, Version = (ulong)saved.Version };
        foreach (long size in saved.Shape.Sizes) described.Shape.Add(size);
        return described;
    }

    private static string Dot(Wire.Graph graph)
    {
        var text = new StringBuilder("digraph autograd {\n  node [shape=box];\n");
        foreach (var node in graph.Nodes)
        {
            text.Append(CultureInfo.InvariantCulture, $"  n{node.Id} [label=\"{node.Name}");
            if (node.LeafHandle != 0) text.Append(CultureInfo.InvariantCulture, $"\\ntensor {node.LeafHandle}");
            text.Append("\"];\n");
            foreach (var edge in node.Edges)
                if (edge.Node != 0) text.Append(CultureInfo.InvariantCulture, $"  n{node.Id} -> n{edge.Node};\n");
        }
        return text.Append("}\n").ToString();
    }
}
