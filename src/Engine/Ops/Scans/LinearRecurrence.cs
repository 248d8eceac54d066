using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>
/// Running sum with factors along a dim: y[k] = self[k] + factor[k] * y[k-1], or in reverse y[k] = self[k] + factor[k+1] * y[k+1]. The two are each other's transpose in self.
/// The derivative of running products, sums of exponentials and their like.
/// </summary>
[Op("_linear_recurrence(self, factor)", Hidden = true)]
public sealed partial record LinearRecurrence(long Dim, bool Reverse = false) : ComputeOp, IOp<LinearRecurrence>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Common;

    /// <inheritdoc/>
    public static Reference Reference => Reference.None("a derivative's building block: the gradient checks of cumprod and logcumsumexp, to the second order, cover it");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new LinearRecurrence(1), s.Any(3, 4), s.Any(3, 4)), Sample.Of(new LinearRecurrence(0, true), s.Any(3, 4), s.Any(3, 4)), Sample.Of(new LinearRecurrence(0, true), s.Any(), s.Any())];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(1) | (needs[1] ? Engine.Saves.Output : default);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => x.CommonDType.IsFloatingPoint ? new(x[0].Shape, x.CommonDType) : throw AutogradException.DTypeUnsupported("linear_recurrence", x.CommonDType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        int dim = Shape.WrapDim(Dim, y.Dim);
        var target = DimRows.Target(y, dim);
        RowLoop.RunFloat("linear_recurrence", DimRows.Rows(x[0], dim), DimRows.Rows(x[1], dim), target, new Kernel(Reverse));
        DimRows.Finish(target, y, dim);
    }

    // With T the recurrence the other way round, T(G) is the gradient for self, and factor[k] multiplied y of the step before: its gradient is the product of that y and T(G)
    // at the two ends of the step.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        var transposed = grad.LinearRecurrence(saved.Input(1), Dim, !Reverse);
        if (input == 0) return transposed;
        return Reverse ? saved.Output().Mul(transposed.Shift(Dim)) : transposed.Mul(saved.Output().Shift(Dim));
    }

    private readonly unsafe struct Kernel(bool reverse) : IFloatRowPairKernel
    {
        public void Invoke<T>(T* x, T* factor, long n, void* y, long row) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            if (n == 0) return;
            T* to = (T*)y + row * n;
            if (reverse)
            {
                to[n - 1] = x[n - 1];
                for (long k = n - 2; k >= 0; k--) to[k] = x[k] + factor[k + 1] * to[k + 1];
            }
            else
            {
                to[0] = x[0];
                for (long k = 1; k < n; k++) to[k] = x[k] + factor[k] * to[k - 1];
            }
        }
    }
}
