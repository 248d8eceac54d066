using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Eigenvalues, ascending, and eigenvectors of symmetric matrices, of which one triangle is read; the vectors are empty if not asked for.</summary>
[Op("_linalg_eigh(self, uplo, compute_v) -> (eigenvalues, eigenvectors)", Hidden = true)]
public sealed partial record LinalgEighEx(string Uplo = "L", bool ComputeV = true) : MultiOp, IOp<LinalgEighEx>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("eigenvectors have a sign to choose; tests/Engine.Tests/Ops/DecompositionTests checks A V = V diag(L), and the derivatives on symmetric matrices");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.ForwardOnly(new LinalgEighEx(), MatrixSamples.Symmetric(s, 4, 4)),
        Sample.ForwardOnly(new LinalgEighEx("U"), MatrixSamples.Symmetric(s, 2, 3, 3)),
        Sample.ForwardOnly(new LinalgEighEx(), MatrixSamples.Symmetric(s, 0, 0)),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.OutputAt(0) | Engine.Saves.OutputAt(1);

    /// <inheritdoc/>
    public override TensorSpec[] Infer(Inputs x)
    {
        MatrixChecks.RequireSquare(x[0], "linalg.eigh");
        MatrixChecks.RequireFloat(x[0], "linalg.eigh");
        if (Uplo is not [('L' or 'l' or 'U' or 'u'), ..]) throw AutogradException.Attribute($"Expected UPLO argument to be 'L' or 'U', but got {Uplo}");
        return [new(Shape.Of(x[0].Shape.Sizes[..^1]), x[0].DType), new(ComputeV ? x[0].Shape : Shape.Of(0), x[0].DType)];
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor[] y)
    {
        var ws = x[0].Workspace;
        using var scope = ws.Scope();
        // Rows of the kernel's result are eigenvectors: columns of the op's.
        var copy = ws.RawClone(x[0]);
        var vectors = ws.RawEmpty(y[1].Shape, y[1].DType);
        var info = ws.RawEmpty(MatrixBatch.BatchOf(x[0]), DType.Int32);
        double n = x[0].Shape[-1];
        MatrixLoop.Run("linalg_eigh_cpu", x[0].DType, info.Numel, n * n * n * (ComputeV ? 8 : 2), new Kernel(copy, y[0], vectors, info, Uplo[0] is 'U' or 'u'));
        if (ComputeV) MatrixBatch.Copy(MatrixBatch.Transposed(vectors), y[1]);
        MatrixChecks.Throw("linalg.eigh", info);
    }

    // A V = V L: dL = diag(V^T dA V) and V^T dV = (V^T dA V) / E with E_ij = L_j - L_i off the diagonal. The gradient is V (diag(gL) + (V^T gV) / E) V^T.
    /// <inheritdoc/>
    public override Tensor? Vjp(int input, Grads grads, Saved saved)
    {
        var v = saved.Output(1);
        var vh = v.Transpose(-2, -1);
        if (grads[1] is not { } gv) return grads[0] is { } only ? v.Mul(only.Unsqueeze(-2)).Matmul(vh) : null;
        var values = saved.Output(0);
        var e = values.Unsqueeze(-2) - values.Unsqueeze(-1);
        var diagonal = saved.Workspace.Eye(v.Shape[-1], dtype: DType.Bool);
        var inner = vh.Matmul(gv).Div(e.MaskedFill(diagonal, 1.0)).MaskedFill(diagonal, 0.0);
        if (grads[0] is { } gl) inner += gl.DiagEmbed();
        return v.Matmul(inner.Matmul(vh));
    }

    private readonly unsafe struct Kernel(Tensor a, Tensor values, Tensor vectors, Tensor info, bool upper) : IMatrixKernel
    {
        public void Invoke<T>(long index) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T> =>
            *MatrixBatch.NumberAt<int>(info, index) = SymmetricEigen.Decompose(
                MatrixBatch.At<T>(a, index), upper, MatrixBatch.VectorAt<T>(values, index), vectors.Dim < 2 ? default : MatrixBatch.At<T>(vectors, index));
    }
}
