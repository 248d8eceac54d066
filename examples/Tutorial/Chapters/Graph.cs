using AutogradService.Client;

namespace AutogradService.Examples.Tutorial.Chapters;

/// <summary>The graph of a loss, drawn.</summary>
internal static class Graph
{
    /// <summary>Runs the chapter.</summary>
    public static async Task RunAsync(Page page, Tensor loss, Tensor w, Tensor b)
    {
        page.Title("The graph");
        page.Say("While the loss was computed, the server recorded a graph: one node for each operation, which points at the nodes of its inputs. AccumulateGrad nodes are its ends: each adds to the Grad of one leaf, a tensor that goes by a number within its session.");
        page.Code("var graph = await loss.GraphAsync();");
        var graph = await loss.GraphAsync();
        page.Code("graph.ToTree()");
        page.Lines(graph.ToTree());
        page.Claim($"the leaves are w (tensor {w.Handle}) and b (tensor {b.Handle})", graph.Nodes.Select(node => node.LeafHandle).Where(leaf => leaf != 0).Order().SequenceEqual([w.Handle, b.Handle]));

        page.Say("The same in DOT, for Graphviz to draw.");
        page.Code("graph.Dot");
        page.Lines(graph.Dot);
    }
}
