using AutogradService.Engine;
using AutogradService.Server.Errors;
using Google.Protobuf;

namespace AutogradService.Server.Commands;

/// <summary>Tensors as the wire has them, and back.</summary>
internal static class TensorDescription
{
    /// <summary>The engine's dtypes are the wire's, less the unspecified one.</summary>
    public static Wire.DataType ToWire(DType dtype) => (Wire.DataType)((int)dtype + 1);

    /// <summary>The dtype that a field names.</summary>
    /// <exception cref="Refusal">INVALID_FIELD.</exception>
    public static DType FromWire(Wire.DataType dtype, string field)
    {
        int value = (int)dtype - 1;
        if (value < 0) throw Refusal.Missing(field);
        return value < DTypes.Count ? (DType)value : throw Refusal.InvalidField(field, $"{value + 1} is no dtype");
    }

    /// <summary>The most bytes that a tensor's metadata takes, but for its next_functions.</summary>
    public static long SizeBound(Tensor tensor) => 128 + 22L * tensor.Dim;

    /// <summary>What is known about a tensor, without its elements.</summary>
    public static Wire.TensorMetadata Metadata(Tensor tensor, ulong handle)
    {
        var grad = tensor.GradFn;
        var metadata = new Wire.TensorMetadata
        {
            Handle = handle,
            Dtype = ToWire(tensor.DType),
            RequiresGrad = tensor.RequiresGrad,
            IsLeaf = grad is null,
            GradFn = grad?.Name ?? "",
            OutputNr = (uint)tensor.OutputNr,
            Version = tensor.IsInference ? 0 : (ulong)tensor.Version,
            IsInference = tensor.IsInference,
            HasTangent = tensor.Tangent is not null,
            RetainsGrad = tensor.RetainsGrad,
            HasGrad = tensor.Grad is not null,
            IsView = tensor.IsView,
            StorageBytes = (ulong)tensor.StorageBytes,
        };
        metadata.Shape.Capacity = metadata.Strides.Capacity = tensor.Dim;
        foreach (long size in tensor.Shape.Sizes) metadata.Shape.Add(size);
        foreach (long stride in tensor.Strides) metadata.Strides.Add(stride);
        return metadata;
    }

    /// <summary>As <see cref="Metadata"/>, with the names of the nodes behind grad_fn.</summary>
    public static Wire.TensorMetadata FullMetadata(Tensor tensor, ulong handle)
    {
        var metadata = Metadata(tensor, handle);
        if (tensor.GradFn is { } node)
            foreach (var (next, _) in node.NextFunctions) metadata.NextFunctions.Add(next?.Name ?? "");
        return metadata;
    }

    /// <summary>The elements.</summary>
    public static Wire.TensorData Data(Tensor tensor, ResultBudget budget)
    {
        var bytes = budget.Take(checked((int)tensor.ByteLength));
        tensor.CopyTo(bytes.Span);
        // Nobody else sees the memory, so it cannot change before it is sent.
        var data = new Wire.TensorData { Dtype = ToWire(tensor.DType), Data = UnsafeByteOperations.UnsafeWrap(bytes) };
        foreach (long size in tensor.Shape.Sizes) data.Shape.Add(size);
        return data;
    }

    /// <summary>What opens a chunked transfer.</summary>
    public static Wire.TensorHeader Header(Tensor tensor)
    {
        var header = new Wire.TensorHeader { Dtype = ToWire(tensor.DType), TotalBytes = (ulong)tensor.ByteLength };
        foreach (long size in tensor.Shape.Sizes) header.Shape.Add(size);
        return header;
    }

    /// <summary>A shape as it came over the wire.</summary>
    /// <exception cref="AutogradException">INVALID_SHAPE.</exception>
    public static Shape ShapeOf(Google.Protobuf.Collections.RepeatedField<long> sizes)
    {
        if (sizes.Count > Shape.RankMax)
            throw new AutogradException(ErrorReason.InvalidShape, $"a tensor has at most {Shape.RankMax} dimensions, but got {sizes.Count}");
        Span<long> values = stackalloc long[sizes.Count];
        for (int i = 0; i < values.Length; i++) values[i] = sizes[i];
        return Shape.Of(values);
    }

    /// <summary>Refuses bytes other than 0 and 1 for a tensor of truth values: kernels rely on it.</summary>
    /// <exception cref="Refusal">INVALID_FIELD.</exception>
    public static void CheckElements(DType dtype, ReadOnlySpan<byte> bytes, string field)
    {
        if (dtype == DType.Bool && bytes.ContainsAnyExceptInRange((byte)0, (byte)1))
            throw Refusal.InvalidField(field, "a bool is a byte that is 0 or 1");
    }
}
