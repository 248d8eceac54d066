using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Product along a dim; integers and truth values multiply in int64.</summary>
[Op("prod.dim_int(self, dim, keepdim, dtype)")]
public sealed partial record ProdDimInt(long Dim, bool Keepdim = false, DType? DType = null) : ComputeOp, IOp<ProdDimInt>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<ProdDimInt>((op, x) => x[0].Reduce([op.Dim], op.Keepdim, v => v.Aggregate(1.0, (a, b) => a * b)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new ProdDimInt(1), s.Any(3, 4)),
        Sample.Of(new ProdDimInt(-2, true), s.Any(2, 3, 4)),
        Sample.Of(new ProdDimInt(0), s.Values(Shape.Of(4, 2), 1, 2, 0, 0, 2, 0, 3, 1)),
        Sample.Of(new ProdDimInt(0), s.Any()),
        Sample.Of(new ProdDimInt(0), s.Any(0, 3)),
        Sample.Of(new ProdDimInt(0, DType: Engine.DType.Float64), s.Any(3)),
    ];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "ProdBackward1";

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) =>
        new(ReducedDims.Shape(x[0].Shape, [Dim], Keepdim), DType ?? (x[0].DType.IsFloatingPoint ? x[0].DType : Engine.DType.Int64));

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        RowLoop.Run(ReducedDims.Rows(y.Workspace.RawCast(x[0], y.DType), [Dim]), y, new Kernel());
    }

    // Each element's gradient is the product of the others: those before it times those after it. Nothing divides, so zeros are no special case.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => saved.Shape(0).Rank == 0
        ? grad
        : ReducedDims.Restore(grad, saved.Shape(0), [Dim], Keepdim).Mul(Others(saved.Input(0), Dim));

    /// <summary>The product of all other elements along a dim.</summary>
    internal static Tensor Others(Tensor x, long dim) => x.Cumprod(dim).Shift(dim, 1).Mul(x.Flip([dim]).Cumprod(dim).Shift(dim, 1).Flip([dim]));

    internal readonly unsafe struct Kernel : IRowKernel
    {
        public void Invoke<T>(T* x, long n, void* y, long row) where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            var lanes = Vector<T>.One;
            long i = 0;
            for (; i <= n - Vector<T>.Count; i += Vector<T>.Count) lanes *= Vector.Load(x + i);
            T product = T.One;
            for (int lane = 0; lane < Vector<T>.Count; lane++) product *= lanes[lane];
            for (; i < n; i++) product *= x[i];
            ((T*)y)[row] = product;
        }
    }
}
