using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>A copy of self repeated along each dim; more numbers than dims add dims in front.</summary>
[Op("repeat(self, repeats)", Page = "torch.Tensor.repeat")]
public sealed partial record Repeat(Dims Repeats) : ComputeOp, IOp<Repeat>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Repeat>((op, x) => NdArray.Build(op.Target(x[0].Shape), i =>
    {
        var own = i[^x[0].Shape.Rank..];
        for (int d = 0; d < own.Length; d++) own[d] %= x[0].Shape[d];
        return x[0][own];
    }));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Repeat([2, 3]), s.Any(2, 3)), Sample.Of(new Repeat([2, 1, 2]), s.Strided(2, 3)), Sample.Of(new Repeat([3]), s.Any()), Sample.Of(new Repeat([]), s.Any()), Sample.Of(new Repeat([0, 2]), s.Any(2, 3)), Sample.Of(new Repeat([2, 2]), s.Any(0, 3))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(Target(x[0].Shape), x[0].DType);

    // The output as [r0, s0, r1, s1, ...]: the input broadcasts over the repeats.
    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        var pairs = Shape.Of(Pairs(x[0].Shape));
        var strides = new long[pairs.Rank];
        int shift = Repeats.Count - x[0].Dim;
        for (int d = 0; d < x[0].Dim; d++) strides[2 * (d + shift) + 1] = x[0].Strides[d];
        Transfer.Into(x[0].Alias(pairs, strides, x[0].Offset), y.Alias(pairs, pairs.ContiguousStrides, y.Offset));
    }

    // The copies' gradients add up.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        if (Repeats.Count == 0) return grad;
        var pairs = Pairs(saved.Shape(0));
        var repeated = new long[Repeats.Count];
        for (int d = 0; d < repeated.Length; d++) repeated[d] = 2 * d;
        return grad.Reshape(Dims.Create(pairs)).Sum(Dims.Create(repeated)).Reshape(Dims.Of(saved.Shape(0)));
    }

    private long[] Pairs(Shape shape)
    {
        var pairs = new long[2 * Repeats.Count];
        int shift = Repeats.Count - shape.Rank;
        for (int d = 0; d < Repeats.Count; d++) (pairs[2 * d], pairs[2 * d + 1]) = (Repeats[d], d < shift ? 1 : shape[d - shift]);
        return pairs;
    }

    private Shape Target(Shape shape)
    {
        if (Repeats.Count < shape.Rank)
            throw AutogradException.Shape("Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor");
        var pairs = Pairs(shape);
        var sizes = new long[Repeats.Count];
        for (int d = 0; d < sizes.Length; d++)
        {
            if (pairs[2 * d] < 0) throw AutogradException.Attribute($"Trying to create tensor with negative dimension {pairs[2 * d] * pairs[2 * d + 1]}: {Repeats}");
            if (Math.BigMul(pairs[2 * d], pairs[2 * d + 1], out sizes[d]) != 0 || sizes[d] < 0) throw new AutogradException(ErrorReason.InvalidShape, $"Storage size calculation overflowed with repeats={Repeats}");
        }
        return Shape.Of(sizes);
    }
}
