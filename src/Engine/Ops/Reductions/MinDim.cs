using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Smallest element along a dim, and the index of the first one; NaN counts as smallest. The gradient goes to that index.</summary>
[Op("min.dim(self, dim, keepdim) -> (values, indices)")]
public sealed partial record MinDim(long Dim, bool Keepdim = false) : MultiOp, IOp<MinDim>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<MinDim>((op, x) =>
        [x[0].Reduce([op.Dim], op.Keepdim, v => v.Min()), x[0].Reduce([op.Dim], op.Keepdim, v => Array.IndexOf(v, v.Min()))]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new MinDim(1), s.Any(3, 4)), Sample.Of(new MinDim(0, true), s.Any(3, 4)), Sample.Of(new MinDim(-2), s.Any(2, 3, 4)), Sample.Of(new MinDim(0), s.Any()), Sample.Of(new MinDim(1), s.Any(0, 3))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.OutputAt(1);

    /// <inheritdoc/>
    public override TensorSpec[] Infer(Inputs x)
    {
        var shape = ReducedDims.Shape(x[0].Shape, [Dim], Keepdim);
        ReducedDims.RequireElements("min", x[0].Shape, [Dim]);
        return [new(shape, x[0].DType), new(shape, DType.Int64)];
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor[] y)
    {
        using var scope = x[0].Workspace.Scope();
        RowLoop.Run(ReducedDims.Rows(x[0], [Dim]), y[0], y[1], new Kernel());
    }

    // y = x[i]: the gradient goes to i.
    /// <inheritdoc/>
    public override Tensor? Vjp(int input, Grads grads, Saved saved) => Selection.Backward(grads[0], saved.Output(1), saved.Shape(0), Dim, Keepdim);

    private readonly unsafe struct Kernel : IIndexedRowKernel
    {
        public void Invoke<T>(T* x, long n, void* values, long* indices, long row) where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            long i = Reduce.ArgMin(x, n);
            ((T*)values)[row] = x[i];
            indices[row] = i;
        }
    }
}
