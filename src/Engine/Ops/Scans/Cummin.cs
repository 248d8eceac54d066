using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Smallest element so far along a dim, and its index: of equal ones the last. NaN stays.</summary>
[Op("cummin(self, dim) -> (values, indices)")]
public sealed partial record Cummin(long Dim) : MultiOp, IOp<Cummin>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Many<Cummin>((op, x) =>
        [RunningRow.Define(x[0], op.Dim, (row, k) => row[..(k + 1)].Min()), RunningRow.Define(x[0], op.Dim, (row, k) => Array.LastIndexOf(row[..(k + 1)], row[..(k + 1)].Min()))]);

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Cummin(1), s.Any(3, 4)), Sample.Of(new Cummin(0), s.Any(3, 4)), Sample.Of(new Cummin(0), s.Any()), Sample.Of(new Cummin(0), s.Any(0, 3))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.OutputAt(1);

    /// <inheritdoc/>
    public override TensorSpec[] Infer(Inputs x)
    {
        Shape.WrapDim(Dim, x[0].Dim);
        return [new(x[0].Shape, x[0].DType), new(x[0].Shape, DType.Int64)];
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor[] y)
    {
        using var scope = x[0].Workspace.Scope();
        int dim = Shape.WrapDim(Dim, x[0].Dim);
        Tensor values = DimRows.Target(y[0], dim), indices = DimRows.Target(y[1], dim);
        RowLoop.Run(DimRows.Rows(x[0], dim), values, indices, new Kernel());
        DimRows.Finish(values, y[0], dim);
        DimRows.Finish(indices, y[1], dim);
    }

    // y[k] = x[i[k]]: every gradient goes to the index, where they add up.
    /// <inheritdoc/>
    public override Tensor? Vjp(int input, Grads grads, Saved saved)
    {
        if (grads[0] is not { } grad) return null;
        var shape = saved.Shape(0);
        return shape.Rank == 0 ? grad : saved.Workspace.RawFull(shape, 0.0, grad.DType).ScatterAdd(Dim, saved.Output(1), grad);
    }

    private readonly unsafe struct Kernel : IIndexedRowKernel
    {
        public void Invoke<T>(T* x, long n, void* values, long* indices, long row) where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            T* to = (T*)values + row * n;
            long* at = indices + row * n;
            long best = 0;
            for (long i = 0; i < n; i++)
            {
                if (T.IsNaN(x[i]) || x[i] <= x[best]) best = i;
                to[i] = x[best];
                at[i] = best;
            }
        }
    }
}
