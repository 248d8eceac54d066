using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>A matrix with the given matrices along its diagonal and zeros elsewhere; vectors and scalars count as one row.</summary>
[Op("block_diag(tensors*)")]
public sealed partial record BlockDiag : ComputeOp, IOp<BlockDiag>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Common;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<BlockDiag>((_, x) =>
    {
        var sizes = Array.ConvertAll(x, t => Size(t.Shape));
        var result = new NdArray(sizes.Sum(s => s.Rows), sizes.Sum(s => s.Columns));
        long row = 0, column = 0;
        for (int n = 0; n < x.Length; n++)
        {
            for (long i = 0; i < x[n].Values.Length; i++) result[row + i / sizes[n].Columns, column + i % sizes[n].Columns] = x[n].Values[i];
            (row, column) = (row + sizes[n].Rows, column + sizes[n].Columns);
        }
        return result;
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new BlockDiag(), s.Any(2, 3), s.Any(), s.Any(2), s.Any(1, 1)), Sample.Of(new BlockDiag(), s.Strided(3, 2), s.Any(0, 2))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        long rows = 0, columns = 0;
        for (int i = 0; i < x.Count; i++)
        {
            if (x[i].Dim > 2) throw AutogradException.Shape($"torch.block_diag: Input tensors must have 2 or fewer dimensions. Input {i} has {x[i].Dim} dimensions");
            var size = Size(x[i].Shape);
            (rows, columns) = (rows + size.Rows, columns + size.Columns);
        }
        return x.Count == 0 ? new(Shape.Of(1, 0), DTypes.DefaultFloat) : new(Shape.Of(rows, columns), x.CommonDType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        Kernels.Fill.All(y, 0L);
        using var scope = y.Workspace.Scope();
        long row = 0, column = 0;
        for (int i = 0; i < x.Count; i++)
        {
            var size = Size(x[i].Shape);
            var rows = Part.Over(y, Part.Slice(y, 0, row, size.Rows));
            Transfer.Into(x[i], Part.Over(rows, Part.Slice(rows, 1, column, size.Columns)));
            (row, column) = (row + size.Rows, column + size.Columns);
        }
    }

    // each block takes its own part of g
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        long row = 0, column = 0;
        for (int i = 0; i < input; i++)
        {
            var before = Size(saved.Shape(i));
            (row, column) = (row + before.Rows, column + before.Columns);
        }
        var size = Size(saved.Shape(input));
        return grad.Narrow(0, row, size.Rows).Narrow(1, column, size.Columns).Reshape(Dims.Of(saved.Shape(input)));
    }

    private static (long Rows, long Columns) Size(Shape shape) => shape.Rank switch
    {
        0 => (1, 1),
        1 => (1, shape[0]),
        _ => (shape[0], shape[1]),
    };
}
