using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Vector product of three-element vectors along a dim, the other dims broadcast: y0 = self1 other2 - self2 other1 and so on in turn.</summary>
[Op("linalg_cross(self, other, dim)")]
public sealed partial record LinalgCross(long Dim = -1) : ComputeOp, IOp<LinalgCross>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Common;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<LinalgCross>((op, x) =>
    {
        var shape = Shape.Broadcast(x[0].Shape, x[1].Shape);
        int dim = Shape.WrapDim(op.Dim, shape.Rank);
        return NdArray.Build(shape, i =>
        {
            double At(NdArray a, long shift)
            {
                var own = (long[])i.Clone();
                own[dim] = (own[dim] + shift) % 3;
                return a.Broadcast(own);
            }
            return At(x[0], 1) * At(x[1], 2) - At(x[0], 2) * At(x[1], 1);
        });
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new LinalgCross(), s.Any(4, 3), s.Any(4, 3)), Sample.Of(new LinalgCross(0), s.Any(3, 1), s.Any(3, 2)), Sample.Of(new LinalgCross(-2), s.Any(2, 3, 2), s.Any(1, 3, 2)), Sample.Of(new LinalgCross(), s.Any(0, 3), s.Any(0, 3))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => (needs[0] ? Engine.Saves.Input(1) : default) | (needs[1] ? Engine.Saves.Input(0) : default);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        if (x[0].Dim != x[1].Dim) throw AutogradException.Shape("linalg.cross: inputs must have the same number of dimensions.");
        int dim = Shape.WrapDim(Dim, x[0].Dim);
        long a = x[0].Dim == 0 ? 1 : x[0].Shape[dim], b = x[1].Dim == 0 ? 1 : x[1].Shape[dim];
        if (a != 3 || b != 3) throw AutogradException.Shape($"linalg.cross: inputs dimension {Dim} must have length 3. Got {a} and {b}");
        if (x.CommonDType == DType.Bool) throw AutogradException.DTypeUnsupported("cross", DType.Bool);
        return new(x.BroadcastShape(), x.CommonDType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        using var mode = y.Workspace.NoGrad();
        Tensor a = x[0], b = x[1];
        for (long k = 0; k < 3; k++)
        {
            long next = (k + 1) % 3, last = (k + 2) % 3;
            var component = a.Select(Dim, next).Mul(b.Select(Dim, last)) - a.Select(Dim, last).Mul(b.Select(Dim, next));
            Transfer.Into(component, y.Select(Dim, k));
        }
    }

    // y = a x b: the gradient is b x g for a and g x a for b.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) =>
        input == 0 ? saved.Input(1).Expand(Dims.Of(grad.Shape)).LinalgCross(grad, Dim) : grad.LinalgCross(saved.Input(0).Expand(Dims.Of(grad.Shape)), Dim);
}
