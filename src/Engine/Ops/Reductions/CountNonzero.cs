using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Number of elements other than zero, over dims or in all.</summary>
[Op("count_nonzero(self, dim)")]
public sealed partial record CountNonzero(Dims? Dim = null) : ComputeOp, IOp<CountNonzero>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<CountNonzero>((op, x) => x[0].Reduce(ReducedDims.OrAll(op.Dim), false, v => v.Count(e => e != 0)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new CountNonzero(), s.Mask(3, 4)), Sample.Of(new CountNonzero([1]), s.Any(3, 4)), Sample.Of(new CountNonzero([0, -1]), s.Mask(2, 3, 4)), Sample.Of(new CountNonzero(), s.Any()), Sample.Of(new CountNonzero([0]), s.Any(0, 3))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(ReducedDims.Shape(x[0].Shape, Dim, false), DType.Int64);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        RowLoop.Run(ReducedDims.Rows(x[0], Dim), y, new Kernel());
    }

    private readonly unsafe struct Kernel : IRowKernel
    {
        public void Invoke<T>(T* x, long n, void* y, long row) where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            long count = 0;
            for (long i = 0; i < n; i++)
                if (x[i] != T.Zero) count++;
            ((long*)y)[row] = count;
        }
    }
}
