using System.Numerics;
using AutogradService.Engine.Functions;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine.Ops;

/// <summary>A tensor's memory read as a matrix, or a batch of them, by strides alone.</summary>
internal readonly record struct MatrixView(Tensor Tensor, long BatchStride, long RowStride, long ColumnStride)
{
    /// <summary>The last two dims of a tensor of rank 2 or 3.</summary>
    public static MatrixView Of(Tensor t) => new(t, t.Dim == 3 ? t.StridesArray[0] : 0, t.StridesArray[^2], t.StridesArray[^1]);

    /// <summary>A vector as a matrix of one column.</summary>
    public static MatrixView Column(Tensor t) => new(t, 0, t.StridesArray[0], 1);

    /// <summary>A vector as a matrix of one row.</summary>
    public static MatrixView Row(Tensor t) => new(t, 0, 1, t.StridesArray[0]);

    /// <summary>One matrix of the batch.</summary>
    public unsafe T* At<T>(long index) where T : unmanaged => Tensor.Pointer<T>() + index * BatchStride;
}

/// <summary>What the ops that multiply matrices share: the kernel for every dtype, checks and their wording.</summary>
internal static unsafe class MatrixProduct
{
    /// <summary>y (batch x m x n, contiguous) = a b (+ bias), or += a b.</summary>
    public static void Run(long batch, long m, long n, long k, MatrixView a, MatrixView b, Tensor y, bool accumulate = false, Tensor? bias = null)
    {
        if (y.Workspace.Recorder is { } recorder)
        {
            // What is added to is memory, which a recorded function does not have: the op is one step then.
            if (accumulate) _ = y.Data;
            var kernel = new Kernel(batch, m, n, k, a.BatchStride, a.RowStride, a.ColumnStride, b.BatchStride, b.RowStride, b.ColumnStride);
            recorder.Kernel(kernel, 2 * batch * m * n * k, y, bias is null ? [a.Tensor, b.Tensor] : [a.Tensor, b.Tensor, bias]);
            return;
        }
        // Matrices without elements take no memory, so there may be more of them than anybody can count.
        if (y.Numel == 0) return;
        switch (y.DType)
        {
            case DType.Float32:
                Gemm.MultiplyBatched(batch, m, n, k, a.At<float>(0), a.BatchStride, a.RowStride, a.ColumnStride, b.At<float>(0), b.BatchStride, b.RowStride, b.ColumnStride,
                    y.Pointer<float>(), m * n, n, accumulate, bias is null ? null : bias.Pointer<float>());
                break;
            case DType.Float64:
                Gemm.MultiplyBatched(batch, m, n, k, a.At<double>(0), a.BatchStride, a.RowStride, a.ColumnStride, b.At<double>(0), b.BatchStride, b.RowStride, b.ColumnStride,
                    y.Pointer<double>(), m * n, n, accumulate, bias is null ? null : bias.Pointer<double>());
                break;
            default:
                DTypes.Dispatch(y.DType, new Portable(batch, m, n, k, a, b, y, accumulate));
                break;
        }
    }

    private sealed record Kernel(long Batch, long M, long N, long K, long BatchA, long RowA, long ColumnA, long BatchB, long RowB, long ColumnB) : IKernel
    {
        // Rows of the left factor, or whole products of a batch.
        public bool KeepsParts(long parts, ReadOnlySpan<bool> hasParts) =>
            Batch == 1 ? M % parts == 0 && hasParts[0] && !hasParts[1] && (hasParts.Length < 3 || !hasParts[2]) : Batch % parts == 0 && (hasParts[0] || BatchA == 0) && (hasParts[1] || BatchB == 0);

        public void Run(ReadOnlySpan<Tensor> x, Tensor y) =>
            MatrixProduct.Run(Batch, M, N, K, new MatrixView(x[0], BatchA, RowA, ColumnA), new MatrixView(x[1], BatchB, RowB, ColumnB), y, accumulate: false, x.Length > 2 ? x[2] : null);
    }

