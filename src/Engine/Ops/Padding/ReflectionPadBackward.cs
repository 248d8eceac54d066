namespace AutogradService.Engine.Ops;

/// <summary>Adds the gradient of every element that reflection_pad repeated back to the element.</summary>
[Op("reflection_pad_backward(grad_output, self, padding)", Hidden = true)]
public sealed partial record ReflectionPadBackward(Dims Padding) : ComputeOp, IOp<ReflectionPadBackward>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<ReflectionPadBackward>((op, x) =>
    {
        var result = new NdArray(x[1].Shape.Sizes);
        foreach (var i in NdArray.Indices(x[0].Shape))
        {
            double value = x[0][i];
            for (int d = 0; d < i.Length; d++) i[d] = PadMap.Of(result.Shape, op.Padding, true, d)[i[d]];
            result[i] += value;
        }
        return result;
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new ReflectionPadBackward([1, 2]), s.Any(2, 6), s.Any(2, 3)), Sample.Of(new ReflectionPadBackward([1, 1, 1, 0]), s.Any(1, 3, 5), s.Any(1, 2, 3))];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => $"ReflectionPad{Padding.Count / 2}DBackwardBackward0";

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[1].Shape, x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        Kernels.Fill.All(y, 0L);
        PadMap.Add(y.Workspace.RawContiguous(x[0]), y, Padding, true);
    }

    // it is linear: the padding of the gradient's gradient
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => input == 0 ? grad.ReflectionPad(Padding) : grad.ZerosLike();
}
