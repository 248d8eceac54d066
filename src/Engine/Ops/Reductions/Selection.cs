namespace AutogradService.Engine.Ops;

/// <summary>What the ops share that pick elements along a dim and tell their indices: max, median, sort, topk.</summary>
internal static class Selection
{
    /// <summary>Sends the gradient of picked values back to where they came from.</summary>
    /// <param name="grad">The values' gradient, or null.</param>
    /// <param name="indices">Where they came from, along the dim.</param>
    /// <param name="shape">The input's shape.</param>
    /// <param name="dim">The dim.</param>
    /// <param name="keepdim">Whether the values still have the dim.</param>
    public static Tensor? Backward(Tensor? grad, Tensor indices, Shape shape, long dim, bool keepdim = true)
    {
        if (grad is null) return null;
        var zeros = grad.Workspace.RawFull(shape, 0.0, grad.DType);
        if (shape.Rank == 0) return grad;
        return keepdim ? zeros.Scatter(dim, indices, grad) : zeros.Scatter(dim, indices.Unsqueeze(Shape.WrapDim(dim, shape.Rank)), grad.Unsqueeze(Shape.WrapDim(dim, shape.Rank)));
    }
}
