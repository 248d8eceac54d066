namespace AutogradService.Engine.Ops;

/// <summary>Matrices that decompositions are tested with; float32 where the dtype under test is none that decompositions take.</summary>
internal static class MatrixSamples
{
    /// <summary>Elements in (-2, 2).</summary>
    public static Tensor Any(Sampler s, params long[] shape) => Float(s, s.Workspace.Rand(Dims.Create(shape), dtype: DType.Float64) * 4.0 - 2.0);

    /// <summary>Square and far from singular.</summary>
    public static Tensor Invertible(Sampler s, params long[] shape) =>
        Float(s, s.Workspace.Rand(Dims.Create(shape), dtype: DType.Float64) - 0.5 + s.Workspace.Eye(shape[^1], dtype: DType.Float64) * 2.0);

    /// <summary>Symmetric with positive eigenvalues.</summary>
    public static Tensor PositiveDefinite(Sampler s, params long[] shape)
    {
        var a = s.Workspace.Rand(Dims.Create(shape), dtype: DType.Float64) - 0.5;
        return Float(s, a.Matmul(a.Transpose(-2, -1)) + s.Workspace.Eye(shape[^1], dtype: DType.Float64));
    }

    /// <summary>Symmetric with any eigenvalues.</summary>
    public static Tensor Symmetric(Sampler s, params long[] shape)
    {
        var a = s.Workspace.Rand(Dims.Create(shape), dtype: DType.Float64) * 2.0 - 1.0;
        return Float(s, a + a.Transpose(-2, -1));
    }

    /// <summary>Triangular with a diagonal far from zero, the other triangle not zero either.</summary>
    public static Tensor Triangular(Sampler s, params long[] shape) => Invertible(s, shape);

    private static Tensor Float(Sampler s, Tensor values) => values.To(s.DType == DType.Float64 ? DType.Float64 : DType.Float32).Contiguous();
}
