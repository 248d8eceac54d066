using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Determinants of square matrices, with the LU factorization and the row exchanges that they were computed by.</summary>
[Op("_linalg_det(self) -> (result, LU, pivots)", Hidden = true)]
public sealed partial record LinalgDetEx : MultiOp, IOp<LinalgDetEx>
{
    // Below this many roundings a determinant counts as zero where its derivative is differentiated again.
    private const double SingularUlps = 100;

    /// <inheritdoc/>
    public static Reference Reference => Reference.None("linalg_det is tested against its definition, and its factors are those of linalg_lu_factor_ex");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => [Sample.Of(new LinalgDetEx(), MatrixSamples.Invertible(s, 3, 3)), Sample.Of(new LinalgDetEx(), MatrixSamples.Invertible(s, 2, 2, 2))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0) | Engine.Saves.OutputAt(0) | Engine.Saves.OutputAt(1) | Engine.Saves.OutputAt(2);

    internal override bool HasGradient(int output) => output == 0;

    /// <inheritdoc/>
    public override TensorSpec[] Infer(Inputs x)
    {
        MatrixChecks.RequireSquare(x[0], "linalg.det");
        MatrixChecks.RequireFloat(x[0], "linalg.det");
        var batch = MatrixBatch.BatchOf(x[0]);
        return [new(batch, x[0].DType), new(x[0].Shape, x[0].DType), new(MatrixBatch.With(batch, x[0].Shape[-1]), DType.Int32)];
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor[] y)
    {
        using var scope = x[0].Workspace.Scope();
        LinalgLuFactorEx.Run(x[0], y[1], y[2], x[0].Workspace.RawEmpty(MatrixBatch.BatchOf(x[0]), DType.Int32));
        MatrixLoop.Run("det", x[0].DType, MatrixBatch.Count(x[0]), x[0].Shape[-1], new Kernel(y[1], y[2], y[0]));
    }

    // d det A = det A tr(A^-1 dA): the gradient is g det A A^-T. A zero on U's diagonal is moved a little, which is exact enough as long as nobody differentiates again.
    /// <inheritdoc/>
    public override Tensor? Vjp(int input, Grads grads, Saved saved)
    {
        if (grads[0] is not { } grad || saved.Shape(0).Numel == 0) return null;
        Tensor det = saved.Output(0), lu = saved.Output(1), pivots = saved.Output(2);
        double ulp = det.DType == DType.Float64 ? Precision<double>.Ulp : Precision<float>.Ulp;
        var diagonal = grad.Mul(det).Unsqueeze(-1).Expand(Dims.Of(pivots.Shape)).DiagEmbed();
        if (!saved.Workspace.GradEnabled)
        {
            var zeros = lu.Diagonal(0, -2, -1).Eq(0.0).To(lu.DType);
            return (lu + (zeros * ulp).DiagEmbed()).LinalgLuSolve(pivots, diagonal, true, adjoint: true);
        }
        var a = saved.Input(0);
        long n = a.Shape[-1], count = MatrixBatch.Count(a);
        Tensor matrices = a.Reshape([count, n, n]), sides = diagonal.Reshape([count, n, n]), factors = grad.Reshape([count]);
        var isSingular = det.Detach().Abs().Lt(SingularUlps * ulp).Reshape([count]);
        Tensor singular = isSingular.Nonzero().Squeeze(-1), regular = isSingular.LogicalNot().Nonzero().Squeeze(-1);
        if (singular.Numel == 0) return a.Transpose(-2, -1).LinalgSolve(diagonal);
        var result = Adjugate(matrices.IndexSelect(0, singular), factors.IndexSelect(0, singular));
        if (regular.Numel > 0)
        {
            var solved = matrices.IndexSelect(0, regular).Transpose(-2, -1).LinalgSolve(sides.IndexSelect(0, regular));
            result = saved.Workspace.RawFull(matrices.Shape, 0.0, a.DType).IndexCopy(0, singular, result).IndexCopy(0, regular, solved);
        }
        return result.Reshape(Dims.Of(a.Shape));
    }

    // The transposed adjugate through A = U S V^T: det U det V U diag(products of the other singular values) V^T (Higham, What Is the Adjugate of a Matrix?).
    private static Tensor Adjugate(Tensor a, Tensor grad)
    {
        var (u, s, vh) = a.LinalgSvd();
        var alpha = u.LinalgDet().Mul(vh.LinalgDet()).Mul(grad).Unsqueeze(-1);
        long n = s.Shape[-1];
        var products = alpha;
        if (n > 1)
        {
            var one = a.Workspace.RawFull(s.Shape.With(s.Dim - 1, 1), 1.0, s.DType);
            var before = a.Workspace.Cat([one, s.Narrow(-1, 0, n - 1)], -1).Cumprod(-1);
            var after = a.Workspace.Cat([one, s.Narrow(-1, 1, n - 1).Flip([-1])], -1).Cumprod(-1).Flip([-1]);
            products = alpha.Mul(before.Mul(after));
        }
        return u.Mul(products.Unsqueeze(-2)).Matmul(vh);
    }

    private readonly unsafe struct Kernel(Tensor lu, Tensor pivots, Tensor y) : IMatrixKernel
    {
        public void Invoke<T>(long index) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            var a = MatrixBatch.At<T>(lu, index);
            int* exchanged = MatrixBatch.VectorAt<int>(pivots, index);
            T product = T.One;
            for (long i = 0; i < a.Rows; i++) product *= exchanged[i] == i + 1 ? a[i, i] : -a[i, i];
            *MatrixBatch.NumberAt<T>(y, index) = product;
        }
    }
}
