using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>The median along a dim of the elements that are not NaN, of an even number the lower one, and its index; NaN if all are.</summary>
[Op("nanmedian.dim(self, dim, keepdim) -> (values, indices)")]
public sealed partial record NanmedianDim(long Dim, bool Keepdim = false) : MultiOp, IOp<NanmedianDim>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<NanmedianDim>((op, x) =>
        [x[0].Reduce([op.Dim], op.Keepdim, v => v[SortedRows.Order(v, false)[Place(v)]]), x[0].Reduce([op.Dim], op.Keepdim, v => SortedRows.Order(v, false)[Place(v)])]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new NanmedianDim(-1), s.Any(3, 5)),
        Sample.Of(new NanmedianDim(0, true), s.Any(4, 3)),
        Sample.ForwardOnly(new NanmedianDim(1), s.Values(Shape.Of(2, 4), 1, double.NaN, 3, 2, double.NaN, double.NaN, double.NaN, double.NaN)),
        Sample.Of(new NanmedianDim(0), s.Any()),
    ];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "NanmedianBackward1";

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.OutputAt(1);

    /// <inheritdoc/>
    public override TensorSpec[] Infer(Inputs x)
    {
        ReducedDims.RequireElements("nanmedian", x[0].Shape, [Shape.WrapDim(Dim, x[0].Dim)]);
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

    private static int Place(double[] v) => Math.Max(v.Count(e => !double.IsNaN(e)) - 1, 0) / 2;

    internal readonly unsafe struct Kernel : IIndexedRowKernel
    {
        public void Invoke<T>(T* x, long n, void* values, long* indices, long row) where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            long numbers = 0;
            for (long i = 0; i < n; i++)
                if (!T.IsNaN(x[i])) numbers++;
            ((T*)values)[row] = Ranking.Select(x, n, Math.Max(numbers - 1, 0) / 2, out indices[row]);
        }
    }
}
