using AutogradService.Engine;
using AutogradService.Server.Errors;

namespace AutogradService.Server.Commands;

/// <summary>A tensor on its way in. Only whoever has the session's turn may touch it.</summary>
internal sealed class TensorUpload(Tensor tensor, ulong handle) : IDisposable
{
    /// <summary>The tensor, owned by the upload until it is finished.</summary>
    public Tensor Tensor => tensor;

    /// <summary>The handle to bind at the end.</summary>
    public ulong Handle => handle;

    /// <summary>Bytes that have arrived.</summary>
    public long Received { get; private set; }

    /// <summary>Bytes that have not.</summary>
    public long Missing => tensor.ByteLength - Received;

    /// <summary>Whether the upload owns the tensor no more.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Puts the next bytes in their place.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        TensorDescription.CheckElements(tensor.DType, bytes, "chunk.data");
        tensor.WriteBytes(Received, bytes);
        Received += bytes.Length;
    }

    /// <summary>Lets go of the tensor.</summary>
    public void Dispose()
    {
        if (IsOver) return;
        IsOver = true;
        tensor.Release();
    }
}

/// <summary>A tensor on its way out. Only whoever has the session's turn may touch it, but for the opening.</summary>
internal sealed class TensorDownload(Tensor tensor) : IDisposable
{
    private readonly int _version = tensor.Version;

    /// <summary>Bytes of the elements.</summary>
    public long Bytes { get; } = tensor.ByteLength;

    /// <summary>What opens the transfer.</summary>
    public Wire.DownloadOpening Opening { get; } = new() { Header = TensorDescription.Header(tensor), Version = (ulong)tensor.Version };

    /// <summary>Reads some bytes.</summary>
    /// <exception cref="AutogradException">TENSOR_MODIFIED.</exception>
    public void Read(long offset, Span<byte> bytes)
    {
        if (tensor.Version != _version)
            throw new AutogradException(ErrorReason.TensorModified, $"the tensor was modified in place while it was being downloaded: it is at version {tensor.Version}; expected version {_version} instead");
        tensor.ReadBytes(offset, bytes);
    }

    /// <summary>Lets go of the tensor.</summary>
    public void Dispose() => tensor.Release();
}

// Transfers of tensors too large for one message.
internal sealed partial class CommandInterpreter
{
    /// <summary>Takes the memory for a tensor that will arrive in chunks.</summary>
    public TensorUpload BeginUpload(Wire.UploadOpening opening)
    {
        var header = opening.Header ?? throw Refusal.Missing("opening.header");
        var dtype = TensorDescription.FromWire(header.Dtype, "opening.header.dtype");
        var shape = TensorDescription.ShapeOf(header.Shape);
        long bytes = shape.Numel * dtype.ItemSize;
        if (header.TotalBytes != (ulong)bytes)
            throw new AutogradException(ErrorReason.PayloadSizeMismatch, $"shape '{shape}' of dtype {dtype.Name} takes {bytes} bytes, but {header.TotalBytes} were announced");
        if (opening.Out != 0) _handles.CheckFree(opening.Out);
        _handles.CheckRoom(1);
        using var scope = _workspace.Scope();
        var tensor = _workspace.Uninitialized(shape, dtype);
        if (opening.RequiresGrad) tensor.CreatedRequiringGrad();
        return new TensorUpload(tensor.Retain(), opening.Out);
    }

    /// <summary>Gives a tensor that has arrived its handle.</summary>
    public Wire.TensorMetadata FinishUpload(TensorUpload upload)
    {
        if (upload.Missing != 0) throw Refusal.ChunkCorrupt($"the chunks end {upload.Missing} bytes before the tensor does", (ulong)upload.Received);
        if (upload.Handle != 0) _handles.CheckFree(upload.Handle);
        _handles.CheckRoom(1);
        ulong handle = _handles.Bind(upload.Handle, upload.Tensor);
        upload.Dispose();
        _applied++;
        return TensorDescription.Metadata(upload.Tensor, handle);
    }

    /// <summary>Holds a tensor, or its gradient, to be sent in chunks; null if the gradient is None.</summary>
    public TensorDownload? BeginDownload(Wire.DownloadTensorRequest request)
    {
        var tensor = _handles.Get(request.Tensor);
        if (request.Grad)
        {
            if (tensor.Grad is not { } grad) return null;
            tensor = grad;
        }
        if (request.StartOffset > (ulong)tensor.ByteLength) throw Refusal.InvalidField("start_offset", $"the tensor has {tensor.ByteLength} bytes");
        using var scope = _workspace.Scope();
        using var mode = _workspace.NoGrad();
        return new TensorDownload(tensor.Packed().Retain());
    }
}
