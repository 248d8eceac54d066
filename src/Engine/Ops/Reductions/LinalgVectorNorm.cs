using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>p-norm over dims, or of all elements: (sum of |x|^p)^(1/p); p = inf the largest |x|, -inf the smallest, 0 the number of non-zeros.</summary>
[Op("linalg_vector_norm(self, ord, dim, keepdim, dtype)")]
public sealed partial record LinalgVectorNorm(Scalar? Ord = null, Dims? Dim = null, bool Keepdim = false, DType? DType = null) : ComputeOp, IOp<LinalgVectorNorm>
{
    private double P => (Ord ?? 2L).Real;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<LinalgVectorNorm>((op, x) => x[0].Reduce(ReducedDims.OrAll(op.Dim), op.Keepdim, v => op.P switch
    {
        0 => v.Count(e => e != 0),
        double.PositiveInfinity => v.Length == 0 ? 0 : v.Max(Math.Abs),
        double.NegativeInfinity => v.Min(Math.Abs),
        var p => Math.Pow(v.Sum(e => Math.Pow(Math.Abs(e), p)), 1 / p),
    }));

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new LinalgVectorNorm(), s.Any(3, 4)),
        Sample.Of(new LinalgVectorNorm(1L, [1]), s.Any(3, 4)),
        Sample.Of(new LinalgVectorNorm(3L, [0], true), s.Any(3, 4)),
        Sample.Of(new LinalgVectorNorm(1.5, [0, -1]), s.Any(2, 3, 4)),
        Sample.Of(new LinalgVectorNorm(0.5, [1]), s.Positive(3, 2)),
        Sample.Of(new LinalgVectorNorm(double.PositiveInfinity, [1]), s.Any(3, 4)),
        Sample.Of(new LinalgVectorNorm(double.NegativeInfinity), s.Any(3, 4)),
        Sample.Of(new LinalgVectorNorm(0L, [1]), s.Any(3, 4)),
        Sample.Of(new LinalgVectorNorm(), s.Any()),
        Sample.Of(new LinalgVectorNorm(2L, [0]), s.Strided(3, 5)),
        Sample.Of(new LinalgVectorNorm(2L, [0]), s.Any(0, 3)),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0) | Engine.Saves.Output;

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        var dtype = DType ?? x[0].DType;
        if (!dtype.IsFloatingPoint)
            throw new AutogradException(ErrorReason.DtypeUnsupported, $"linalg.vector_norm: Expected a floating point or complex tensor as input. Got {dtype.TorchName}");
        var shape = ReducedDims.Shape(x[0].Shape, Dim, Keepdim);
        if (ReducedDims.Count(x[0].Shape, Dim) == 0 && (P < 0 || double.IsPositiveInfinity(P)))
            throw AutogradException.Attribute($"linalg.vector_norm cannot compute the {Ord} norm on an empty tensor because the operation does not have an identity");
        return new(shape, dtype);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        RowLoop.RunFloat("linalg_vector_norm_cpu", ReducedDims.Rows(y.Workspace.RawCast(x[0], y.DType), Dim), y, new Kernel(P));
    }

    // d|x|_p = |x|^(p-1) sign(x) / n^(p-1) . dx. Where the norm is 0 the derivative is 0 by convention; ties of an infinity norm share it; p = 0 has none.
    /// <inheritdoc/>
    public override Tensor? Vjp(int input, Tensor grad, Saved saved)
    {
        var x = saved.Input(0);
        return Backward(ReducedDims.Restore(grad, x.Shape, Dim, Keepdim), x, ReducedDims.Restore(saved.Output(), x.Shape, Dim, Keepdim), P, Dim);
    }

    /// <summary>The gradient for x from that of its norm; both are given with the reduced dims kept.</summary>
    internal static Tensor? Backward(Tensor g, Tensor x, Tensor norm, double p, Dims? dims)
    {
        switch (p)
        {
            case 0: return null;
            case 1: return x.Sign().Mul(g);
            case 2: return g.Mul(x.Div(norm).MaskedFill(norm.Eq(0L), 0L));
            case double.PositiveInfinity or double.NegativeInfinity:
                var size = x.Abs();
                var mask = size.Eq(norm).LogicalOr(size.Isnan().LogicalAnd(norm.Isnan()));
                return x.Sign().Mul(ReducedDims.ShareEvenly(g, mask, dims));
            case < 1:
                return x.Sign().Mul(x.Abs().Pow(p - 1).MaskedFill(x.Eq(0L), 0L)).Mul(g.Mul(norm.Pow(1 - p)));
            case < 2:
                return x.Sign().Mul(x.Abs().Pow(p - 1)).Mul(g.Div(norm.Pow(p - 1)).MaskedFill(norm.Eq(0L), 0L));
            default:
                return x.Mul(x.Abs().Pow(p - 2)).Mul(g.Div(norm.Pow(p - 1)).MaskedFill(norm.Eq(0L), 0L));
        }
    }

    private readonly unsafe struct Kernel(double p) : IFloatRowKernel
    {
        public void Invoke<T>(T* x, long n, void* y, long row) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            ((T*)y)[row] = p switch
            {
                0 => T.CreateTruncating(ReduceSum.Cascade(x, n, new PowerSum<T>(0))),
                1 => ReduceSum.Cascade(x, n, new PowerSum<T>(1)),
                2 => T.Sqrt(ReduceSum.Cascade(x, n, new PowerSum<T>(2))),
                double.PositiveInfinity => n == 0 ? T.Zero : T.Max(Reduce.Max(x, n), -Reduce.Min(x, n)),
                double.NegativeInfinity => Smallest(x, n),
                _ => T.Pow(ReduceSum.Cascade(x, n, new PowerSum<T>(p)), T.CreateTruncating(1 / p)),
            };
        }

        private static T Smallest<T>(T* x, long n) where T : unmanaged, IBinaryFloatingPointIeee754<T>
        {
            T smallest = T.Abs(x[0]);
            for (long i = 1; i < n && !T.IsNaN(smallest); i++) smallest = T.Min(smallest, T.Abs(x[i]));
            return smallest;
        }
    }

    /// <summary>|x|^p; with p = 0 whether x is not zero.</summary>
    private readonly unsafe struct PowerSum<T>(double p) : IBlockSum<T> where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        // |0|^p adds nothing for a positive p, |inf|^p nothing for a negative one.
        public T Padding => p < 0 ? T.PositiveInfinity : T.Zero;

        public Vector<T> Sum(T* x, long vectors)
        {
            Vector<T> sum = default, exponent = Vector.Create(T.CreateTruncating(p));
            for (; vectors > 0; vectors--, x += Vector<T>.Count)
            {
                var v = Vector.Load(x);
                sum += p switch
                {
                    0 => Vector.ConditionalSelect(Vector.Equals(v, Vector<T>.Zero), Vector<T>.Zero, Vector<T>.One),
                    1 => Vector.Abs(v),
                    2 => v * v,
                    _ => VectorMath.Pow(Vector.Abs(v), exponent),
                };
            }
            return sum;
        }
    }
}
