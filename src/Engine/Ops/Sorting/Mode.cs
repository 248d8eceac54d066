using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>The most frequent element along a dim, of several the smallest, and the last index of it.</summary>
[Op("mode(self, dim, keepdim) -> (values, indices)")]
public sealed partial record Mode(long Dim = -1, bool Keepdim = false) : MultiOp, IOp<Mode>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<Mode>((op, x) =>
    [
        x[0].Reduce([op.Dim], op.Keepdim, Most),
        x[0].Reduce([op.Dim], op.Keepdim, v => Array.LastIndexOf(v, Most(v))),
    ]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.ForwardOnly(new Mode(), s.Values(Shape.Of(2, 4), 3, 1, 3, 1, 2, 0, 2, 2)), Sample.Of(new Mode(0, true), s.Any(4, 3)), Sample.Of(new Mode(1), s.Any(2, 3, 2)), Sample.Of(new Mode(), s.Any())];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "ModeBackward0";

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.OutputAt(1);

    /// <inheritdoc/>
    public override TensorSpec[] Infer(Inputs x)
    {
        ReducedDims.RequireElements("mode", x[0].Shape, [Shape.WrapDim(Dim, x[0].Dim)]);
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

    private static double Most(double[] v) => v.GroupBy(e => e).OrderByDescending(g => g.Count()).ThenBy(g => g.Key).First().Key;

    private readonly unsafe struct Kernel : IIndexedRowKernel
    {
        public void Invoke<T>(T* x, long n, void* values, long* indices, long row) where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            var sorted = new T[n];
            var from = new long[n];
            fixed (T* v = sorted)
            fixed (long* i = from)
            {
                Ranking.Sort(x, n, false, n, v, i);
                long most = 0;
                for (long k = 0, start = 0; k < n; k++)
                {
                    if (k + 1 < n && v[k] == v[k + 1]) continue;
                    if (k + 1 - start > most) (((T*)values)[row], indices[row], most) = (v[k], i[k], k + 1 - start);
                    start = k + 1;
                }
            }
        }
    }
}
