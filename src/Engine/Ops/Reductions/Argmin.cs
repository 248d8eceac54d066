using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Index of the first smallest element along a dim, or among all elements row-major; NaN counts as smallest.</summary>
[Op("argmin(self, dim, keepdim)")]
public sealed partial record Argmin(long? Dim = null, bool Keepdim = false) : ComputeOp, IOp<Argmin>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Argmin>((op, x) => x[0].Reduce(op.Dim is { } d ? [d] : null, op.Keepdim, v => Array.IndexOf(v, v.Min())));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Argmin(), s.Any(3, 4)), Sample.Of(new Argmin(1), s.Any(3, 4)), Sample.Of(new Argmin(-2, true), s.Any(2, 3, 4)), Sample.Of(new Argmin(), s.Any()), Sample.Of(new Argmin(1), s.Any(0, 3))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        Dims? dims = Dim is { } d ? [d] : null;
        if (dims is null && x[0].Numel == 0) throw AutogradException.Index("argmin(): Expected reduction dim to be specified for input.numel() == 0.");
        var shape = ReducedDims.Shape(x[0].Shape, dims, Keepdim);
        ReducedDims.RequireElements("argmin", x[0].Shape, dims);
        return new(shape, DType.Int64);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        RowLoop.Run(ReducedDims.Rows(x[0], Dim is { } d ? [d] : null), y, new Kernel());
    }

    private readonly unsafe struct Kernel : IRowKernel
    {
        public void Invoke<T>(T* x, long n, void* y, long row) where T : unmanaged, INumber<T>, IMinMaxValue<T> => ((long*)y)[row] = Reduce.ArgMin(x, n);
    }
}
