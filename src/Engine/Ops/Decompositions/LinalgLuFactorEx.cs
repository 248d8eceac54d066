using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>LU factorization self = P L U in one matrix (the unit diagonal of L is not stored), with the row exchanges as int32 counted from 1, and info: 0, or the place of the first zero on U's diagonal.</summary>
[Op("linalg_lu_factor_ex(self, pivot, check_errors) -> (LU, pivots, info)")]
public sealed partial record LinalgLuFactorEx(bool Pivot = true, bool CheckErrors = false) : MultiOp, IOp<LinalgLuFactorEx>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("the factors depend on the pivots; tests/Engine.Tests/Ops/DecompositionTests multiplies them");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new LinalgLuFactorEx(), MatrixSamples.Invertible(s, 3, 3)),
        Sample.Of(new LinalgLuFactorEx(), MatrixSamples.Any(s, 2, 4, 3)),
        Sample.Of(new LinalgLuFactorEx(), MatrixSamples.Any(s, 2, 4)),
        Sample.Of(new LinalgLuFactorEx(), MatrixSamples.Any(s, 0, 3)),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.OutputAt(0) | Engine.Saves.OutputAt(1);

    /// <inheritdoc/>
    public override TensorSpec[] Infer(Inputs x)
    {
        if (x[0].Dim < 2) throw AutogradException.Shape($"torch.lu_factor: Expected tensor with 2 or more dimensions. Got size: {x[0].Shape} instead");
        MatrixChecks.RequireFloat(x[0], "torch.lu_factor");
        var batch = MatrixBatch.BatchOf(x[0]);
        return [new(x[0].Shape, x[0].DType), new(MatrixBatch.With(batch, Math.Min(x[0].Shape[-2], x[0].Shape[-1])), DType.Int32), new(batch, DType.Int32)];
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor[] y)
    {
        Run(x[0], y[0], y[1], y[2], Pivot);
        if (CheckErrors) MatrixChecks.Throw("torch.linalg.lu_factor_ex", y[2]);
    }

    /// <summary>Writes the factors, the pivots and the infos.</summary>
    internal static void Run(Tensor x, Tensor lu, Tensor pivots, Tensor info, bool pivot = true)
    {
        MatrixBatch.Copy(x, lu);
        double m = lu.Shape[-2], n = lu.Shape[-1];
        MatrixLoop.Run("lu_factor_cpu", lu.DType, MatrixBatch.Count(lu), m * n * Math.Min(m, n), new Kernel(lu, pivots, info, pivot));
    }

    // See linalg_lu: L and U take their gradients as parts of one matrix here.
    /// <inheritdoc/>
    public override Tensor? Vjp(int input, Grads grads, Saved saved)
    {
        if (grads[0] is not { } grad) return null;
        var lu = saved.Output(0);
        long k = Math.Min(lu.Shape[-2], lu.Shape[-1]);
        var (p, l, u) = lu.LuUnpack(saved.Output(1));
        return LinalgLu.Backward(grad.Narrow(-1, 0, k).Tril(-1), grad.Narrow(-2, 0, k).Triu(), p, l, u);
    }

    private readonly unsafe struct Kernel(Tensor lu, Tensor pivots, Tensor info, bool pivot) : IMatrixKernel
    {
        public void Invoke<T>(long index) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T> =>
            *MatrixBatch.NumberAt<int>(info, index) = LuFactorization.Factor(MatrixBatch.At<T>(lu, index), MatrixBatch.VectorAt<int>(pivots, index), pivot);
    }
}
