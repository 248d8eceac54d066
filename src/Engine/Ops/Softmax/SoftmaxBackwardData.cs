using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>The derivative of softmax: y (g - sum of g y along the dim).</summary>
[Op("_softmax_backward_data(grad_output, output)", Hidden = true)]
public sealed partial record SoftmaxBackwardData(long Dim) : ComputeOp, IOp<SoftmaxBackwardData>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Common;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<SoftmaxBackwardData>((op, x) =>
    {
        var dot = NdArray.Build(x[1].Shape, i => x[0][i] * x[1][i]).Reduce([op.Dim], true, v => v.Sum());
        return NdArray.Build(x[1].Shape, i => x[1][i] * (x[0][i] - dot.Broadcast(i)));
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new SoftmaxBackwardData(1), s.Any(3, 4), s.Any(3, 4)), Sample.Of(new SoftmaxBackwardData(0), s.Any(3, 4), s.Strided(3, 4)), Sample.Of(new SoftmaxBackwardData(0), s.Any(), s.Any())];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(1) | (needs[1] ? Engine.Saves.Input(0) : default);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => x.CommonDType.IsFloatingPoint ? new(x[1].Shape, x.CommonDType) : throw AutogradException.DTypeUnsupported("softmax_backward", x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        int dim = Shape.WrapDim(Dim, y.Dim);
        var target = DimRows.Target(y, dim);
        RowLoop.RunFloat("softmax_backward", DimRows.Rows(x[0], dim), DimRows.Rows(x[1], dim), target, new Kernel());
        DimRows.Finish(target, y, dim);
    }

    // h = y (g - s), s = sum of g y. With G the gradient of h: for g the same symmetric map of G; for y: G (g - s) - g (sum of G y).
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        var y = saved.Input(1);
        if (input == 0) return grad.SoftmaxBackwardData(y, Dim);
        var g = saved.Input(0);
        return grad.Mul(g.Sub(g.Mul(y).Sum([Dim], keepdim: true))).Sub(g.Mul(grad.Mul(y).Sum([Dim], keepdim: true)));
    }

    private readonly unsafe struct Kernel : IFloatRowPairKernel
    {
        public void Invoke<T>(T* g, T* output, long n, void* y, long row) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            T* to = (T*)y + row * n;
            long i = 0;
            for (; i <= n - Vector<T>.Count; i += Vector<T>.Count) (Vector.Load(g + i) * Vector.Load(output + i)).Store(to + i);
            for (; i < n; i++) to[i] = g[i] * output[i];
            T sum = Reduce.Sum(to, n);
            for (i = 0; i <= n - Vector<T>.Count; i += Vector<T>.Count) (Vector.Load(to + i) - Vector.Load(output + i) * sum).Store(to + i);
            for (; i < n; i++) to[i] -= output[i] * sum;
        }
    }
}
