using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Tensors of one shape along a new dim.</summary>
[Op("stack(tensors*, dim)")]
public sealed partial record Stack(long Dim = 0) : ComputeOp, IOp<Stack>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Common;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Stack>((op, x) =>
    {
        int dim = Shape.WrapDim(op.Dim, x[0].Shape.Rank + 1);
        return NdArray.Build(Shape.Of([.. x[0].Shape.Sizes[..dim], x.Length, .. x[0].Shape.Sizes[dim..]]), i => x[i[dim]][[.. i[..dim], .. i[(dim + 1)..]]]);
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Stack(), s.Any(2, 3), s.Any(2, 3)), Sample.Of(new Stack(-1), s.Any(2, 3), s.Strided(2, 3), s.Any(2, 3)), Sample.Of(new Stack(), s.Any(), s.Any()), Sample.Of(new Stack(1), s.Any(2, 0))];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        if (x.Count == 0) throw AutogradException.Attribute("stack expects a non-empty TensorList");
        var shape = x[0].Shape;
        int dim = Shape.WrapDim(Dim, shape.Rank + 1);
        for (int i = 1; i < x.Count; i++)
            if (!x[i].Shape.Equals(shape)) throw AutogradException.Shape($"stack expects each tensor to be equal size, but got {shape} at entry 0 and {x[i].Shape} at entry {i}");
        return new(Shape.Of([.. shape.Sizes[..dim], x.Count, .. shape.Sizes[dim..]]), x.CommonDType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        int dim = Shape.WrapDim(Dim, y.Dim);
        using var scope = y.Workspace.Scope();
        for (int i = 0; i < x.Count; i++) Transfer.Into(x[i], Part.Over(y, Part.Select(y, dim, i)));
    }

    // each tensor takes its slice of g
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => grad.Select(Dim, input);
}
