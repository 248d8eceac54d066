using System.Diagnostics;
using System.Numerics;
using System.Runtime.InteropServices;
using AutogradService.Engine.Kernels;

namespace AutogradService.Engine;

/// <summary>
/// A strided view of a storage, with what autograd knows of it. Belongs to one <see cref="Workspace"/>.
/// Reference-counted by its owners (see <see cref="Retain"/>); one without owners lives until its <see cref="TensorScope"/> ends.
/// </summary>
public sealed unsafe partial class Tensor
{
    private Storage? _storage;
    private int _owners;

    internal Tensor(Workspace workspace, Storage storage, Shape shape, long[] strides, long offset, DType dtype)
    {
        Workspace = workspace;
        _storage = storage;
        Shape = shape;
        StridesArray = strides;
        Offset = offset;
        DType = dtype;
        IsInference = workspace.InInferenceMode;
        IsContiguous = ReferenceEquals(strides, shape.ContiguousStrides) || ContiguousAs(shape, strides);
        workspace.Adopt(this);
    }

    /// <summary>The workspace that owns the tensor's memory and graph.</summary>
    public Workspace Workspace { get; }

    /// <summary>The sizes.</summary>
    public Shape Shape { get; private set; }

    /// <summary>The element type.</summary>
    public DType DType { get; }

    /// <summary>Elements to step per dim.</summary>
    public ReadOnlySpan<long> Strides => StridesArray;

    /// <summary>Elements from the storage's start to the first element.</summary>
    public long Offset { get; private set; }

    /// <summary>Number of dims.</summary>
    public int Dim => Shape.Rank;

    /// <summary>Number of elements.</summary>
    public long Numel => Shape.Numel;

    /// <summary>Whether the elements lie in row-major order without gaps.</summary>
    public bool IsContiguous { get; private set; }

    /// <summary>A number that came without a dtype of its own: weak in type promotion.</summary>
    public bool IsWrappedNumber { get; internal init; }

    /// <summary>Whether the memory was given back.</summary>
    public bool IsReleased => _storage is null;

    /// <summary>Made in inference mode: cannot be saved for backward, and counts no versions.</summary>
    public bool IsInference { get; internal init; }

    /// <summary>Counts the in-place writes to the storage.</summary>
    /// <exception cref="AutogradException">INVALID_GRAD_STATE for an inference tensor.</exception>
    public int Version => IsInference ? throw new AutogradException(ErrorReason.InvalidGradState, "Inference tensors do not track version counter.") : Storage.Version;

    /// <summary>Bytes of the elements, row-major.</summary>
    public long ByteLength => Numel * DType.ItemSize;

    internal long[] StridesArray { get; private set; }

    internal Storage Storage => _storage ?? throw new AutogradException(ErrorReason.TensorReleased, "the tensor was released");

    internal byte* Data => Storage.Data + Offset * DType.ItemSize;

    /// <summary>Whether nobody else can see the 64 bytes at which the elements begin: blocks of memory are at least that large, and this tensor has one to itself.</summary>
    internal bool IsAloneInItsLine => Offset == 0 && Storage.References == 1 && IsContiguous;

    internal T* Pointer<T>() where T : unmanaged
    {
        Debug.Assert(sizeof(T) == DType.ItemSize);
        return (T*)(Storage.Data + Offset * sizeof(T));
    }

    /// <summary>Whether this is a matrix of which the columns follow each other.</summary>
    internal bool IsColumnMajor => !IsContiguous && Shape.Rank == 2 && StridesArray[0] == 1 && StridesArray[1] == Shape[0];

    internal int Owners => _owners;

    /// <summary>Set while a scope will look at the tensor when it ends.</summary>
    internal bool InScope { get; set; }

    /// <summary>Becomes an owner: the tensor outlives its scope until <see cref="Release"/>.</summary>
    /// <returns>The tensor.</returns>
    public Tensor Retain()
    {
        _ = Storage;
        _owners++;
        return this;
    }

    /// <summary>Stops being an owner; the last one out gives the memory and the graph behind the tensor back.</summary>
    public void Release()
    {
        Debug.Assert(_owners > 0, "released more often than retained");
        if (--_owners == 0 && !InScope) Free();
    }

    /// <summary>Gives memory, history and gradient back.</summary>
    internal void Free()
    {
        if (_storage is not { } storage) return;
        _storage = null;
        storage.Release();
        FreeAutograd();
    }

    /// <summary>Whether two tensors show the same storage.</summary>
    public bool SharesMemoryWith(Tensor other) => ReferenceEquals(Storage, other.Storage);

    /// <summary>The elements as float64, row-major; integers and truth values converted.</summary>
    public double[] ToDoubles()
    {
        var result = new double[Numel];
        fixed (double* p = result) Transfer.Cast(this, DType.Float64, p);
        return result;
    }

