using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>p-norm distances between each row of x1 and each row of x2, their batches broadcast: y[i, j] = |x1[i] - x2[j]|_p. compute_mode is taken and makes no difference: distances are always exact.</summary>
[Op("cdist(x1, x2, p, compute_mode)")]
public sealed partial record Cdist(double P = 2, string ComputeMode = "use_mm_for_euclid_dist_if_necessary") : ComputeOp, IOp<Cdist>
{
    // Rows above which PyTorch goes by a matrix product unless told not to; only the node's name tells.
    private const long RowsOfProduct = 25;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Cdist>((op, x) =>
    {
        var batch = Shape.Broadcast(Shape.Of(x[0].Shape.Sizes[..^2]), Shape.Of(x[1].Shape.Sizes[..^2]));
        return NdArray.Build(Shape.Of([.. batch.Sizes, x[0].Shape[-2], x[1].Shape[-2]]), i =>
        {
            var parts = new double[x[0].Shape[-1]];
            for (long k = 0; k < parts.Length; k++) parts[k] = Math.Abs(x[0].Broadcast([.. i[..^2], i[^2], k]) - x[1].Broadcast([.. i[..^2], i[^1], k]));
            return op.P == 0 ? parts.Count(e => e != 0) : double.IsInfinity(op.P) ? parts.DefaultIfEmpty().Max() : Math.Pow(parts.Sum(e => Math.Pow(e, op.P)), 1 / op.P);
        });
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ?
        [
            Sample.Of(new Cdist(), s.Any(3, 4), s.Any(2, 4)),
            Sample.Of(new Cdist(1), s.Any(2, 3, 4), s.Any(2, 4)),
            Sample.Of(new Cdist(3), s.Any(3, 2), s.Any(2, 2, 2)),
            Sample.Of(new Cdist(1.5), s.Any(3, 2), s.Any(2, 2)),
            Sample.Of(new Cdist(double.PositiveInfinity), s.Any(3, 2), s.Any(2, 2)),
            Sample.Of(new Cdist(0), s.Any(3, 2), s.Any(2, 2)),
            Sample.Of(new Cdist(), s.Any(0, 2), s.Any(2, 2)),
        ]
        : [];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) =>
        P == 2 && inputs[0]!.Numel > 0 && inputs[1]!.Numel > 0 && (ComputeMode == "use_mm_for_euclid_dist" ||
            ComputeMode == "use_mm_for_euclid_dist_if_necessary" && Math.Max(inputs[0]!.Shape[-2], inputs[1]!.Shape[-2]) > RowsOfProduct)
            ? "EuclideanDistBackward0" : "CdistBackward0";

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.FirstInputs(2) | Engine.Saves.Output;

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        for (int i = 0; i < 2; i++)
            if (x[i].Dim < 2) throw AutogradException.Shape($"cdist only supports at least 2D tensors, X{i + 1} got: {x[i].Dim}D");
        if (x[0].Shape[-1] != x[1].Shape[-1])
            throw AutogradException.Shape($"X1 and X2 must have the same number of columns. X1: {x[0].Shape[-1]} X2: {x[1].Shape[-1]}");
        for (int i = 0; i < 2; i++)
            if (!x[i].DType.IsFloatingPoint) throw new AutogradException(ErrorReason.DtypeUnsupported, $"cdist only supports floating-point dtypes, X{i + 1} got: {x[i].DType.TorchName}");
        if (x[0].DType != x[1].DType) throw new AutogradException(ErrorReason.DtypeUnsupported, $"expected scalar type {x[0].DType.TorchName} but found {x[1].DType.TorchName}");
        if (!(P >= 0)) throw AutogradException.Attribute("cdist only supports non-negative p values");
        if (ComputeMode is not ("use_mm_for_euclid_dist_if_necessary" or "use_mm_for_euclid_dist" or "donot_use_mm_for_euclid_dist"))
            throw AutogradException.Attribute($"{ComputeMode} is not a valid value for compute_mode", TorchErrorType.ValueError);
        return new(MatrixBatch.With(Shape.Broadcast(MatrixBatch.BatchOf(x[0]), MatrixBatch.BatchOf(x[1])), x[0].Shape[-2], x[1].Shape[-2]), x[0].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        if (y.Numel == 0) return;
        using var scope = y.Workspace.Scope();
        var batch = MatrixBatch.BatchOf(y);
        Tensor a = y.Workspace.RawContiguous(MatrixBatch.Expand(x[0], batch)), b = y.Workspace.RawContiguous(MatrixBatch.Expand(x[1], batch));
        MatrixLoop.Run("cdist", y.DType, batch.Numel * y.Shape[-2], y.Shape[-1] * a.Shape[-1] * 4.0, new Kernel(P, a, b, y));
    }

    // dy_ij / dx1_i = sign(d) (|d| / y)^(p-1) with d = x1_i - x2_j; the minus of it for x2_j.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved) => Backward(input, grad, saved.Input(0), saved.Input(1), saved.Output(), P);

    // y = |x1_i - x2_j|_p = |d|_p: dy = sign(d) |d|^(p-1) / y^(p-1) . dd, and 0 where y is 0; p = 0 has no derivative, ties of p = inf all take the gradient.
    internal static Tensor Backward(int input, Tensor grad, Tensor x1, Tensor x2, Tensor distance, double p)
    {
        if (p == 0 || x1.Shape[-1] == 0) return (input == 0 ? x1 : x2).ZerosLike();
        var none = distance.Eq(0.0);
        if (p == 2)
        {
            // The sum over j of r_ij (x1_i - x2_j) with r = g / y is two products.
            var ratio = grad.Div(distance).MaskedFill(none, 0.0);
            return input == 0
                ? x1.Mul(ratio.Sum([-1], true)) - ratio.Matmul(x2)
                : x2.Mul(ratio.Sum([-2]).Unsqueeze(-1)) - ratio.Transpose(-2, -1).Matmul(x1);
        }
        var d = x1.Unsqueeze(-2) - x2.Unsqueeze(-3);
        var size = d.Abs();
        Tensor g = grad.Unsqueeze(-1), y = distance.Unsqueeze(-1);
        Tensor full = p switch
        {
            1 => d.Sign().Mul(g),
            double.PositiveInfinity => d.Sign().Mul(size.Eq(y)).Mul(g),
            < 2 => d.Sign().Mul(size.Pow(p - 1).MaskedFill(size.Eq(0.0), 0.0)).Mul(g.Div(y.Pow(p - 1)).MaskedFill(y.Eq(0.0), 0.0)),
            _ => d.Mul(size.Pow(p - 2)).Mul(g.Div(y.Pow(p - 1)).MaskedFill(y.Eq(0.0), 0.0)),
        };
        return input == 0 ? full.Sum([-2]) : full.Sum([-3]).Neg();
    }

    private readonly unsafe struct Kernel(double p, Tensor x1, Tensor x2, Tensor y) : IMatrixKernel
    {
        public void Invoke<T>(long index) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            long rows = y.Shape[-2], columns = y.Shape[-1], n = x1.Shape[-1];
            T* a = x1.Pointer<T>() + index * n;
            T* b = x2.Pointer<T>() + index / rows * columns * n;
            T* to = y.Pointer<T>() + index * columns;
            T order = T.CreateTruncating(p);
            for (long j = 0; j < columns; j++, b += n)
            {
                T sum = T.Zero;
                switch (p)
                {
                    case 0:
                        for (long k = 0; k < n; k++) sum += a[k] == b[k] ? T.Zero : T.One;
                        break;
                    case 1:
                        for (long k = 0; k < n; k++) sum += T.Abs(a[k] - b[k]);
                        break;
                    case 2:
                        for (long k = 0; k < n; k++) sum += (a[k] - b[k]) * (a[k] - b[k]);
                        sum = T.Sqrt(sum);
                        break;
                    case double.PositiveInfinity:
                        for (long k = 0; k < n; k++) sum = T.Max(sum, T.Abs(a[k] - b[k]));
                        break;
                    default:
                        for (long k = 0; k < n; k++) sum += T.Pow(T.Abs(a[k] - b[k]), order);
                        sum = T.Pow(sum, T.One / order);
                        break;
                }
                to[j] = sum;
            }
        }
    }
}
