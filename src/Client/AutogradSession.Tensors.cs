using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Google.Protobuf;

namespace AutogradService.Client;

// Making tensors of values.
public sealed partial class AutogradSession
{
    /// <summary>A tensor with one dimension (torch.tensor). Its dtype is the one that holds <typeparamref name="T"/>.</summary>
    /// <param name="values">The elements; copied.</param>
    /// <param name="dtype">Another dtype to convert them to.</param>
    /// <param name="requiresGrad">Whether gradients are accumulated into it; floating dtypes only.</param>
    public Tensor Tensor<T>(T[] values, DType? dtype = null, bool requiresGrad = false, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "") where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(values);
        return Create(MemoryMarshal.AsBytes(values.AsSpan()), [values.Length], DTypes.Of<T>(), dtype, requiresGrad, new Source(sourceFile, sourceLine, sourceMember));
    }

    /// <summary>A matrix.</summary>
    /// <inheritdoc cref="Tensor{T}(T[], DType?, bool, string, int, string)"/>
    public Tensor Tensor<T>(T[,] values, DType? dtype = null, bool requiresGrad = false, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "") where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(values);
        return Create(Elements.BytesOf<T>(values), Elements.ShapeOf(values), DTypes.Of<T>(), dtype, requiresGrad, new Source(sourceFile, sourceLine, sourceMember));
    }

    /// <summary>A tensor with three dimensions.</summary>
    /// <inheritdoc cref="Tensor{T}(T[], DType?, bool, string, int, string)"/>
    public Tensor Tensor<T>(T[,,] values, DType? dtype = null, bool requiresGrad = false, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "") where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(values);
        return Create(Elements.BytesOf<T>(values), Elements.ShapeOf(values), DTypes.Of<T>(), dtype, requiresGrad, new Source(sourceFile, sourceLine, sourceMember));
    }

    /// <summary>A tensor of the shape of an array of any rank.</summary>
    /// <exception cref="NotSupportedException">No dtype holds its elements (arrays of arrays, say).</exception>
    /// <inheritdoc cref="Tensor{T}(T[], DType?, bool, string, int, string)"/>
    public Tensor Tensor(Array values, DType? dtype = null, bool requiresGrad = false, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "")
    {
        ArgumentNullException.ThrowIfNull(values);
        var own = DTypes.Of(values.GetType().GetElementType()!);
        return Create(Elements.BytesOf(values, own), Elements.ShapeOf(values), own, dtype, requiresGrad, new Source(sourceFile, sourceLine, sourceMember));
    }

    /// <summary>A tensor of elements given row-major.</summary>
    /// <param name="shape">Size of each dimension; their product is the number of elements.</param>
    /// <exception cref="AutogradException">PAYLOAD_SIZE_MISMATCH, told by the next awaited call.</exception>
    /// <inheritdoc cref="Tensor{T}(T[], DType?, bool, string, int, string)"/>
    public Tensor Tensor<T>(ReadOnlySpan<T> values, Dims shape, DType? dtype = null, bool requiresGrad = false, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "") where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(shape);
        return Create(MemoryMarshal.AsBytes(values), shape.Values, DTypes.Of<T>(), dtype, requiresGrad, new Source(sourceFile, sourceLine, sourceMember));
    }

    /// <summary>A tensor of elements given row-major.</summary>
    /// <inheritdoc cref="Tensor{T}(ReadOnlySpan{T}, Dims, DType?, bool, string, int, string)"/>
    public Tensor Tensor<T>(ReadOnlyMemory<T> values, Dims shape, DType? dtype = null, bool requiresGrad = false, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "") where T : unmanaged =>
        Tensor(values.Span, shape, dtype, requiresGrad, sourceFile, sourceLine, sourceMember);

    /// <summary>A 0-d tensor. Without a dtype a float becomes float32, an integer int64, a truth value bool, as in PyTorch.</summary>
    /// <param name="value">The element.</param>
    /// <inheritdoc cref="Tensor{T}(T[], DType?, bool, string, int, string)"/>
    public Tensor Tensor(Number value, DType? dtype = null, bool requiresGrad = false, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "")
    {
        var source = new Source(sourceFile, sourceLine, sourceMember);
        double real = value.Real;
        long integer = value.Integer;
        if (value.Kind == NumberKind.Float) return Create(MemoryMarshal.AsBytes(new ReadOnlySpan<double>(in real)), [], DType.Float64, dtype ?? DType.Float32, requiresGrad, source);
        return Create(MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in integer)), [], DType.Int64, dtype ?? (value.Kind == NumberKind.Bool ? DType.Bool : DType.Int64), requiresGrad, source);
    }

    /// <summary>A tensor of bytes: elements row-major, little-endian, without padding.</summary>
    /// <param name="bytes">The elements; copied.</param>
    /// <param name="shape">Size of each dimension.</param>
    /// <param name="dtype">Element type.</param>
    /// <param name="requiresGrad">Whether gradients are accumulated into it.</param>
    /// <exception cref="AutogradException">PAYLOAD_SIZE_MISMATCH, told by the next awaited call.</exception>
    public Tensor FromBytes(ReadOnlySpan<byte> bytes, Dims shape, DType dtype, bool requiresGrad = false, [CallerFilePath] string sourceFile = "", [CallerLineNumber] int sourceLine = 0, [CallerMemberName] string sourceMember = "")
    {
        ArgumentNullException.ThrowIfNull(shape);
        return Create(bytes, shape.Values, dtype, null, requiresGrad, new Source(sourceFile, sourceLine, sourceMember));
    }

    private Tensor Create(ReadOnlySpan<byte> bytes, ReadOnlySpan<long> shape, DType own, DType? wanted, bool requiresGrad, in Source source)
    {
        var dtype = wanted ?? own;
        byte[] copy = dtype == own ? bytes.ToArray() : Elements.Convert(bytes, own, dtype);
        var tensor = NewTensor();
        if (copy.Length > Math.Min(Options.InlineBytesMax, Pipeline.CommandBytesMax - 1024))
        {
            var header = new Wire.TensorHeader { Dtype = (Wire.DataType)dtype, TotalBytes = (ulong)copy.Length };
            header.Shape.AddRange(shape);
            Pipeline.Send(new Wire.UploadOpening { SessionId = Id, Out = tensor.Handle, RequiresGrad = requiresGrad, Header = header }, copy, source);
            return tensor;
        }
        // The frame copies the bytes at once, so nobody can change them before they are sent.
        var data = new Wire.TensorData { Dtype = (Wire.DataType)dtype, Data = UnsafeByteOperations.UnsafeWrap(copy) };
        data.Shape.AddRange(shape);
        Pipeline.Send(new Wire.Command { CreateTensor = new Wire.CreateTensor { Out = tensor.Handle, RequiresGrad = requiresGrad, Data = data } }, "tensor", source);
        return tensor;
    }
}