    /// <summary>y = beta self + alpha y, self broadcast to y; with beta 0 self is not read, so its NaN do not matter.</summary>
    public static void Combine(Tensor self, Tensor y, Scalar? beta, Scalar? alpha)
    {
        Scalar b = beta ?? 1L, a = alpha ?? 1L;
        if (b.Real != 0) Elementwise.Map(y, self, y, new Affine(a, b));
        else if (a.Real != 1) Elementwise.Map(y, y, new Scale(a));
    }

    /// <summary>A gradient times the number that scaled the forward.</summary>
    public static Tensor Scaled(Tensor grad, Scalar? factor) => factor is { Real: not 1 } f ? grad.Mul(f) : grad;

    /// <summary>The gradient of the second factor, A^T G, laid out as that factor was: a weight that came transposed gets a gradient that needs no copy.</summary>
    public static Tensor SecondGradient(Tensor a, Tensor grad, bool columnMajor) =>
        columnMajor ? grad.Transpose(0, 1).Mm(a).Transpose(0, 1) : a.Transpose(0, 1).Mm(grad);

    /// <summary>Refuses what is no matrix.</summary>
    public static void RequireMatrix(Tensor t, string message)
    {
        if (t.Dim != 2) throw AutogradException.Shape(message);
    }

    /// <summary>Refuses matrices of different dtypes, and truth values, for which there is no product.</summary>
    public static void RequireSameDType(Tensor a, Tensor b)
    {
        if (a.DType != b.DType)
            throw new AutogradException(ErrorReason.DtypeUnsupported, $"expected m1 and m2 to have the same dtype, but got: {CppName(a.DType)} != {CppName(b.DType)}");
        RequireNumbers(a);
    }

    /// <summary>Refuses a second operand of another dtype, in the words of the ops whose kernels look at it first.</summary>
    public static void RequireScalarType(Tensor a, Tensor b)
    {
        if (a.DType != b.DType)
            throw new AutogradException(ErrorReason.DtypeUnsupported, $"expected scalar type {a.DType.TorchName} but found {b.DType.TorchName}");
        RequireNumbers(a);
    }

    /// <summary>Refuses matrices whose inner sizes differ.</summary>
    public static void RequireInnerSizes(Tensor a, Tensor b)
    {
        if (a.Shape[1] != b.Shape[0])
            throw AutogradException.Shape($"mat1 and mat2 shapes cannot be multiplied ({a.Shape[0]}x{a.Shape[1]} and {b.Shape[0]}x{b.Shape[1]})");
    }

    /// <summary>Refuses batches of matrices that do not fit each other.</summary>
    public static void RequireBatches(Tensor a, Tensor b)
    {
        if (a.Dim != 3) throw AutogradException.Shape("batch1 must be a 3D tensor");
        if (b.Dim != 3) throw AutogradException.Shape("batch2 must be a 3D tensor");
        if (a.Shape[0] != b.Shape[0] || a.Shape[2] != b.Shape[1])
            throw AutogradException.Shape($"Expected size for first two dimensions of batch2 tensor to be: [{a.Shape[0]}, {a.Shape[2]}] but got: [{b.Shape[0]}, {b.Shape[1]}].");
        RequireScalarType(a, b);
    }

    /// <summary>Refuses an addend that does not broadcast to the product.</summary>
    public static void RequireExpands(Tensor self, Shape shape)
    {
        if (self.Shape.BroadcastsTo(shape)) return;
        for (int i = 1; i <= Math.Min(self.Dim, shape.Rank); i++)
            if (self.Shape[-i] != 1 && self.Shape[-i] != shape[-i])
                throw AutogradException.Shape($"The expanded size of the tensor ({shape[-i]}) must match the existing size ({self.Shape[-i]}) at non-singleton dimension {shape.Rank - i}.  Target sizes: {shape}.  Tensor sizes: {self.Shape}");
        throw AutogradException.Shape($"expand({self.DType.TorchName}Tensor{{{self.Shape}}}, size={shape}): the number of sizes provided ({shape.Rank}) must be greater or equal to the number of dimensions in the tensor ({self.Dim})");
    }

