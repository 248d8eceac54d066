using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Gated linear unit: a sigmoid(b), a and b the two halves of self along a dim.</summary>
/// <remarks>Dauphin et al., "Language Modeling with Gated Convolutional Networks", 2017.</remarks>
[Op("glu(self, dim)")]
public sealed partial record Glu(long Dim = -1) : ComputeOp, IOp<Glu>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Glu>((op, x) =>
    {
        int d = Shape.WrapDim(op.Dim, x[0].Shape.Rank);
        long half = x[0].Shape[d] / 2;
        return NdArray.Build(x[0].Shape.With(d, half), i =>
        {
            var gate = (long[])i.Clone();
            gate[d] += half;
            return x[0][i] / (1 + Math.Exp(-x[0][gate]));
        });
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ? [Sample.Of(new Glu(), s.Any(3, 4)), Sample.Of(new Glu(0), s.Any(2, 3)), Sample.Of(new Glu(1), s.Strided(3, 6)), Sample.Of(new Glu(-2), s.Any(0, 2, 3))]
        : [];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        var self = x[0];
        if (self.Dim == 0) throw AutogradException.Shape("glu does not support 0-dimensional tensors");
        int d = Shape.WrapDim(Dim, self.Dim);
        if (self.Shape[d] % 2 != 0) throw AutogradException.Shape($"Halving dimension must be even, but dimension {d} is size {self.Shape[d]}");
        if (!self.DType.IsFloatingPoint) throw AutogradException.DTypeUnsupported("glu_cpu", self.DType);
        return new(self.Shape.With(d, self.Shape[d] / 2), self.DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        int d = Shape.WrapDim(Dim, y.Dim);
        using var scope = y.Workspace.Scope();
        var a = x[0].Alias(y.Shape, x[0].StridesArray, x[0].Offset);
        var b = x[0].Alias(y.Shape, x[0].StridesArray, x[0].Offset + y.Shape[d] * x[0].StridesArray[d]);
        Elementwise.MapFloat("glu_cpu", a, b, y, new Kernel());
    }

    // With s = sigmoid(b): d(a s) = s da + a s (1 - s) db
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        var x = saved.Input(0);
        long half = x.Shape[Shape.WrapDim(Dim, x.Dim)] / 2;
        Tensor a = x.Narrow(Dim, 0, half), gate = x.Narrow(Dim, half, half).Sigmoid(), forA = grad.Mul(gate);
        return saved.Workspace.Cat([forA, forA.Mul(a).Mul(gate.Rsub(1L))], Dim);
    }

    private readonly struct Kernel : IFloatBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T> => a * VectorMath.Sigmoid(b);
    }
}
