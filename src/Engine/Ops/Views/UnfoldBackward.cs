using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Adds the gradients of windows along a dim back to where the windows were taken.</summary>
[Op("unfold_backward(grad_in, input_sizes, dim, size, step)", Hidden = true)]
public sealed partial record UnfoldBackward(Dims InputSizes, long Dim, long Size, long Step) : ComputeOp, IOp<UnfoldBackward>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<UnfoldBackward>((op, x) =>
    {
        var result = new NdArray(op.InputSizes.Values);
        foreach (var i in NdArray.Indices(x[0].Shape))
        {
            var own = i[..^1];
            own[op.Dim] = i[op.Dim] * op.Step + i[^1];
            result[own] += x[0][i];
        }
        return result;
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new UnfoldBackward([5, 2], 0, 3, 1), s.Any(3, 2, 3))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(Shape.Of(InputSizes.Values), x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        Kernels.Fill.All(y, 0L);
        using var scope = y.Workspace.Scope();
        // The k-th element of every window, as a slice of the input: no two windows share it.
        for (long k = 0; k < Size; k++)
        {
            var source = Part.Over(x[0], Part.Select(x[0], x[0].Dim - 1, k));
            int dim = Shape.WrapDim(Dim, y.Dim);
            var target = y.Dim == 0 ? y : Part.Over(y, Part.Slice(y, dim, k, source.Shape[dim], Step));
            Elementwise.Map(target, source, target, new Plus());
        }
    }

    // the windows of g
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Unfold(Dim, Size, Step);

    private readonly struct Plus : IBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T>, IMinMaxValue<T> => a + b;
    }
}
