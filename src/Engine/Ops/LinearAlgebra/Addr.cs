using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Outer product added to a matrix: beta * self + alpha * vec1[i] * vec2[j].</summary>
[Op("addr(self, vec1, vec2, beta, alpha)", InPlace = true)]
public sealed partial record Addr(Scalar? Beta = null, Scalar? Alpha = null) : ComputeOp, IOp<Addr>
{
    /// <inheritdoc/>
    public override Promotion Promotion => Promotion.Common;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Addr>((op, x) =>
        MatrixProduct.Define(x[0], NdArray.Build(Shape.Of(x[1].Shape[0], x[2].Shape[0]), i => x[1][i[0]] * x[2][i[1]]), op.Beta, op.Alpha));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new Addr(), s.Any(3, 4), s.Any(3), s.Any(4)), Sample.Of(new Addr(2L, 3L), s.Any(4), s.Any(3), s.Any(4)), Sample.Of(new Addr(), s.Any(), s.Any(0), s.Any(4))];

    /// <summary>A vector is kept only if the other one's gradient will need it.</summary>
    public override Saves Saves(NeedsGrad needs) => (needs[1] ? Engine.Saves.Input(2) : default) | (needs[2] ? Engine.Saves.Input(1) : default);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        if (x[1].Dim != 1 || x[2].Dim != 1)
            throw AutogradException.Shape($"addr: Expected 1-D argument {(x[1].Dim != 1 ? "vec1" : "vec2")}, but got {(x[1].Dim != 1 ? x[1].Dim : x[2].Dim)}-D");
        var shape = Shape.Of(x[1].Numel, x[2].Numel);
        MatrixProduct.RequireExpands(x[0], shape);
        return new(shape, x.CommonDType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        var column = x[1].Alias(Shape.Of(x[1].Numel, 1), [x[1].StridesArray[0], 1], x[1].Offset);
        var sum = Truth.Wide(y);
        Elementwise.Map(Truth.Wide(column, y), Truth.Wide(x[2], y), sum, new Product());
        MatrixProduct.Combine(Truth.Wide(x[0], y), sum, Beta, Alpha);
        Truth.Narrow(sum, y);
    }

    // d(beta S + alpha u v^T): beta G for S, alpha G v for u, alpha G^T u for v.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => input switch
    {
        0 => MatrixProduct.Scaled(grad, Beta),
        1 => MatrixProduct.Scaled(grad.Mv(saved.Input(2)), Alpha),
        _ => MatrixProduct.Scaled(grad.Transpose(0, 1).Mv(saved.Input(1)), Alpha),
    };

    private readonly struct Product : IBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T>, IMinMaxValue<T> => a * b;
    }
}
