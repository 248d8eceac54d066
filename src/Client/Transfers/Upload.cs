using Google.Protobuf;
using Grpc.Core;

namespace AutogradService.Client;

/// <summary>A tensor too large for a frame: sent in chunks, between frames.</summary>
internal sealed record Upload(ulong Seq, Wire.UploadOpening Opening, ReadOnlyMemory<byte> Data)
{
    /// <summary>Sends it.</summary>
    /// <exception cref="RpcException">It was refused, or the connection was lost.</exception>
    public async Task SendAsync(Wire.AutogradService.AutogradServiceClient calls, int chunkBytes, CancellationToken cancellation)
    {
        using var call = calls.UploadTensor(cancellationToken: cancellation);
        try
        {
            await call.RequestStream.WriteAsync(new Wire.UploadTensorRequest { Opening = Opening }, cancellation).ConfigureAwait(false);
            for (int offset = 0; offset < Data.Length; offset += chunkBytes)
            {
                var bytes = Data.Slice(offset, Math.Min(chunkBytes, Data.Length - offset));
                var chunk = new Wire.TensorChunk { Offset = (ulong)offset, Crc32C = Crc32C.Of(bytes.Span), Data = UnsafeByteOperations.UnsafeWrap(bytes) };
                await call.RequestStream.WriteAsync(new Wire.UploadTensorRequest { Chunk = chunk }, cancellation).ConfigureAwait(false);
            }
            await call.RequestStream.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (Resumption.LossOf(e) is not null)
        {
            // The call ended early: the answer tells why.
        }
        try
        {
            await call.ResponseAsync.ConfigureAwait(false);
        }
        catch (Exception e) when (Resumption.LossOf(e) is { } loss)
        {
            throw loss;
        }
    }
}
