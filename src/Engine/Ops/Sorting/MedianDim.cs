using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>The median along a dim, of an even number of elements the lower one, and its index; NaN if there is one.</summary>
[Op("median.dim(self, dim, keepdim) -> (values, indices)")]
public sealed partial record MedianDim(long Dim, bool Keepdim = false) : MultiOp, IOp<MedianDim>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<MedianDim>((op, x) =>
        [x[0].Reduce([op.Dim], op.Keepdim, v => v[SortedRows.Order(v, false)[Place(v.Length)]]), x[0].Reduce([op.Dim], op.Keepdim, v => SortedRows.Order(v, false)[Place(v.Length)])]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new MedianDim(-1), s.Any(3, 5)), Sample.Of(new MedianDim(0, true), s.Any(4, 3)), Sample.Of(new MedianDim(1), s.Any(2, 4, 3)), Sample.Of(new MedianDim(0), s.Any())];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "MedianBackward1";

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.OutputAt(1);

    /// <inheritdoc/>
    public override TensorSpec[] Infer(Inputs x)
    {
        int dim = Shape.WrapDim(Dim, x[0].Dim);
        ReducedDims.RequireElements("median", x[0].Shape, [dim]);
        var shape = ReducedDims.Shape(x[0].Shape, [Dim], Keepdim);
        return [new(shape, x[0].DType), new(shape, DType.Int64)];
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor[] y)
    {
        using var scope = x[0].Workspace.Scope();
        RowLoop.Run(ReducedDims.Rows(x[0], [Dim]), y[0], y[1], new Kernel());
    }

    // Gradients go back where the values came from.
    /// <inheritdoc/>
    public override Tensor? Vjp(int input, Grads grads, Saved saved) => Selection.Backward(grads[0], saved.Output(1), saved.Shape(0), Dim, Keepdim);

    private static int Place(int length) => (length - 1) / 2;

    internal readonly unsafe struct Kernel : IIndexedRowKernel
    {
        public void Invoke<T>(T* x, long n, void* values, long* indices, long row) where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            long nan = 0;
            while (nan < n && !T.IsNaN(x[nan])) nan++;
            if (nan < n) (((T*)values)[row], indices[row]) = (x[nan], nan);
            else ((T*)values)[row] = Ranking.Select(x, n, (n - 1) / 2, out indices[row]);
        }
    }
}
