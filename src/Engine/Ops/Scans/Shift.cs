using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>The elements moved on by one along a dim, a number in the place that becomes free; backwards if asked.</summary>
[Op("_shift(self, dim)", Hidden = true)]
public sealed partial record Shift(long Dim, double Fill = 0, bool Reverse = false) : ComputeOp, IOp<Shift>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Shift>((op, x) => RunningRow.Define(x[0], op.Dim, (row, k) =>
        op.Reverse ? k + 1 < row.Length ? row[k + 1] : op.Fill : k > 0 ? row[k - 1] : op.Fill));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Shift(1, 1), s.Any(3, 4)), Sample.Of(new Shift(0, 2, true), s.Any(3, 4)), Sample.Of(new Shift(0), s.Any()), Sample.Of(new Shift(0), s.Any(0))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(x[0].Shape, x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y) => RunningRow.Run(x[0], y, Dim, new Kernel(Fill, Reverse));

    // The gradient moves back; what was pushed out gets none.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Shift(Dim, 0, !Reverse);

    private readonly unsafe struct Kernel(double fill, bool reverse) : IRowKernel
    {
        public void Invoke<T>(T* x, long n, void* y, long row) where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            if (n == 0) return;
            T* to = (T*)y + row * n;
            Buffer.MemoryCopy(reverse ? x + 1 : x, reverse ? to : to + 1, (n - 1) * sizeof(T), (n - 1) * sizeof(T));
            to[reverse ? n - 1 : 0] = T.CreateSaturating(fill);
        }
    }
}
