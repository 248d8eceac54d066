using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace AutogradService.Engine.Kernels;

/// <summary>
/// Matrix products over strided memory: C = A B, C = A B + bias, C += A B. Strides are in elements and may be anything, so transposed and sliced operands
/// need no copy; only C's columns must be contiguous. Results do not depend on the number of threads: k is cut at places that depend on k alone.
/// </summary>
internal static unsafe class Gemm
{
    /// <summary>
    /// C (m x n) = A (m x k) B (k x n) (+ bias), or C += A B (+ bias) when accumulate is set. With k = 0 the product is zero.
    /// Element (i, p) of A stands at a + i aRowStride + p aColStride, (p, j) of B at b + p bRowStride + j bColStride, (i, j) of C at c + i cRowStride + j.
    /// </summary>
    /// <param name="bias">Null, or n contiguous numbers that are added to every row.</param>
    public static void Multiply<T>(
        long m, long n, long k, T* a, long aRowStride, long aColStride, T* b, long bRowStride, long bColStride, T* c, long cRowStride, bool accumulate, T* bias = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        MultiplyBatched(1, m, n, k, a, 0, aRowStride, aColStride, b, 0, bRowStride, bColStride, c, 0, cRowStride, accumulate, bias);

    /// <summary>
    /// The product of every pair in a batch; a batch stride of 0 repeats one matrix. The batch is spread over the threads when the matrices are small,
    /// and each product is when they are large.
    /// </summary>
    /// <inheritdoc cref="Multiply{T}" path="/param"/>
    public static void MultiplyBatched<T>(
        long batch, long m, long n, long k, T* a, long aBatchStride, long aRowStride, long aColStride, T* b, long bBatchStride, long bRowStride, long bColStride,
        T* c, long cBatchStride, long cRowStride, bool accumulate, T* bias = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double)) throw new NotSupportedException($"Gemm takes float or double, not {typeof(T).Name}");
        var left = new GemmOperand<T>(a, aBatchStride, aRowStride, aColStride);
        var right = new GemmOperand<T>(b, bBatchStride, bRowStride, bColStride);
        var output = new GemmOperand<T>(c, cBatchStride, cRowStride, 1);
        var problem = new GemmProblem<T>(m, n, k, left, right, output, accumulate, bias);
        if (Vector512.IsHardwareAccelerated) GemmDriver<Simd512<T>, Vector512<T>, T>.Multiply(problem, batch);
        else if (Vector256.IsHardwareAccelerated && Fma.IsSupported) GemmDriver<Simd256<T>, Vector256<T>, T>.Multiply(problem, batch);
        else GemmDriver<SimdPortable<T>, Vector<T>, T>.Multiply(problem, batch);
    }

    /// <summary>
    /// The same product for any number type, integers above all (they wrap around, as everywhere): rows of B are added up row by row of C. Not blocked.
    /// </summary>
    /// <inheritdoc cref="Multiply{T}" path="/param"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void MultiplyPortable<T>(
        long m, long n, long k, T* a, long aRowStride, long aColStride, T* b, long bRowStride, long bColStride, T* c, long cRowStride, bool accumulate)
        where T : unmanaged, INumber<T>
    {
        for (long i = 0; i < m; i++)
        {
            var row = c + i * cRowStride;
            if (!accumulate) new Span<T>(row, checked((int)n)).Clear();
            for (long p = 0; p < k; p++)
            {
                var factor = a[i * aRowStride + p * aColStride];
                var source = b + p * bRowStride;
                long j = 0;
                if (bColStride == 1 && Vector<T>.IsSupported)
                {
                    for (; j + Vector<T>.Count <= n; j += Vector<T>.Count) Vector.Store(Vector.Load(row + j) + Vector.Load(source + j) * factor, row + j);
                }

                for (; j < n; j++) row[j] += factor * source[j * bColStride];
            }
        }
    }
}

/// <summary>A strided matrix (or batch of them); strides in elements.</summary>
internal readonly unsafe struct GemmOperand<T>(T* data, long batchStride, long rowStride, long columnStride)
    where T : unmanaged
{
    public readonly T* Data = data;
    public readonly long BatchStride = batchStride;
    public readonly long RowStride = rowStride;
    public readonly long ColumnStride = columnStride;

    /// <summary>The same matrix from the given row and column on.</summary>
    public GemmOperand<T> From(long row, long column) => new(Data + row * RowStride + column * ColumnStride, BatchStride, RowStride, ColumnStride);

    /// <summary>The matrix with the given index in the batch.</summary>
    public GemmOperand<T> Of(long index) => new(Data + index * BatchStride, BatchStride, RowStride, ColumnStride);
}

/// <summary>C (m x n) (+)= A (m x k) B (k x n) (+ bias).</summary>
internal readonly unsafe struct GemmProblem<T>(
    long rows, long columns, long depth, GemmOperand<T> a, GemmOperand<T> b, GemmOperand<T> c, bool accumulate, T* bias)
    where T : unmanaged
{
    public readonly long Rows = rows;
    public readonly long Columns = columns;
    public readonly long Depth = depth;
    public readonly GemmOperand<T> A = a;
    public readonly GemmOperand<T> B = b;
    public readonly GemmOperand<T> C = c;
    public readonly bool Accumulate = accumulate;
    public readonly T* Bias = bias;

    public double Work => (double)Rows * Columns * Depth;

    /// <summary>The product at one index of the batch.</summary>
    public GemmProblem<T> Of(long index) => new(Rows, Columns, Depth, A.Of(index), B.Of(index), C.Of(index), Accumulate, Bias);

    /// <summary>The part of the product that fills a block of C.</summary>
    public GemmProblem<T> Block(long row, long rows, long column, long columns) =>
        new(rows, columns, Depth, A.From(row, 0), B.From(0, column), C.From(row, column), Accumulate, Bias == null ? null : Bias + column);
}
