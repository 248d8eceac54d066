using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>The derivative of log-softmax: g - e^y sum of g along the dim.</summary>
[Op("_log_softmax_backward_data(grad_output, output)", Hidden = true)]
public sealed partial record LogSoftmaxBackwardData(long Dim) : ComputeOp, IOp<LogSoftmaxBackwardData>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Common;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<LogSoftmaxBackwardData>((op, x) =>
    {
        var sum = x[0].Reduce([op.Dim], true, v => v.Sum());
        return NdArray.Build(x[1].Shape, i => x[0][i] - Math.Exp(x[1][i]) * sum.Broadcast(i));
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new LogSoftmaxBackwardData(1), s.Any(3, 4), s.Any(3, 4)), Sample.Of(new LogSoftmaxBackwardData(0), s.Any(3, 4), s.Strided(3, 4)), Sample.Of(new LogSoftmaxBackwardData(0), s.Any(), s.Any())];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(1) | (needs[1] ? Engine.Saves.Input(0) : default);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => x.CommonDType.IsFloatingPoint ? new(x[1].Shape, x.CommonDType) : throw AutogradException.DTypeUnsupported("log_softmax_backward", x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        int dim = Shape.WrapDim(Dim, y.Dim);
        var target = DimRows.Target(y, dim);
        RowLoop.RunFloat("log_softmax_backward", DimRows.Rows(x[0], dim), DimRows.Rows(x[1], dim), target, new Kernel());
        DimRows.Finish(target, y, dim);
    }

    // h = g - e^y (sum of g). With G the gradient of h: for g: G - sum of G e^y; for y: -G e^y (sum of g).
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        var scaled = grad.Mul(saved.Input(1).Exp());
        return input == 0 ? grad.Sub(scaled.Sum([Dim], keepdim: true)) : scaled.Mul(saved.Input(0).Sum([Dim], keepdim: true)).Neg();
    }

    private readonly unsafe struct Kernel : IFloatRowPairKernel
    {
        public void Invoke<T>(T* g, T* output, long n, void* y, long row) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            T* to = (T*)y + row * n;
            T sum = Reduce.Sum(g, n);
            long i = 0;
            for (; i <= n - Vector<T>.Count; i += Vector<T>.Count) (Vector.Load(g + i) - VectorMath.Exp(Vector.Load(output + i)) * sum).Store(to + i);
            if (i < n)
            {
                var tail = ReduceSum.LoadTail(g + i, n - i, T.Zero) - VectorMath.Exp(ReduceSum.LoadTail(output + i, n - i, T.Zero)) * sum;
                ReduceSum.StoreTail(tail, to + i, n - i);
            }
        }
    }
}
