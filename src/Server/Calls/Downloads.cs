using System.Buffers;
using AutogradService.Server.Commands;
using AutogradService.Server.Errors;
using AutogradService.Server.Hosting;
using AutogradService.Server.Scheduling;
using AutogradService.Server.Sessions;
using AutogradService.Server.Telemetry;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace AutogradService.Server.Calls;

/// <summary>DownloadTensor: the tensor is held, not copied; a chunk is read in the session's turn and sent outside of it.</summary>
internal sealed class Downloads(SessionTable sessions, IOptions<ServerOptions> options)
{
    private readonly LimitOptions _limits = options.Value.Limits;

    public async Task RunAsync(Wire.DownloadTensorRequest request, IServerStreamWriter<Wire.DownloadTensorResponse> responses, ServerCallContext call)
    {
        if (request.ChunkBytes > _limits.ChunkBytesMax) throw Refusal.LimitExceeded("chunk_bytes", request.ChunkBytes, _limits.ChunkBytesMax);
        int chunkBytes = request.ChunkBytes == 0 ? _limits.ChunkBytes : (int)request.ChunkBytes;
        var session = sessions.Get(request.SessionId, CallInterceptor.CallerOf(call));
        TensorDownload? download;
        using (var turn = await session.EnterAsync(1, request.CalculateSize(), Patience.Limited, call))
            download = turn.Interpreter.BeginDownload(request);
        if (download is null)
        {
            await responses.WriteAsync(new Wire.DownloadTensorResponse { Opening = new Wire.DownloadOpening() }, call.CancellationToken);
            return;
        }
        byte[] buffer = [];
        try
        {
            MessageCharge.Of(call)?.Make(Math.Min(chunkBytes, download.Bytes));
            buffer = LargeBuffers.Rent(chunkBytes);
            await responses.WriteAsync(new Wire.DownloadTensorResponse { Opening = download.Opening }, call.CancellationToken);
            for (long offset = (long)request.StartOffset; offset < download.Bytes; offset += chunkBytes)
            {
                int count = (int)Math.Min(chunkBytes, download.Bytes - offset);
                using (var turn = await session.EnterAsync(1, 0, Patience.Unlimited, call))
                {
                    download.Read(offset, buffer.AsSpan(0, count));
                    turn.Interpreter.Work.Account.Add(new Work { SentBytes = count });
                }
                // A write is done when the bytes are out of the buffer, which can then be filled again.
                var chunk = new Wire.TensorChunk { Offset = (ulong)offset, Crc32C = Crc32C.Of(buffer.AsSpan(0, count)), Data = UnsafeByteOperations.UnsafeWrap(buffer.AsMemory(0, count)) };
                await responses.WriteAsync(new Wire.DownloadTensorResponse { Chunk = chunk }, call.CancellationToken);
            }
        }
        finally
        {
            if (buffer.Length > 0) LargeBuffers.Return(buffer);
            await LetGoAsync(session, download);
        }
    }

    private static async Task LetGoAsync(Session session, TensorDownload download)
    {
        try
        {
            using var turn = await session.EnterBrieflyAsync();
            download.Dispose();
        }
        catch (Refusal)
        {
            // The session ended, and all that it held with it.
        }
    }
}
