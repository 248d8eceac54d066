namespace AutogradService.Engine;

// What whoever carries tensors to and from other machines needs beside the ops.
public sealed unsafe partial class Tensor
{
    /// <summary>Bytes of the storage behind the tensor, which views share.</summary>
    public long StorageBytes => Storage.Bytes;

    /// <summary>The tensor itself if its elements lie in row-major order without gaps, else a copy that does, without history.</summary>
    public Tensor Packed() => Workspace.RawContiguous(this);

    /// <summary>Reads part of the elements as raw bytes.</summary>
    /// <param name="byteOffset">Where in the row-major bytes to start.</param>
    /// <param name="destination">Takes little-endian bytes.</param>
    /// <exception cref="AutogradException">PAYLOAD_SIZE_MISMATCH, also if the tensor is not contiguous.</exception>
    public void ReadBytes(long byteOffset, Span<byte> destination)
    {
        if (byteOffset < 0 || byteOffset > ByteLength - destination.Length || !IsContiguous)
            throw new AutogradException(ErrorReason.PayloadSizeMismatch, $"{destination.Length} bytes at offset {byteOffset} are not all of a tensor of {ByteLength} bytes");
        new ReadOnlySpan<byte>(Data + byteOffset, destination.Length).CopyTo(destination);
    }

    /// <summary>Fills a gradient that is there with zeros, in place and without history (zero_grad with set_to_none=False).</summary>
    public void ZeroGrad()
    {
        if (OwnGrad is not { } grad) return;
        using (Workspace.NoGrad())
        {
            if (grad.GradFn is not null) SetGrad(grad.Detach());
            OwnGrad!.ZeroInPlace();
        }
    }
}
