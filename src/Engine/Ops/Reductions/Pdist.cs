using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>p-norm distances between each row of a matrix and those after it, row by row.</summary>
[Op("pdist(self, p)")]
public sealed partial record Pdist(double P = 2) : ComputeOp, IOp<Pdist>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Pdist>((op, x) =>
    {
        var full = Cdist.Reference.Compute(new Cdist(op.P), [x[0], x[0]])[0];
        double[] pairs = [.. NdArray.Indices(full.Shape).Where(i => i[0] < i[1]).Select(i => full[i])];
        return new NdArray(Shape.Of(pairs.Length), pairs);
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ? [Sample.Of(new Pdist(), s.Any(4, 3)), Sample.Of(new Pdist(1), s.Any(3, 3)), Sample.Of(new Pdist(3), s.Any(3, 2)), Sample.Of(new Pdist(), s.Any(1, 3)), Sample.Of(new Pdist(), s.Any(0, 3))]
        : [];

    /// <inheritdoc/>
    public override string GradFnName(ReadOnlySpan<Tensor?> inputs) => "PdistBackward0";

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(0);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        if (x[0].Dim != 2) throw AutogradException.Shape($"pdist only supports 2D tensors, got: {x[0].Dim}D");
        if (!x[0].DType.IsFloatingPoint) throw new AutogradException(ErrorReason.DtypeUnsupported, "pdist only supports floating-point dtypes");
        if (!(P >= 0)) throw AutogradException.Attribute("pdist only supports non-negative p values");
        long n = x[0].Shape[0];
        return new(Shape.Of(n <= 1 ? 0 : n * (n - 1) / 2), x[0].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        if (y.Numel == 0) return;
        using var scope = y.Workspace.Scope();
        using var mode = y.Workspace.NoGrad();
        var pairs = y.Workspace.TriuIndices(x[0].Shape[0], x[0].Shape[0], 1);
        Transfer.Into(x[0].Cdist(x[0], P).Index(pairs.Select(0, 0), pairs.Select(0, 1)), y);
    }

    // As cdist of the matrix with itself, each pair seen from both sides.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        var x = saved.Input(0);
        long n = x.Shape[0];
        if (grad.Numel == 0) return saved.Zeros(0);
        var pairs = grad.Workspace.TriuIndices(n, n, 1);
        var above = grad.Workspace.RawFull(Shape.Of(n * n), 0.0, grad.DType).IndexAdd(0, pairs.Select(0, 0) * n + pairs.Select(0, 1), grad).Reshape([n, n]);
        return Cdist.Backward(0, above + above.Transpose(0, 1), x, x, x.Cdist(x, P), P);
    }
}
