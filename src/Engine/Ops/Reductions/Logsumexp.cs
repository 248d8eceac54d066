using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Logarithm of the sum of exponentials over dims, without overflow: m + log(sum of e^(x - m)), m the largest element.</summary>
[Op("logsumexp(self, dim, keepdim)")]
public sealed partial record Logsumexp(Dims Dim, bool Keepdim = false) : ComputeOp, IOp<Logsumexp>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Float;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Logsumexp>((op, x) => x[0].Reduce(ReducedDims.OrAll(op.Dim), op.Keepdim, v => Math.Log(v.Sum(Math.Exp))));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Logsumexp([1]), s.Any(3, 4)),
        Sample.Of(new Logsumexp([0], true), s.Any(3, 4)),
        Sample.Of(new Logsumexp([0, -1]), s.Any(2, 3, 4)),
        Sample.Of(new Logsumexp([0]), s.Strided(3, 5)),
        Sample.Of(new Logsumexp([0]), s.Any()),
        Sample.Of(new Logsumexp([0]), s.Any(0, 3)),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0) | Engine.Saves.Output;

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(ReducedDims.Shape(x[0].Shape, Dim, Keepdim), x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        RowLoop.RunFloat("logsumexp", ReducedDims.Rows(x[0], Dim), y, new Kernel());
    }

    // d log sum e^x = softmax(x) . dx, and softmax(x) = e^(x - y).
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        var shape = saved.Shape(0);
        return saved.Input(0).Sub(ReducedDims.Restore(saved.Output(), shape, Dim, Keepdim)).Exp().Mul(ReducedDims.Restore(grad, shape, Dim, Keepdim));
    }

    private readonly unsafe struct Kernel : IFloatRowKernel
    {
        public void Invoke<T>(T* x, long n, void* y, long row) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            var max = n == 0 ? T.NegativeInfinity : Reduce.Max(x, n);
            // Of infinities nothing need be subtracted, and inf - inf would be NaN.
            var shift = T.IsInfinity(max) ? T.Zero : max;
            ((T*)y)[row] = T.Log(Reduce.SumExp(x, n, shift)) + shift;
        }
    }
}
