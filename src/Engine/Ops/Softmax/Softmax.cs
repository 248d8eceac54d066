using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Softmax along a dim: e^(x - m) / sum of e^(x - m), m the largest element.</summary>
[Op("softmax(self, dim, dtype)")]
public sealed partial record Softmax(long Dim, DType? DType = null) : ComputeOp, IOp<Softmax>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Softmax>((op, x) =>
    {
        var log = x[0].Reduce([op.Dim], true, v => v.Max() + Math.Log(v.Sum(e => Math.Exp(e - v.Max()))));
        return NdArray.Build(x[0].Shape, i => Math.Exp(x[0][i] - log.Broadcast(i)));
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Softmax(1), s.Any(3, 4)),
        Sample.Of(new Softmax(0), s.Any(3, 4)),
        Sample.Of(new Softmax(-2), s.Any(2, 3, 4)),
        Sample.Of(new Softmax(0), s.Strided(3, 5)),
        Sample.Of(new Softmax(0), s.Any()),
        Sample.Of(new Softmax(1), s.Any(0, 3)),
        Sample.Of(new Softmax(0, Engine.DType.Float64), s.Any(3)),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Output;

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        Shape.WrapDim(Dim, x[0].Dim);
        var dtype = DType ?? x[0].DType;
        return dtype.IsFloatingPoint ? new(x[0].Shape, dtype) : throw AutogradException.DTypeUnsupported("softmax_kernel_impl", dtype);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        int dim = Shape.WrapDim(Dim, y.Dim);
        var target = DimRows.Target(y, dim);
        RowLoop.RunFloat("softmax_kernel_impl", DimRows.Rows(y.Workspace.RawCast(x[0], y.DType), dim), target, new Kernel());
        DimRows.Finish(target, y, dim);
    }

    // y_i = e^(x_i) / sum: dy_i = y_i (dx_i - sum of y_j dx_j), a symmetric map.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.SoftmaxBackwardData(saved.Output(), Dim);

    private readonly unsafe struct Kernel : IFloatRowKernel
    {
        public void Invoke<T>(T* x, long n, void* y, long row) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T> => Reduce.Softmax(x, (T*)y + row * n, n);
    }
}