    /// <summary>The elements, row-major.</summary>
    /// <typeparam name="T">The element type of <see cref="DType"/>; bool for Bool.</typeparam>
    public T[] ToArray<T>() where T : unmanaged
    {
        if (sizeof(T) != DType.ItemSize) throw AutogradException.DTypeUnsupported($"to_array<{typeof(T).Name}>", DType);
        var result = new T[Numel];
        CopyTo(MemoryMarshal.AsBytes(result.AsSpan()));
        return result;
    }

    /// <summary>Writes the elements row-major, in their own dtype, little-endian.</summary>
    /// <param name="destination">Exactly <see cref="ByteLength"/> bytes.</param>
    public void CopyTo(Span<byte> destination)
    {
        if (destination.Length != ByteLength)
            throw new AutogradException(ErrorReason.PayloadSizeMismatch, $"a tensor of {ByteLength} bytes does not fit {destination.Length}");
        fixed (byte* p = destination) Transfer.Cast(this, DType, p);
    }

    /// <summary>Overwrites part of the elements with raw bytes. For filling a new contiguous tensor: bumps no version.</summary>
    /// <param name="byteOffset">Where in the row-major bytes to start.</param>
    /// <param name="source">Little-endian bytes.</param>
    /// <exception cref="AutogradException">PAYLOAD_SIZE_MISMATCH.</exception>
    public void WriteBytes(long byteOffset, ReadOnlySpan<byte> source)
    {
        if (byteOffset < 0 || byteOffset > ByteLength - source.Length || !IsContiguous)
            throw new AutogradException(ErrorReason.PayloadSizeMismatch, $"{source.Length} bytes at offset {byteOffset} do not fit a tensor of {ByteLength} bytes");
        source.CopyTo(new Span<byte>(Data + byteOffset, source.Length));
    }

    /// <summary>The contiguous memory of a tensor, to be written before anybody else sees it.</summary>
    internal Span<byte> Bytes => new(Data, checked((int)ByteLength));

    /// <summary>The only element, as a number.</summary>
    /// <exception cref="AutogradException">INVALID_SHAPE, if there is not exactly one.</exception>
    public double Item()
    {
        if (Numel != 1)
            throw new AutogradException(ErrorReason.InvalidShape, $"a Tensor with {Numel} elements cannot be converted to Scalar", TorchErrorType.RuntimeError);
        double value;
        Transfer.Cast(this, DType.Float64, &value);
        return value;
    }

    /// <summary>A tensor over the same memory without history: not a view in autograd's sense.</summary>
    internal Tensor Alias()
    {
        Storage.Retain();
        return new Tensor(Workspace, Storage, Shape, StridesArray, Offset, DType) { IsInference = IsInference };
    }

    internal Tensor Alias(Shape shape, long[] strides, long offset)
    {
        RequireWithin(shape, strides, offset);
        Storage.Retain();
        return new Tensor(Workspace, Storage, shape, strides, offset, DType) { IsInference = IsInference };
    }

    // Kernels believe a geometry. Attributes can be any 64-bit number and products of them wrap around, so that an op's own checks may be fooled: this one is not.
    private void RequireWithin(Shape shape, long[] strides, long offset)
    {
        Int128 least = offset, most = offset;
        for (int d = 0; d < shape.Rank; d++)
        {
            if (shape[d] < 0) throw new AutogradException(ErrorReason.InvalidShape, $"Trying to create tensor with negative dimension {shape[d]}: {shape}");
            if (shape[d] == 0) return;
            var reach = (Int128)(shape[d] - 1) * strides[d];
            if (reach < 0) least += reach;
            else most += reach;
        }
        if (least < 0 || (most + 1) * DType.ItemSize > Storage.Bytes)
            throw AutogradException.Shape($"setStorage: sizes {shape}, strides {Shape.Format(strides)}, storage offset {offset}, and itemsize {DType.ItemSize} requiring a storage size of {(most + 1) * DType.ItemSize} are out of bounds for storage of size {Storage.Bytes}");
    }

    /// <summary>Notes an in-place write.</summary>
    internal void Written()
    {
        if (!IsInference) Storage.Version++;
    }

    /// <summary>Becomes a tensor of another geometry over the same storage: squeeze_ and its kin.</summary>
    internal void Restride(Shape shape, long[] strides, long offset)
    {
        RequireWithin(shape, strides, offset);
        Shape = shape;
        StridesArray = strides;
        Offset = offset;
        IsContiguous = ContiguousAs(shape, strides);
    }

    /// <summary>torch.Tensor's short form for messages.</summary>
    public override string ToString() => $"Tensor({DType.Name}, {Shape})";

    private static bool ContiguousAs(Shape shape, long[] strides)
    {
        if (shape.Numel == 0) return true;
        var expected = shape.ContiguousStrides;
        var sizes = shape.Sizes;
        for (int i = 0; i < strides.Length; i++)
            if (sizes[i] != 1 && strides[i] != expected[i]) return false;
        return true;
    }
}
