using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Logarithm of the running sum of exponentials along a dim: y[k] = log(e^x[0] + ... + e^x[k]).</summary>
[Op("logcumsumexp(self, dim)")]
public sealed partial record Logcumsumexp(long Dim) : ComputeOp, IOp<Logcumsumexp>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Logcumsumexp>((op, x) => RunningRow.Define(x[0], op.Dim, (row, k) => Math.Log(row[..(k + 1)].Sum(Math.Exp))));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Logcumsumexp(1), s.Any(3, 4)), Sample.Of(new Logcumsumexp(0), s.Any(3, 4)), Sample.Of(new Logcumsumexp(0), s.Any()), Sample.Of(new Logcumsumexp(0), s.Any(0, 3))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0) | Engine.Saves.Output;

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        Shape.WrapDim(Dim, x[0].Dim);
        return x[0].DType.IsFloatingPoint ? new(x[0].Shape, x[0].DType) : throw AutogradException.DTypeUnsupported("logcumsumexp_out_cpu", x[0].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        int dim = Shape.WrapDim(Dim, y.Dim);
        var target = DimRows.Target(y, dim);
        RowLoop.RunFloat("logcumsumexp_out_cpu", DimRows.Rows(x[0], dim), target, new Kernel());
        DimRows.Finish(target, y, dim);
    }

    // dy[i] / dx[k] = e^(x[k] - y[i]) for i >= k. With Q[k] = g[k] + e^(y[k] - y[k+1]) Q[k+1], whose factors never exceed 1, the gradient is e^(x[k] - y[k]) Q[k].
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        if (saved.Shape(0).Rank == 0) return grad;
        var y = saved.Output();
        var factor = y.Shift(Dim, double.NegativeInfinity).Sub(y).Exp();
        return saved.Input(0).Sub(y).Exp().Mul(grad.LinearRecurrence(factor, Dim, reverse: true));
    }

    private readonly unsafe struct Kernel : IFloatRowKernel
    {
        public void Invoke<T>(T* x, long n, void* y, long row) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            T* to = (T*)y + row * n;
            T sum = T.NegativeInfinity;
            for (long i = 0; i < n; i++)
            {
                // log(e^a + e^b) = max + log1p(e^(min - max)); equal infinities are their own sum.
                T a = sum, b = x[i];
                if (T.IsNaN(a) || T.IsNaN(b)) sum = T.NaN;
                else if (a == b && T.IsInfinity(a)) sum = a;
                else sum = T.Max(a, b) + T.LogP1(T.Exp(T.Min(a, b) - T.Max(a, b)));
                to[i] = sum;
            }
        }
    }
}
