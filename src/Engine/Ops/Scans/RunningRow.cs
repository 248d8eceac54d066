using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>What the running sums, products and extrema share: every row along a dim becomes a row.</summary>
internal static class RunningRow
{
    /// <summary>y = the kernel's row for every row of x, in y's dtype.</summary>
    public static void Run<K>(Tensor x, Tensor y, long dim, K kernel) where K : struct, IRowKernel
    {
        using var scope = y.Workspace.Scope();
        int d = Shape.WrapDim(dim, y.Dim);
        var target = DimRows.Target(y, d);
        RowLoop.Run(DimRows.Rows(y.Workspace.RawCast(x, y.DType), d), target, kernel);
        DimRows.Finish(target, y, d);
    }

    /// <summary>The definition: element k of a row from the whole row.</summary>
    public static NdArray Define(NdArray x, long dim, Func<double[], int, double> element)
    {
        if (x.Shape.Rank == 0) return NdArray.Build(x.Shape, i => element([x[i]], 0));
        int d = Shape.WrapDim(dim, x.Shape.Rank);
        return NdArray.Build(x.Shape, i =>
        {
            var row = new double[x.Shape[d]];
            var at = (long[])i.Clone();
            for (int k = 0; k < row.Length; k++)
            {
                at[d] = k;
                row[k] = x[at];
            }
            return element(row, (int)i[d]);
        });
    }
}
