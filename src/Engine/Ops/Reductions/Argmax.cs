using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Index of the first largest element along a dim, or among all elements row-major; NaN counts as largest.</summary>
[Op("argmax(self, dim, keepdim)")]
public sealed partial record Argmax(long? Dim = null, bool Keepdim = false) : ComputeOp, IOp<Argmax>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Argmax>((op, x) => x[0].Reduce(op.Dim is { } d ? [d] : null, op.Keepdim, v => Array.IndexOf(v, v.Max())));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Argmax(), s.Any(3, 4)), Sample.Of(new Argmax(1), s.Any(3, 4)), Sample.Of(new Argmax(-2, true), s.Any(2, 3, 4)), Sample.Of(new Argmax(), s.Any()), Sample.Of(new Argmax(1), s.Any(0, 3))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        Dims? dims = Dim is { } d ? [d] : null;
        if (dims is null && x[0].Numel == 0) throw AutogradException.Index("argmax(): Expected reduction dim to be specified for input.numel() == 0.");
        var shape = ReducedDims.Shape(x[0].Shape, dims, Keepdim);
        ReducedDims.RequireElements("argmax", x[0].Shape, dims);
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
        public void Invoke<T>(T* x, long n, void* y, long row) where T : unmanaged, INumber<T>, IMinMaxValue<T> => ((long*)y)[row] = Reduce.ArgMax(x, n);
    }
}
