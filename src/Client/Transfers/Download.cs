using System.Collections.Immutable;
using Google.Protobuf;
using Grpc.Core;

namespace AutogradService.Client;

/// <summary>A tensor's elements as they came.</summary>
internal readonly record struct RawTensor(DType DType, ImmutableArray<long> Shape, ReadOnlyMemory<byte> Bytes)
{
    public static RawTensor Of(Wire.TensorData data) => new((DType)data.Dtype, [.. data.Shape], data.Data.Memory);
}

/// <summary>Reads a tensor too large for a message, in chunks.</summary>
internal static class Download
{
    /// <summary>Reads it.</summary>
    /// <returns>The elements; null: .grad was asked for and is None.</returns>
    /// <exception cref="RpcException">It was refused.</exception>
    /// <exception cref="AutogradException">A chunk's checksum is wrong or one is missing.</exception>
    public static async Task<RawTensor?> ReadAsync(Wire.AutogradService.AutogradServiceClient calls, string sessionId, ulong handle, bool grad, CancellationToken cancellation)
    {
        using var call = calls.DownloadTensor(new Wire.DownloadTensorRequest { SessionId = sessionId, Tensor = handle, Grad = grad }, cancellationToken: cancellation);
        var parts = call.ResponseStream;
        if (!await parts.MoveNext(cancellation).ConfigureAwait(false) || parts.Current.Opening is not { } opening) throw Corrupt("a download did not open");
        if (opening.Header is not { } header) return null;
        var bytes = GC.AllocateUninitializedArray<byte>(checked((int)header.TotalBytes));
        int received = 0;
        while (await parts.MoveNext(cancellation).ConfigureAwait(false))
        {
            if (parts.Current.Chunk is not { } chunk || chunk.Offset != (ulong)received || chunk.Data.Length > bytes.Length - received) throw Corrupt("a chunk is out of place");
            if (Crc32C.Of(chunk.Data.Span) != chunk.Crc32C) throw Corrupt("a chunk's checksum is wrong");
            chunk.Data.Span.CopyTo(bytes.AsSpan(received));
            received += chunk.Data.Length;
        }
        if (received != bytes.Length) throw Corrupt($"{received} of {bytes.Length} bytes arrived");
        return new RawTensor((DType)header.Dtype, [.. header.Shape], bytes);
    }

    private static AutogradException Corrupt(string message) => AutogradException.Of(new FailureDetails(
        ErrorReason.ChunkCorrupt, StatusCode.DataLoss, message, new Dictionary<string, string>(), 0, "download", null, null, null));
}
