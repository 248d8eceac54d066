using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>How many elements fall into each of equally wide bins between min and max (both 0: the smallest and the largest element); others are not counted.</summary>
[Op("histc(self, bins, min, max)")]
public sealed partial record Histc(long Bins = 100, Scalar? Min = null, Scalar? Max = null) : ComputeOp, IOp<Histc>
{
    /// <inheritdoc/>
    public override bool Differentiable => false;

    /// <inheritdoc/>
    public static Reference Reference => Reference.Of<Histc>((op, x) =>
    {
        var (low, high) = op.Range(x[0].Values);
        var counts = new double[op.Bins];
        foreach (double e in x[0].Values)
            if (e >= low && e <= high) counts[Math.Min((long)((e - low) / (high - low) * op.Bins), op.Bins - 1)]++;
        return new NdArray(Shape.Of(op.Bins), counts);
    });

    /// <inheritdoc/>
    public static IEnumerable<Sample> Samples(Sampler s) => s.IsFloat
        ? [Sample.Of(new Histc(4, -1L, 1L), s.Any(3, 5)), Sample.Of(new Histc(3), s.Values(Shape.Of(5), 0, 1, 2.5, 4, 4)), Sample.Of(new Histc(2), s.Values(Shape.Of(2), 1, 1)), Sample.Of(new Histc(2), s.Any(0))]
        : [];

    /// <inheritdoc/>
    public override TensorSpec Infer(Inputs x)
    {
        if (!x[0].DType.IsFloatingPoint) throw AutogradException.DTypeUnsupported("histogram_cpu", x[0].DType);
        if (Bins <= 0) throw AutogradException.Attribute("torch.histc(): bins must be > 0");
        var (low, high) = Range(x[0].ToDoubles());
        if (!double.IsFinite(low) || !double.IsFinite(high)) throw AutogradException.Attribute($"torch.histc: range of [{((Scalar)low).ToString()}, {((Scalar)high).ToString()}] is not finite");
        if (low >= high) throw AutogradException.Attribute("torch.histc: max must be larger than min");
        return new(Shape.Of(Bins), x[0].DType);
    }

    /// <inheritdoc/>
    public override void Forward(Inputs x, Tensor y)
    {
        using var scope = y.Workspace.Scope();
        var (low, high) = Range(x[0].ToDoubles());
        var values = ReducedDims.Rows(x[0], null);
        RowLoop.RunFloat("histogram_cpu", values, y, new Kernel(Bins, low, high));
    }

    private (double Low, double High) Range(double[] values)
    {
        double low = Min?.Real ?? 0, high = Max?.Real ?? 0;
        if (low == high && values.Length > 0) (low, high) = (values.Min(), values.Max());
        return low == high ? (low - 1, high + 1) : (low, high);
    }

    private readonly unsafe struct Kernel(long bins, double min, double max) : IFloatRowKernel
    {
        public void Invoke<T>(T* x, long n, void* y, long row) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            var counts = new Span<T>(y, (int)bins);
            counts.Clear();
            T low = T.CreateTruncating(min), high = T.CreateTruncating(max), number = T.CreateTruncating(bins);
            for (long i = 0; i < n; i++)
                if (x[i] >= low && x[i] <= high) counts[(int)Math.Min(long.CreateTruncating((x[i] - low) / (high - low) * number), bins - 1)] += T.One;
        }
    }
}
