namespace AutogradService.Engine;

// Trading computation for memory.
public sealed partial class Workspace
{
    /// <summary>
    /// Runs a function without keeping what its steps save for backward; backward runs it again, with the random numbers it had (torch.utils.checkpoint). Gradients
    /// are those of the function, to any order.
    /// </summary>
    /// <param name="function">Deterministic but for this workspace's random numbers; everything that it differentiates must be among the inputs.</param>
    /// <param name="inputs">What it is given; kept until backward has run.</param>
    /// <returns>Its results, unowned.</returns>
    /// <exception cref="AutogradException">Whatever the function throws; QUOTA_NODES.</exception>
    public Tensor[] Checkpoint(Func<Tensor[], Tensor[]> function, params ReadOnlySpan<Tensor> inputs)
    {
        var random = Random.State;
        Tensor[] given = inputs.ToArray();
        Tensor[] outputs;
        using (NoGrad()) outputs = function(given);
        if (!GradEnabled || !Array.Exists(given, t => t.RequiresGrad)) return outputs;
        EnsureNodes(1 + given.Length);
        var node = new CheckpointNode(this, function, given, outputs, random);
        node.Retain();
        for (int i = 0; i < outputs.Length; i++)
        {
            if (!outputs[i].DType.IsFloatingPoint) continue;
            // Another tensor over the same memory: the function may have given back one of its inputs.
            var tangent = outputs[i].Tangent;
            outputs[i] = outputs[i].Alias();
            outputs[i].SetHistory(node, i);
            if (tangent is not null) outputs[i].SetTangent(tangent);
        }
        node.Release();
        return outputs;
    }
}
