using System.Buffers;
using System.Buffers.Binary;
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
        var part = new UploadPart(ArrayPool<byte>.Shared.Rent(Math.Max(length, 1)));
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
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer) ArrayPool<byte>.Shared.Return(buffer);
    }

    private void ReadMessage(int length)
    {
        var fields = new FieldReader(_buffer, 0, length);
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
        var fields = new FieldReader(_buffer, start, count);
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

    /// <summary>The fields of a protobuf message, one after the other.</summary>
    private ref struct FieldReader(byte[]? buffer, int start, int length)
    {
        private readonly ReadOnlySpan<byte> _bytes = buffer.AsSpan(0, start + length);
        private int _position = start;
        private int _wireType;

        public bool Next(out int number)
        {
            number = 0;
            if (_position == _bytes.Length) return false;
            ulong tag = ReadVarint();
            _wireType = (int)(tag & 7);
            number = tag is >= 8 and <= uint.MaxValue ? (int)(tag >> 3) : throw Refusal.Malformed("a field has no number");
            return true;
        }

        public ulong Varint() => Expect(0) ? ReadVarint() : 0;

        public uint Fixed32() => Expect(5) ? BinaryPrimitives.ReadUInt32LittleEndian(_bytes.Slice(Advance(4), 4)) : 0;

        public (int Start, int Count) Bytes()
        {
            Expect(2);
            int count = checked((int)Math.Min(ReadVarint(), int.MaxValue));
            return (Advance(count), count);
        }

        public void Skip()
        {
            switch (_wireType)
            {
                case 0: ReadVarint(); break;
                case 1: Advance(8); break;
                case 2: Bytes(); break;
                case 5: Advance(4); break;
                default: throw Refusal.Malformed("a field of an unknown kind");
            }
        }

        private readonly bool Expect(int wireType) => _wireType == wireType ? true : throw Refusal.Malformed("a field of another kind than declared");

        private int Advance(int count)
        {
            if (count > _bytes.Length - _position) throw Refusal.Malformed("it ends within a field");
            int at = _position;
            _position += count;
            return at;
        }

        private ulong ReadVarint()
        {
            ulong value = 0;
            for (int shift = 0; shift < 64; shift += 7)
            {
                byte b = _bytes[Advance(1)];
                value |= (ulong)(b & 0x7f) << shift;
                if (b < 0x80) return value;
            }
            throw Refusal.Malformed("a number that does not end");
        }
    }
}
