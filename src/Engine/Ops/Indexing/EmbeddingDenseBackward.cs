using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>Adds the gradients of embedding's rows to the rows of the weight that were taken.</summary>
[Op("embedding_dense_backward(grad_output, indices!, num_weights, padding_idx, scale_grad_by_freq)", Hidden = true)]
public sealed partial record EmbeddingDenseBackward(long NumWeights, long? PaddingIdx = null, bool ScaleGradByFreq = false) : ComputeOp, IOp<EmbeddingDenseBackward>
{
    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<EmbeddingDenseBackward>((op, x) =>
    {
        var result = new NdArray(op.NumWeights, x[0].Shape[-1]);
        foreach (var i in NdArray.Indices(x[0].Shape))
        {
            double row = x[1][i.AsSpan(0, i.Length - 1)];
            if (row == op.PaddingIdx) continue;
            result[(long)row, i[^1]] += x[0][i] / (op.ScaleGradByFreq ? x[1].Values.Count(r => r == row) : 1);
        }
        return result;
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) =>
        [Sample.Of(new EmbeddingDenseBackward(4), s.Any(2, 3, 2), s.Index(4, 2, 3)), Sample.Of(new EmbeddingDenseBackward(4, 2, true), s.Any(7, 2), s.Index(4, 7)), Sample.Of(new EmbeddingDenseBackward(3), s.Any(2), s.Index(3))];

    /// <inheritdoc/>
    public override Saves Saves(NeedsGrad needs) => Engine.Saves.Input(1);

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x) => x[0].DType.IsFloatingPoint
        ? new(Shape.Of(NumWeights, x[0].Shape[-1]), x[0].DType)
        : throw AutogradException.DTypeUnsupported("embedding_backward", x[0].DType);

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        Kernels.Fill.All(y, 0L);
        var rows = AlongDim.Flat(AlongDim.Checked(x[1], NumWeights, AlongDim.OutOfRangeInSelf));
        var matrix = Shape.Of(rows.Numel, y.Shape[1]);
        var gradient = y.Workspace.RawContiguous(x[0]);
        gradient = gradient.Alias(matrix, matrix.ContiguousStrides, gradient.Offset);
        if (PaddingIdx is not null || ScaleGradByFreq)
        {
            var scaled = y.Workspace.RawEmpty(matrix, y.DType);
            Elementwise.Map(gradient, Factors(rows, y.DType), scaled, new Times());
            gradient = scaled;
        }
        AlongDim.Add(y, 0, AlongDim.Spread(rows, matrix, 0), gradient);
    }

    // Linear: a taken row's gradient is that of its weight row, scaled alike.
    /// <inheritdoc/>
    public override Tensor Vjp(int input, Tensor grad, Saved saved)
    {
        var flat = saved.Input(1).Reshape([-1]);
        var rows = grad.IndexSelect(0, flat);
        if (PaddingIdx is not null || ScaleGradByFreq) rows = rows.Mul(Factors(AlongDim.Checked(flat, NumWeights, AlongDim.OutOfRangeInSelf), grad.DType));
        return rows.Reshape(Dims.Of(saved.Shape(0)));
    }

    /// <summary>A column: 0 for the padding row, else 1, or 1 / frequency.</summary>
    private unsafe Tensor Factors(Tensor rows, DType dtype)
    {
        long* row = rows.Pointer<long>();
        var counts = new Dictionary<long, int>();
        if (ScaleGradByFreq)
            for (long i = 0; i < rows.Numel; i++) counts[row[i]] = counts.GetValueOrDefault(row[i]) + 1;
        var factors = new double[rows.Numel];
        for (long i = 0; i < factors.Length; i++) factors[i] = row[i] == PaddingIdx ? 0 : ScaleGradByFreq ? 1.0 / counts[row[i]] : 1;
        return rows.Workspace.FromArray<double>(factors, Shape.Of(factors.Length, 1), dtype);
    }

    private readonly struct Times : IBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> a, Vector<T> b) where T : unmanaged, INumber<T>, IMinMaxValue<T> => a * b;
    }
}
