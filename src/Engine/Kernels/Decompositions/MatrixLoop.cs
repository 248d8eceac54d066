using System.Numerics;

namespace AutogradService.Engine.Kernels;

/// <summary>What is done with one matrix of a batch, for float32 and float64.</summary>
internal interface IMatrixKernel
{
    void Invoke<T>(long index) where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T>;
}

/// <summary>The loop over the matrices of a batch, spread over the threads.</summary>
internal static class MatrixLoop
{
    // Operations below which a thread's share is not worth handing out.
    private const double Grain = 1 << 15;

    /// <summary>Runs the kernel for each index.</summary>
    /// <param name="op">For the message that refuses other dtypes.</param>
    /// <param name="dtype">The matrices' element type.</param>
    /// <param name="count">Number of matrices.</param>
    /// <param name="work">Operations that one matrix takes, roughly.</param>
    /// <param name="kernel">What to do.</param>
    public static void Run<K>(string op, DType dtype, long count, double work, K kernel) where K : struct, IMatrixKernel
    {
        long grain = (long)Math.Clamp(Grain / Math.Max(work, 1), 1, Grain);
        switch (dtype)
        {
            case DType.Float32: WorkerPool.For(count, grain, new Body<float, K>(kernel)); break;
            case DType.Float64: WorkerPool.For(count, grain, new Body<double, K>(kernel)); break;
            default: throw AutogradException.DTypeUnsupported(op, dtype);
        }
    }

    private readonly struct Body<T, K>(K kernel) : IRangeBody where T : unmanaged, IBinaryFloatingPointIeee754<T>, IMinMaxValue<T> where K : struct, IMatrixKernel
    {
        public void Invoke(long from, long to)
        {
            for (long index = from; index < to; index++) kernel.Invoke<T>(index);
        }
    }
}
