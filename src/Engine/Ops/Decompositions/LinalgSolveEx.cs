using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Solves A X = B (X A = B if not left) for square A = self, and tells its LU factorization, the row exchanges, and info: 0, or where U's diagonal has a zero.</summary>
[Op("_linalg_solve_ex(self, B, left, check_errors) -> (result, LU, pivots, info)", Hidden = true)]
public sealed partial record LinalgSolveEx(bool Left = true, bool CheckErrors = false) : MultiOp, IOp<LinalgSolveEx>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.None("linalg_solve is tested against its definition, and its factors are those of linalg_lu_factor_ex");

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
    [
        Sample.Of(new LinalgSolveEx(), MatrixSamples.Invertible(s, 3, 3), MatrixSamples.Any(s, 3, 2)),
        Sample.Of(new LinalgSolveEx(false), MatrixSamples.Invertible(s, 2, 3, 3), MatrixSamples.Any(s, 2, 2, 3)),
        Sample.Of(new LinalgSolveEx(), MatrixSamples.Invertible(s, 2, 3, 3), MatrixSamples.Any(s, 3)),
    ];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0) | (needs[0] ? Engine.Saves.OutputAt(0) : default) | Engine.Saves.OutputAt(1) | Engine.Saves.OutputAt(2);

    internal override bool HasGradient(int output) => output == 0;

    /// <summary>Whether the right side is one vector for each matrix.</summary>
    internal static bool IsVector(Shape a, Shape b) => b.Rank == 1 || a.Rank - 1 == b.Rank && b.Sizes.SequenceEqual(a.Sizes[..^1]);

    /// <inheritdoc/>
    public override TensorSpec[] Infer(Inputs x)
    {
        MatrixChecks.RequireFloat(x[0], "linalg.solve");
        MatrixChecks.RequireSameDType(x[0], x[1], "linalg.solve");
        MatrixChecks.RequireSquare(x[0], "linalg.solve");
        bool vector = IsVector(x[0].Shape, x[1].Shape);
        var sides = vector ? Shape.Of([.. x[1].Shape.Sizes, 1]) : x[1].Shape;
        if (sides.Rank < 2) throw AutogradException.Shape("linalg.solve: The input tensor B must have at least 2 dimensions.");
        long n = x[0].Shape[-1];
        if (n != sides[Left ? -2 : -1])
            throw AutogradException.Shape($"linalg.solve: Incompatible shapes of A and B for the equation {(Left ? "AX = B" : "XA = B")} ({n}x{n} and {sides[-2]}x{sides[-1]})");
        if (!Left && vector)
            throw AutogradException.Shape("linalg.solve: Vector broadcasting of the left hand side is not supported for left=False. In this case linalg.solve is equivalent to B / A.squeeze(-1)");
        var own = MatrixBatch.BatchOf(x[0]);
        var batch = Shape.Broadcast(own, Shape.Of(sides.Sizes[..^2]));
        return
        [
            new(vector ? MatrixBatch.With(batch, sides[-2]) : MatrixBatch.With(batch, sides[-2], sides[-1]), x[0].DType),
            new(x[0].Shape, x[0].DType), new(MatrixBatch.With(own, n), DType.Int32), new(own, DType.Int32),
        ];
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor[] y)
    {
        using var scope = x[0].Workspace.Scope();
        LinalgLuFactorEx.Run(x[0], y[1], y[2], y[3]);
        bool vector = IsVector(x[0].Shape, x[1].Shape);
        var result = vector ? Column(y[0]) : y[0];
        new LinalgLuSolve(Left).Forward(new Inputs([y[1], y[2], vector ? Column(x[1]) : x[1]], default), result);
        if (CheckErrors) MatrixChecks.Throw("torch.linalg.solve", y[3]);
    }

    // A X = B: dX = A^-1 (dB - dA X). The gradient is S = A^-T G for B, and -S X^T for A. What is differentiated again solves anew, so that A is seen.
    /// <inheritdoc/>
    public override Tensor? Vjp(int input, Grads grads, Saved saved)
    {
        if (grads[0] is not { } grad) return null;
        bool vector = IsVector(saved.Shape(0), saved.Shape(1));
        if (vector) grad = grad.Unsqueeze(-1);
        var solved = saved.Workspace.GradEnabled
            ? saved.Input(0).Transpose(-2, -1).LinalgSolve(grad, Left)
            : saved.Output(1).LinalgLuSolve(saved.Output(2), grad, Left, adjoint: true);
        if (input == 1) return vector ? solved.Squeeze(-1) : solved;
        var x = vector ? saved.Output(0).Unsqueeze(-1) : saved.Output(0);
        return (Left ? solved.Matmul(x.Transpose(-2, -1)) : x.Transpose(-2, -1).Matmul(solved)).Neg();
    }

    private static Tensor Column(Tensor t) => t.Alias(Shape.Of([.. t.Shape.Sizes, 1]), [.. t.Strides, 1], t.Offset);
}
