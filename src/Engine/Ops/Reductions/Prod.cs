using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Product of all elements; integers and truth values multiply in int64.</summary>
[Op("prod(self, dtype)")]
public sealed partial record Prod(DType? DType = null) : ComputeOp, IOp<Prod>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Prod>((op, x) => x[0].Reduce(null, false, v => v.Aggregate(1.0, (a, b) => a * b)));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new Prod(), s.Any(2, 3)), Sample.Of(new Prod(), s.Values(Shape.Of(2, 2), 1, 2, 0, 3)), Sample.Of(new Prod(), s.Any()), Sample.Of(new Prod(), s.Any(0, 3))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => new(Shape.Scalar, DType ?? (x[0].DType.IsFloatingPoint ? x[0].DType : Engine.DType.Int64));

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        RowLoop.Run(ReducedDims.Rows(y.Workspace.RawCast(x[0], y.DType), null), y, new ProdDimInt.Kernel());
    }

    // The product of all others, as along a dim.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => saved.Shape(0).Rank == 0
        ? grad
        : ProdDimInt.Others(saved.Input(0).Reshape([saved.Shape(0).Numel]), 0).Reshape(Dims.Of(saved.Shape(0))).Mul(grad);
}
