using System.Buffers;
using AutogradService.Server.Errors;
using Google.Protobuf;
using Grpc.Core;

namespace AutogradService.Server.Calls;

/// <summary>
/// A message of an upload, as it was received: the opening parsed, a chunk's bytes where they are in a pooled buffer, so that a megabyte
/// of tensor costs no megabyte of garbage. Reads what UploadTensorRequest describes.
/// </summary>
internal sealed class UploadPart : IDisposable
{
    private byte[]? _buffer;
    private int _dataStart;
    private int _dataLength;

    private UploadPart(byte[] buffer) => _buffer = buffer;

    /// <summary>The opening; null if this is a chunk.</summary>
    public Wire.UploadOpening? Opening { get; private set; }

    /// <summary>Whether this is a chunk.</summary>
    public bool IsChunk { get; private set; }

    /// <summary>Where the chunk's data starts within the tensor's bytes.</summary>
    public ulong Offset { get; private set; }

    /// <summary>The chunk's checksum, as the client computed it.</summary>
    public uint Crc32C { get; private set; }

    /// <summary>The chunk's data.</summary>
    public ReadOnlySpan<byte> Data => _buffer.AsSpan(_dataStart, _dataLength);

    /// <summary>Reads a message.</summary>
    /// <exception cref="InvalidProtocolBufferException">The opening is malformed.</exception>
    /// <exception cref="Refusal">MALFORMED_MESSAGE.</exception>
    public static UploadPart Read(DeserializationContext context)
    {
        var payload = context.PayloadAsReadOnlySequence();
        int length = (int)payload.Length;
        var part = new UploadPart(LargeBuffers.Rent(length));
        try
        {
            payload.CopyTo(part._buffer);
            part.ReadMessage(length);
            return part;
        }
        catch
        {
            part.Dispose();
            throw;
        }
    }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer) LargeBuffers.Return(buffer);
    }

    private void ReadMessage(int length)
    {
        var fields = new FieldReader(_buffer.AsSpan(0, length), 0);
        while (fields.Next(out int number))
        {
            switch (number)
            {
                case Wire.UploadTensorRequest.OpeningFieldNumber:
                    var (start, count) = fields.Bytes();
                    Opening = Wire.UploadOpening.Parser.ParseFrom(_buffer.AsSpan(start, count));
                    IsChunk = false;
                    break;
                case Wire.UploadTensorRequest.ChunkFieldNumber:
                    (start, count) = fields.Bytes();
                    Opening = null;
                    IsChunk = true;
                    ReadChunk(start, count);
                    break;
                default:
                    fields.Skip();
                    break;
            }
        }
    }

    private void ReadChunk(int start, int count)
    {
        var fields = new FieldReader(_buffer.AsSpan(0, start + count), start);
        while (fields.Next(out int number))
        {
            switch (number)
            {
                case Wire.TensorChunk.OffsetFieldNumber: Offset = fields.Varint(); break;
                case Wire.TensorChunk.Crc32CFieldNumber: Crc32C = fields.Fixed32(); break;
                case Wire.TensorChunk.DataFieldNumber: (_dataStart, _dataLength) = fields.Bytes(); break;
                default: fields.Skip(); break;
            }
        }
    }
}
