using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>The indices of all elements that are not zero, a row of int64 for each, in row-major order.</summary>
[Op("nonzero(self!)")]
public sealed partial record Nonzero : ComputeOp, IOp<Nonzero>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Nonzero>((_, x) =>
    {
        var found = NdArray.Indices(x[0].Shape).Where(i => x[0][i] != 0).ToArray();
        return NdArray.Build(Shape.Of(found.Length, x[0].Shape.Rank), i => found[i[0]][i[1]]);
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Nonzero(), s.Mask(3, 4)), Sample.Of(new Nonzero(), s.Values(Shape.Of(2, 2), 0, 1, 2, 0)), Sample.Of(new Nonzero(), s.Any()), Sample.Of(new Nonzero(), s.Any(0, 2))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(Shape.Of(Truth.Count(x[0]), x[0].Dim), DType.Int64);

    /// <inheritdoc/>
    public override unsafe void Forward(Inputs x, Tensor y)
    {
        if (y.Numel == 0) return;
        using var scope = y.Workspace.Scope();
        byte* truth = (byte*)Truth.Of(x[0]).Data;
        long* row = y.Pointer<long>();
        int rank = x[0].Dim;
        Span<long> index = stackalloc long[rank];
        index.Clear();
        for (long n = 0; n < x[0].Numel; n++)
        {
            if (truth[n] != 0)
            {
                index.CopyTo(new Span<long>(row, rank));
                row += rank;
            }
            for (int d = rank - 1; d >= 0 && ++index[d] == x[0].Shape[d]; d--) index[d] = 0;
        }
    }
}