    /// <summary>The definition: sums of products over matrices with broadcast batch dims, vectors as matmul takes them.</summary>
    public static NdArray Define(NdArray a, NdArray b)
    {
        bool row = a.Shape.Rank == 1, column = b.Shape.Rank == 1;
        if (row) a = new NdArray(Shape.Of(1, a.Shape[0]), a.Values);
        if (column) b = new NdArray(Shape.Of(b.Shape[0], 1), b.Values);
        long m = a.Shape[-2], k = a.Shape[-1], n = b.Shape[-1];
        var batch = Shape.Broadcast(Shape.Of(a.Shape.Sizes[..^2]), Shape.Of(b.Shape.Sizes[..^2]));
        var product = NdArray.Build(Shape.Of([.. batch.Sizes, m, n]), i =>
        {
            double sum = 0;
            for (long p = 0; p < k; p++) sum += At(a, i, i[^2], p) * At(b, i, p, i[^1]);
            return sum;
        });
        var sizes = product.Shape.Sizes.ToArray().ToList();
        if (column) sizes.RemoveAt(sizes.Count - 1);
        if (row) sizes.RemoveAt(sizes.Count - (column ? 1 : 2));
        return new NdArray(Shape.Of([.. sizes]), product.Values);

        static double At(NdArray x, long[] i, long r, long c)
        {
            var own = (long[])i.Clone();
            (own[^2], own[^1]) = (r, c);
            return x.Broadcast(own);
        }
    }

    /// <summary>The definition of beta self + alpha product.</summary>
    public static NdArray Define(NdArray self, NdArray product, Scalar? beta, Scalar? alpha) =>
        NdArray.Build(product.Shape, i => (beta ?? 1L).Real * self.Broadcast(i) + (alpha ?? 1L).Real * product[i]);

    private static void RequireNumbers(Tensor a)
    {
        if (a.DType == DType.Bool) throw AutogradException.DTypeUnsupported("addmm_impl_cpu_", DType.Bool);
    }

    // The names that libstdc++'s type information has, as PyTorch's message shows them.
    private static string CppName(DType dtype) => dtype switch
    {
        DType.Float32 => "float",
        DType.Float64 => "double",
        DType.Int64 => "long int",
        DType.Int32 => "int",
        DType.Int16 => "short int",
        DType.Int8 => "signed char",
        DType.UInt8 => "unsigned char",
        DType.Bool => "bool",
        _ => "c10::" + dtype.TorchName,
    };

    private readonly struct Affine(Scalar alpha, Scalar beta) : IBinaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> product, Vector<T> self) where T : unmanaged, INumber<T>, IMinMaxValue<T> =>
            product * alpha.To<T>() + self * beta.To<T>();
    }

    private readonly struct Scale(Scalar alpha) : IUnaryKernel
    {
        public Vector<T> Invoke<T>(Vector<T> product) where T : unmanaged, INumber<T>, IMinMaxValue<T> => product * alpha.To<T>();
    }

    private readonly ref struct Portable(long batch, long m, long n, long k, MatrixView a, MatrixView b, Tensor y, bool accumulate) : IDTypeAction
    {
        private readonly long _batch = batch, _m = m, _n = n, _k = k;
        private readonly MatrixView _a = a, _b = b;
        private readonly Tensor _y = y;
        private readonly bool _accumulate = accumulate;

        public void Run<T>() where T : unmanaged, INumber<T>, IMinMaxValue<T>
        {
            for (long i = 0; i < _batch; i++)
                Gemm.MultiplyPortable(_m, _n, _k, _a.At<T>(i), _a.RowStride, _a.ColumnStride, _b.At<T>(i), _b.RowStride, _b.ColumnStride, _y.Pointer<T>() + i * _m * _n, _n, _accumulate);
        }
    }
}
