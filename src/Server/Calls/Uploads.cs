using AutogradService.Server.Commands;
using AutogradService.Server.Errors;
using AutogradService.Server.Hosting;
using AutogradService.Server.Scheduling;
using AutogradService.Server.Sessions;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace AutogradService.Server.Calls;

/// <summary>UploadTensor: memory is charged when the upload opens, each chunk is checked and copied to its place, and the tensor appears at the end.</summary>
internal sealed class Uploads(SessionTable sessions, IOptions<ServerOptions> options)
{
    private readonly int _chunkBytesMax = options.Value.Limits.ChunkBytesMax;

    /// <summary>How messages are read.</summary>
    public static Marshaller<UploadPart> Parts { get; } = Marshalling.Received(UploadPart.Read);

    public async Task<Wire.UploadTensorResponse> RunAsync(IAsyncStreamReader<UploadPart> parts, ServerCallContext call)
    {
        if (!await parts.MoveNext(call.CancellationToken)) throw Refusal.StreamProtocol("an upload starts with its opening");
        Wire.UploadOpening opening;
        using (var first = parts.Current) opening = first.Opening ?? throw Refusal.StreamProtocol("an upload starts with its opening");
        var session = sessions.Get(opening.SessionId, CallInterceptor.CallerOf(call));
        TensorUpload upload;
        using (var turn = await session.EnterAsync(1, opening.CalculateSize(), Patience.Limited, call)) upload = turn.Interpreter.BeginUpload(opening);
        try
        {
            while (await parts.MoveNext(call.CancellationToken))
            {
                using var part = parts.Current;
                if (!part.IsChunk) throw Refusal.StreamProtocol("an upload has one opening, then chunks");
                Check(part, upload);
                using var turn = await session.EnterAsync(1, part.Data.Length, Patience.Unlimited, call);
                upload.Write(part.Data);
            }
            using var last = await session.EnterAsync(1, 0, Patience.Unlimited, call);
            return new Wire.UploadTensorResponse { Tensor = last.Interpreter.FinishUpload(upload) };
        }
        finally
        {
            await GiveUpAsync(session, upload);
        }
    }

    private void Check(UploadPart part, TensorUpload upload)
    {
        if (part.Data.Length > _chunkBytesMax) throw Refusal.LimitExceeded("chunk.data", part.Data.Length, _chunkBytesMax);
        if (part.Offset != (ulong)upload.Received) throw Refusal.ChunkCorrupt($"a chunk at offset {part.Offset} where {upload.Received} was next", part.Offset);
        if (part.Data.Length > upload.Missing) throw Refusal.ChunkCorrupt($"a chunk of {part.Data.Length} bytes where {upload.Missing} were missing", part.Offset);
        if (Commands.Crc32C.Of(part.Data) != part.Crc32C) throw Refusal.ChunkCorrupt("a chunk's checksum is wrong", part.Offset);
    }

    private static async Task GiveUpAsync(Session session, TensorUpload upload)
    {
        if (upload.IsOver) return;
        try
        {
            using var turn = await session.EnterBrieflyAsync();
            upload.Dispose();
        }
        catch (Refusal)
        {
            // The session ended, and all that it held with it.
        }
    }
}
