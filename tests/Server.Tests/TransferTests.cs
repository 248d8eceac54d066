using System.Runtime.InteropServices;
using AutogradService.Testing;
using Google.Protobuf;
using Grpc.Core;

namespace AutogradService.Server.Tests;

/// <summary>Tensors in chunks, both ways.</summary>
public sealed class TransferTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private const int Count = 300_000; // several chunks, and more than one message may hold

    [Fact]
    public async Task What_goes_up_in_chunks_comes_down_in_chunks()
    {
        var s = await fixture.SessionAsync();
        var values = Values();
        var uploaded = await UploadAsync(s, Opening(s, 1, Count * 4, Count), Chunks(values, 50_000));
        Assert.Equal((1UL, true), (uploaded.Tensor.Handle, uploaded.Tensor.IsLeaf));
        foreach (uint chunk in new uint[] { 0, 1000, 65_536 })
        {
            var (header, bytes, lengths) = await DownloadAsync(s, new Wire.DownloadTensorRequest { SessionId = s.Id, Tensor = 1, ChunkBytes = chunk });
            Assert.Equal((Wire.DataType.Float32, (ulong)Count * 4), (header!.Dtype, header.TotalBytes));
            Assert.Equal(values, MemoryMarshal.Cast<byte, float>(bytes).ToArray());
            Assert.All(lengths.SkipLast(1), n => Assert.Equal(chunk == 0 ? ServerFixture.ChunkBytesMax : (int)chunk, n));
        }
        var rest = await DownloadAsync(s, new Wire.DownloadTensorRequest { SessionId = s.Id, Tensor = 1, StartOffset = Count * 4 - 8 });
        Assert.Equal(values[^2..], MemoryMarshal.Cast<byte, float>(rest.Bytes).ToArray());
        Assert.Equal((ulong)Count * 4, (await s.UsageAsync()).Bytes);
    }

    [Fact]
    public async Task A_tensor_without_elements_needs_no_chunk()
    {
        var s = await fixture.SessionAsync();
        var uploaded = await UploadAsync(s, Opening(s, 0, 0, 0, 3), []);
        Assert.Equal([0L, 3L], uploaded.Tensor.Shape);
        var (_, bytes, _) = await DownloadAsync(s, new Wire.DownloadTensorRequest { SessionId = s.Id, Tensor = uploaded.Tensor.Handle });
        Assert.Empty(bytes);
    }

    [Fact]
    public async Task A_view_comes_down_in_its_own_order()
    {
        var s = await fixture.SessionAsync();
        await s.RunAsync(TestSession.Create(1, [1, 2, 3, 4, 5, 6], [2, 3]));
        var transpose = ErrorTableTests.With(ErrorTableTests.With(TestSession.Op("transpose", 2, 1), "dim0", 0), "dim1", 1);
        await s.RunOneAsync(transpose);
        var (header, bytes, _) = await DownloadAsync(s, new Wire.DownloadTensorRequest { SessionId = s.Id, Tensor = 2, ChunkBytes = 8 });
        Assert.Equal([3L, 2L], header!.Shape);
        float[] expected = [1, 4, 2, 5, 3, 6];
        Assert.Equal(expected, MemoryMarshal.Cast<byte, float>(bytes).ToArray());
    }

    [Fact]
    public async Task A_gradient_comes_down_or_is_told_to_be_absent()
    {
        var s = await fixture.SessionAsync();
        ulong x = await s.OnesAsync(3, true), y = await s.OpAsync("sum", x);
        var absent = await DownloadAsync(s, new Wire.DownloadTensorRequest { SessionId = s.Id, Tensor = x, Grad = true });
        Assert.Null(absent.Header);
        await s.BackwardAsync(y);
        var (_, bytes, _) = await DownloadAsync(s, new Wire.DownloadTensorRequest { SessionId = s.Id, Tensor = x, Grad = true });
        float[] expected = [1, 1, 1];
        Assert.Equal(expected, MemoryMarshal.Cast<byte, float>(bytes).ToArray());
    }

    [Fact]
    public async Task Releasing_a_tensor_does_not_disturb_its_download_but_modifying_it_ends_it()
    {
        await using var server = await RunningServer.StartAsync();
        using var other = server.Connect();
        var s = await TestSession.CreateAsync(server.Channel);
        const int bytes = 40 << 20; // far more than windows and buffers hold
        await UploadAsync(s, Opening(s, 1, bytes, bytes / 4), Chunks(new float[bytes / 4], 1 << 20));
        using (var call = s.Over(other).Autograd.DownloadTensor(new Wire.DownloadTensorRequest { SessionId = s.Id, Tensor = 1 }))
        {
            Assert.True(await call.ResponseStream.MoveNext());
            await s.RunOneAsync(new Wire.Command { ApplyOp = new Wire.ApplyOp { Op = "add", A = 1, Scalar = 1, InPlace = true } });
            await Refusals.OfAsync(StatusCode.FailedPrecondition, "TENSOR_MODIFIED", async () =>
            {
                while (await call.ResponseStream.MoveNext())
                {
                }
            });
        }
        using (var call = s.Over(other).Autograd.DownloadTensor(new Wire.DownloadTensorRequest { SessionId = s.Id, Tensor = 1 }))
        {
            Assert.True(await call.ResponseStream.MoveNext());
            await s.RunOneAsync(TestSession.Release(1));
            long received = 0;
            while (await call.ResponseStream.MoveNext()) received += call.ResponseStream.Current.Chunk.Data.Length;
            Assert.Equal(bytes, received);
        }
        await EventuallyAsync(async () => (await s.UsageAsync()).Bytes == 0);
    }

    [Fact]
    public async Task Corrupt_chunks_are_refused_and_leave_nothing_behind()
    {
        var s = await fixture.SessionAsync();
        var values = Values();
        var opening = Opening(s, 1, Count * 4, Count);
        Wire.TensorChunk[] Broken(Action<Wire.TensorChunk[]> how)
        {
            Wire.TensorChunk[] chunks = [.. Chunks(values, 50_000)];
            how(chunks);
            return chunks;
        }

        foreach (var chunks in new[]
        {
            Broken(c => c[3].Crc32C ^= 1),
            Broken(c => c[3].Data = ByteString.CopyFrom([.. c[3].Data.Skip(1), 0])),
            Broken(c => c[3].Offset += 4),
            Broken(c => (c[2], c[3]) = (c[3], c[2])),
            Broken(c => c[3] = c[2]),
            Broken(c => c[^1] = c[0]),
            [.. Chunks(values, 50_000).SkipLast(1)],
            [.. Chunks(values, 50_000), new Wire.TensorChunk { Offset = Count * 4, Data = ByteString.CopyFrom(1), Crc32C = Castagnoli([1]) }],
            [],
        })
        {
            await Refusals.OfAsync(StatusCode.DataLoss, "CHUNK_CORRUPT", () => UploadAsync(s, opening, chunks));
            var usage = await s.UsageAsync();
            Assert.Equal((0UL, 0UL), (usage.Bytes, usage.Tensors));
        }
        await UploadAsync(s, opening, Chunks(values, 50_000));
    }

    [Fact]
    public async Task Openings_that_do_not_fit_are_refused_before_any_memory_is_taken()
    {
        var s = await fixture.SessionAsync();
        var fine = Opening(s, 1, 8, 2);
        async Task RefusedAsync(StatusCode code, string reason, Action<Wire.UploadOpening> change)
        {
            var opening = fine.Clone();
            change(opening);
            await Refusals.OfAsync(code, reason, () => UploadAsync(s, opening, []));
            Assert.Equal(0UL, (await s.UsageAsync()).Bytes);
        }

        await RefusedAsync(StatusCode.InvalidArgument, "PAYLOAD_SIZE_MISMATCH", o => o.Header.TotalBytes = 7);
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_SHAPE", o => o.Header.Shape[0] = -1);
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", o => o.Header.Dtype = default);
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_FIELD", o => o.Header = null);
        await RefusedAsync(StatusCode.NotFound, "SESSION_NOT_FOUND", o => o.SessionId = "none");
        await RefusedAsync(StatusCode.InvalidArgument, "INVALID_HANDLE", o => o.Out = 1UL << 50);
        await RefusedAsync(StatusCode.ResourceExhausted, "QUOTA_BYTES", o => (o.Header.Shape[0], o.Header.TotalBytes) = (1L << 40, 1UL << 42));
        await s.OnesAsync(1);
        await Refusals.OfAsync(StatusCode.AlreadyExists, "HANDLE_IN_USE", () => UploadAsync(s, fine, []));
    }

    [Fact]
    public async Task Messages_in_the_wrong_order_are_refused()
    {
        var s = await fixture.SessionAsync();
        var opening = new Wire.UploadTensorRequest { Opening = Opening(s, 1, 8, 2) };
        var chunk = new Wire.UploadTensorRequest { Chunk = Chunks([1, 2], 8).First() };
        foreach (var parts in new Wire.UploadTensorRequest[][] { [], [chunk], [opening, opening], [opening, new Wire.UploadTensorRequest()], [new Wire.UploadTensorRequest()] })
            await Refusals.OfAsync(StatusCode.FailedPrecondition, "STREAM_PROTOCOL", () => SendAsync(s, parts));
        Assert.Equal(0UL, (await s.UsageAsync()).Bytes);
        Wire.TensorChunk[] tooLarge = [.. Chunks(new float[ServerFixture.ChunkBytesMax / 4 + 1], ServerFixture.ChunkBytesMax + 4)];
        await Refusals.OfFieldAsync("LIMIT_EXCEEDED", "chunk.data", () => UploadAsync(s, Opening(s, 1, ServerFixture.ChunkBytesMax + 4, ServerFixture.ChunkBytesMax / 4 + 1), tooLarge));
        await Refusals.OfFieldAsync("LIMIT_EXCEEDED", "chunk_bytes", () => DownloadAsync(s, new Wire.DownloadTensorRequest { SessionId = s.Id, Tensor = 1, ChunkBytes = ServerFixture.ChunkBytesMax + 1 }));
        await s.OnesAsync(1);
        await Refusals.OfFieldAsync("INVALID_FIELD", "start_offset", () => DownloadAsync(s, new Wire.DownloadTensorRequest { SessionId = s.Id, Tensor = 1, StartOffset = 5 }));
    }

    [Fact]
    public async Task An_upload_that_is_given_up_gives_its_memory_back()
    {
        var s = await fixture.SessionAsync();
        using (var call = s.Autograd.UploadTensor())
        {
            await call.RequestStream.WriteAsync(new Wire.UploadTensorRequest { Opening = Opening(s, 1, Count * 4, Count) });
            await EventuallyAsync(async () => (await s.UsageAsync()).Bytes > 0);
        }
        await EventuallyAsync(async () => (await s.UsageAsync()).Bytes == 0);
        await s.OnesAsync(1);
    }

    [Fact]
    public async Task An_upload_into_a_session_that_ends_fails_cleanly()
    {
        var s = await fixture.SessionAsync();
        using var call = s.Autograd.UploadTensor();
        await call.RequestStream.WriteAsync(new Wire.UploadTensorRequest { Opening = Opening(s, 1, Count * 4, Count) });
        await EventuallyAsync(async () => (await s.UsageAsync()).Bytes > 0);
        await s.Sessions.DeleteSessionAsync(new Wire.DeleteSessionRequest { SessionId = s.Id });
        await Refusals.OfAsync(StatusCode.NotFound, "SESSION_EXPIRED", async () =>
        {
            await call.RequestStream.WriteAsync(new Wire.UploadTensorRequest { Chunk = Chunks(Values(), 50_000).First() });
            await call.ResponseAsync;
        });
    }

    [Fact]
    public async Task Bools_are_checked_in_chunks_too()
    {
        var s = await fixture.SessionAsync();
        var opening = Opening(s, 1, 2, 2);
        opening.Header.Dtype = Wire.DataType.Bool;
        var chunk = new Wire.TensorChunk { Data = ByteString.CopyFrom(1, 2), Crc32C = Castagnoli([1, 2]) };
        await Refusals.OfFieldAsync("INVALID_FIELD", "chunk.data", () => UploadAsync(s, opening, [chunk]));
    }

    internal static async Task EventuallyAsync(Func<Task<bool>> condition)
    {
        for (int i = 0; i < 500; i++)
        {
            if (await condition()) return;
            await Task.Delay(10);
        }
        Assert.Fail("it did not come to pass within five seconds");
    }

    private static float[] Values() => [.. Enumerable.Range(0, Count).Select(i => i * 0.5f)];

    private static Wire.UploadOpening Opening(TestSession s, ulong handle, int bytes, params long[] shape) =>
        new() { SessionId = s.Id, Out = handle, Header = new Wire.TensorHeader { Dtype = Wire.DataType.Float32, Shape = { shape }, TotalBytes = (ulong)bytes } };

    private static IEnumerable<Wire.TensorChunk> Chunks(float[] values, int size)
    {
        var bytes = MemoryMarshal.AsBytes<float>(values).ToArray();
        for (int offset = 0; offset < bytes.Length; offset += size)
        {
            var data = bytes.AsSpan(offset, Math.Min(size, bytes.Length - offset));
            yield return new Wire.TensorChunk { Offset = (ulong)offset, Data = ByteString.CopyFrom(data), Crc32C = Castagnoli(data) };
        }
    }

    // Bit by bit, from the polynomial: slow, and not how the server does it.
    internal static uint Castagnoli(ReadOnlySpan<byte> bytes)
    {
        uint crc = ~0u;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int i = 0; i < 8; i++) crc = crc >> 1 ^ (0x82F63B78u & (uint)-(int)(crc & 1));
        }
        return ~crc;
    }

    private static Task<Wire.UploadTensorResponse> UploadAsync(TestSession s, Wire.UploadOpening opening, IEnumerable<Wire.TensorChunk> chunks) =>
        SendAsync(s, [new Wire.UploadTensorRequest { Opening = opening }, .. chunks.Select(c => new Wire.UploadTensorRequest { Chunk = c })]);

    private static async Task<Wire.UploadTensorResponse> SendAsync(TestSession s, IEnumerable<Wire.UploadTensorRequest> parts)
    {
        using var call = s.Autograd.UploadTensor();
        try
        {
            foreach (var part in parts) await call.RequestStream.WriteAsync(part);
            await call.RequestStream.CompleteAsync();
        }
        catch (Exception e) when (e is RpcException or InvalidOperationException)
        {
            // The server ended the call while we wrote; its answer says why.
        }
        return await call.ResponseAsync;
    }

    private static async Task<(Wire.TensorHeader? Header, byte[] Bytes, List<int> Lengths)> DownloadAsync(TestSession s, Wire.DownloadTensorRequest request)
    {
        using var call = s.Autograd.DownloadTensor(request);
        Assert.True(await call.ResponseStream.MoveNext());
        var header = call.ResponseStream.Current.Opening.Header;
        var bytes = new MemoryStream();
        var lengths = new List<int>();
        while (await call.ResponseStream.MoveNext())
        {
            var chunk = call.ResponseStream.Current.Chunk;
            Assert.Equal(request.StartOffset + (ulong)bytes.Length, chunk.Offset);
            Assert.Equal(Castagnoli(chunk.Data.Span), chunk.Crc32C);
            chunk.Data.WriteTo(bytes);
            lengths.Add(chunk.Data.Length);
        }
        return (header, bytes.ToArray(), lengths);
    }
}
