using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Tensors one after the other along a dim; 1-d tensors without elements are skipped.</summary>
[Op("cat(tensors*, dim)")]
public sealed partial record Cat(long Dim = 0) : ComputeOp, IOp<Cat>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Common;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Cat>((op, x) =>
    {
        var parts = x.Where(p => p.Shape.Rank != 1 || p.Shape[0] != 0).ToArray();
        if (parts.Length == 0) return x[0];
        int dim = Shape.WrapDim(op.Dim, parts[0].Shape.Rank);
        return NdArray.Build(parts[0].Shape.With(dim, parts.Sum(p => p.Shape[dim])), i =>
        {
            int n = 0;
            for (; i[dim] >= parts[n].Shape[dim]; n++) i[dim] -= parts[n].Shape[dim];
            return parts[n][i];
        });
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new Cat(), s.Any(2, 3), s.Any(1, 3)),
        Sample.Of(new Cat(-1), s.Any(2, 1), s.Strided(2, 3), s.Any(2, 2)),
        Sample.Of(new Cat(1), s.Any(0), s.Any(2, 2), s.Any(2, 0)),
        Sample.Of(new Cat(), s.Any(3)),
        Sample.Of(new Cat(), s.Any(0), s.Any(0)),
    ];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        if (x.Count == 0) throw AutogradException.Attribute("torch.cat(): expected a non-empty list of Tensors");
        for (int i = 0; i < x.Count; i++)
            if (x.Optional(i) is null) throw AutogradException.Attribute($"expected Tensor as element {i} in argument 0, but got NoneType", TorchErrorType.TypeError);
        for (int i = 0; i < x.Count; i++)
            if (x[i].Dim == 0) throw AutogradException.Shape($"zero-dimensional tensor (at position {i}) cannot be concatenated");
        Shape? shape = null;
        int dim = 0;
        for (int i = 0; i < x.Count; i++)
        {
            if (IsSkipped(x[i].Shape)) continue;
            if (shape is null)
            {
                shape = x[i].Shape;
                dim = Shape.WrapDim(Dim, shape.Rank);
                continue;
            }
            if (x[i].Dim != shape.Rank) throw AutogradException.Shape($"Tensors must have same number of dimensions: got {shape.Rank} and {x[i].Dim}");
            for (int d = 0; d < shape.Rank; d++)
                if (d != dim && x[i].Shape[d] != shape[d])
                    throw AutogradException.Shape($"Sizes of tensors must match except in dimension {dim}. Expected size {shape[d]} but got size {x[i].Shape[d]} for tensor number {i} in the list.");
            shape = shape.With(dim, shape[dim] + x[i].Shape[dim]);
        }
        return new(shape ?? x[0].Shape, x.CommonDType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        if (y.Numel == 0) return;
        int dim = Shape.WrapDim(Dim, y.Dim);
        using var scope = y.Workspace.Scope();
        long start = 0;
        for (int i = 0; i < x.Count; i++)
        {
            if (IsSkipped(x[i].Shape)) continue;
            long length = x[i].Shape[dim];
            Transfer.Into(x[i], Part.Over(y, Part.Slice(y, dim, start, length)));
            start += length;
        }
    }

    // each tensor takes its part of g
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        if (IsSkipped(saved.Shape(input))) return saved.Workspace.RawFull(saved.Shape(input), 0.0, grad.DType);
        int dim = Shape.WrapDim(Dim, grad.Dim);
        long start = 0;
        for (int i = 0; i < input; i++)
            if (!IsSkipped(saved.Shape(i))) start += saved.Shape(i)[dim];
        return grad.Narrow(dim, start, saved.Shape(input)[dim]);
    }

    // PyTorch's legacy: an empty vector goes with anything.
    private static bool IsSkipped(Shape shape) => shape.Rank == 1 && shape[0] == 0;
}
