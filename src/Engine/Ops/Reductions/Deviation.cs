using System.Numerics;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>What variance and standard deviation share.</summary>
internal static class Deviation
{
    /// <summary>The result's shape and dtype.</summary>
    public static TensorSpec Infer(Tensor x, Dims? dims, bool keepdim) => x.DType.IsFloatingPoint
        ? new(ReducedDims.Shape(x.Shape, dims, keepdim), x.DType)
        : throw new AutogradException(ErrorReason.DtypeUnsupported, "std and var only support floating point and complex dtypes");

    /// <summary>unbiased as a correction.</summary>
    public static Scalar Correction(bool unbiased) => unbiased ? 1L : 0L;

    /// <summary>The definition.</summary>
    public static NdArray Define(NdArray x, Dims? dims, Scalar? correction, bool keepdim) => x.Reduce(ReducedDims.OrAll(dims), keepdim, v =>
        v.Sum(e => (e - v.Average()) * (e - v.Average())) / Math.Max(0, v.Length - (correction ?? 1L).Real));

    /// <summary>The variance's gradient: 2 / (n - c) (x - mean) g.</summary>
    public static Tensor VarBackward(Tensor grad, Tensor x, Dims? dims, Scalar? correction, bool keepdim) =>
        ReducedDims.Restore(grad, x.Shape, dims, keepdim).Mul(2 / (ReducedDims.Count(x.Shape, dims) - (correction ?? 1L).Real)).Mul(x.Sub(x.Mean(dims, keepdim: true)));

    /// <summary>A row's variance in two passes, so that nothing cancels.</summary>
    internal readonly unsafe struct Kernel(double correction, bool root) : IFloatRowKernel
    {
        public void Invoke<T>(T* x, long n, void* y, long row) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>
        {
            T mean = Reduce.Sum(x, n) / T.CreateTruncating(n);
            T variance = ReduceSum.Cascade(x, n, new SquaredDistance<T>(mean)) / T.CreateTruncating(Math.Max(0, n - correction));
            ((T*)y)[row] = root ? T.Sqrt(variance) : variance;
        }
    }

    /// <summary>A row's mean.</summary>
    internal readonly unsafe struct MeanKernel : IFloatRowKernel
    {
        public void Invoke<T>(T* x, long n, void* y, long row) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T> => ((T*)y)[row] = Reduce.Sum(x, n) / T.CreateTruncating(n);
    }
}
