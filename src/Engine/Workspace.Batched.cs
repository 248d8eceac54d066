namespace AutogradService.Engine;

// Vector-Jacobian products with several vectors at once.
public sealed partial class Workspace
{
    /// <summary>
    /// torch.autograd.grad with is_grads_batched: as <see cref="Gradients"/> for each entry along dim 0 of the given gradients, the results
    /// stacked along a new dim 0. One pass for each entry.
    /// </summary>
    /// <param name="outputs">The tensors to differentiate.</param>
    /// <param name="inputs">The tensors to differentiate with respect to.</param>
    /// <param name="gradOutputs">A gradient for each output: its shape, with the batch's size in front.</param>
    /// <param name="retainGraph">Keep what the graph saved; defaults to <paramref name="createGraph"/>.</param>
    /// <param name="createGraph">Record the backward, for higher derivatives.</param>
    /// <param name="allowUnused">Whether an unused input is null rather than an error.</param>
    /// <param name="materialize">Whether an unused input is zeros rather than null.</param>
    /// <exception cref="AutogradException">As <see cref="Gradients"/>; SHAPE_MISMATCH also for batches of different sizes.</exception>
    public Tensor?[] BatchedGradients(ReadOnlySpan<Tensor> outputs, ReadOnlySpan<Tensor> inputs, ReadOnlySpan<Tensor?> gradOutputs, bool? retainGraph = null, bool createGraph = false, bool? allowUnused = null, bool materialize = false)
    {
        long batch = BatchOf(outputs, gradOutputs);
        var parts = new Tensor?[inputs.Length][];
        for (int i = 0; i < parts.Length; i++) parts[i] = new Tensor?[batch];
        using var mode = SetGradEnabled(createGraph);
        var entry = new Tensor?[outputs.Length];
        for (long b = 0; b < batch; b++)
        {
            for (int i = 0; i < entry.Length; i++) entry[i] = gradOutputs[i]!.Select(0, b);
            bool keep = b + 1 < batch || (retainGraph ?? createGraph);
            var gradients = Gradients(outputs, inputs, entry, keep, createGraph, allowUnused, materialize);
            for (int i = 0; i < parts.Length; i++) parts[i][b] = gradients[i];
        }
        var results = new Tensor?[inputs.Length];
        for (int i = 0; i < results.Length; i++)
            if (batch == 0) results[i] = RawFull(Shape.Of([0, .. inputs[i].Shape.Sizes]), 0.0, inputs[i].DType);
            else if (parts[i][0] is not null) results[i] = Stack(parts[i]!, 0);
        return results;
    }

    private static long BatchOf(ReadOnlySpan<Tensor> outputs, ReadOnlySpan<Tensor?> gradOutputs)
    {
        if (gradOutputs.Length != outputs.Length)
            throw AutogradException.Attribute($"got {outputs.Length} tensors and {gradOutputs.Length} gradients");
        long batch = 0;
        for (int i = 0; i < gradOutputs.Length; i++)
        {
            var gradient = gradOutputs[i] ?? throw AutogradException.Attribute("is_grads_batched needs a gradient for each output");
            // PyTorch's words name the sizes behind the batch's dim less one more.
            if (gradient.Dim == 0 || !gradient.Shape.Sizes[1..].SequenceEqual(outputs[i].Shape.Sizes))
                throw AutogradException.Shape($"If `is_grads_batched=True`, we interpret the first dimension of each grad_output as the batch dimension. The sizes of the remaining dimensions are expected to match the shape of corresponding output, but a mismatch was detected: grad_output[{i}] has a shape of torch.Size({Shape.Format(gradient.Shape.Sizes[Math.Min(2, gradient.Dim)..])}) and output[{i}] has a shape of torch.Size({outputs[i].Shape}). If you only want some tensors in `grad_output` to be considered batched, consider using vmap.");
            if (i > 0 && gradient.Shape[0] != batch)
                throw AutogradException.Shape($"grad_outputs have batches of {batch} and {gradient.Shape[0]} entries");
            batch = gradient.Shape[0];
        }
        return batch;
    }
}
