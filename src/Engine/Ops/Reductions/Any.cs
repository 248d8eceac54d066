using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Whether any element over dims, or of the whole tensor, is other than zero; false of no elements. uint8 stays uint8.</summary>
[Op("any(self, dim, keepdim)")]
public sealed partial record Any(Dims? Dim = null, bool Keepdim = false) : ComputeOp, IOp<Any>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Any>((op, x) => x[0].Reduce(ReducedDims.OrAll(op.Dim), op.Keepdim, v => v.Any(e => e != 0) ? 1 : 0));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Any(), s.Any(3, 4)),
        Sample.Of(new Any([1]), s.Mask(3, 4)),
        Sample.Of(new Any([0, -1], true), s.Mask(2, 1, 4)),
        Sample.Of(new Any([0]), s.Any(3, 4)),
        Sample.Of(new Any(), s.Any()),
        Sample.Of(new Any([0]), s.Any(0, 3)),
    ];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(ReducedDims.Shape(x[0].Shape, Dim, Keepdim), x[0].DType == DType.UInt8 ? DType.UInt8 : DType.Bool);

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
            long i = 0;
            while (i < n && x[i] == T.Zero) i++;
            ((byte*)y)[row] = i < n ? (byte)1 : (byte)0;
        }
    }
}
