using System.Buffers;
using AutogradService.Server.Calls;
using Google.Protobuf;
using Grpc.Core;

namespace AutogradService.Server.Functions;

/// <summary>A message on its way out, in a pooled buffer that grows; given back once it is written. One that never is, is garbage and no leak.</summary>
internal sealed class PooledBytes : IDisposable
{
    private byte[] _buffer;

    public PooledBytes(int capacity) => _buffer = LargeBuffers.Rent(capacity);

    /// <summary>How such messages are sent.</summary>
    public static Marshaller<PooledBytes> Marshaller { get; } = new(
        static (message, context) =>
        {
            context.SetPayloadLength(message.Length);
            context.GetBufferWriter().Write(message._buffer.AsSpan(0, message.Length));
            context.Complete();
            message.Dispose();
        },
        static _ => throw new NotSupportedException("responses are only sent"));

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>Adds bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Room(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>Adds the head of a field that is a message or bytes.</summary>
    /// <param name="field">Its number.</param>
    /// <param name="length">Bytes that follow.</param>
    public void AddHead(int field, int length)
    {
        var room = Room(6);
        room[0] = (byte)(field << 3 | 2);
        Length += 1 + Varint.Write(room[1..], length);
    }

    /// <summary>Adds a field that is a message.</summary>
    public void Add(int field, IMessage message)
    {
        int size = message.CalculateSize();
        AddHead(field, size);
        message.WriteTo(Room(size)[..size]);
        Length += size;
    }

    /// <summary>Adds a field that is a double.</summary>
    public void Add(int field, double value)
    {
        var room = Room(9);
        room[0] = (byte)(field << 3 | 1);
        System.Buffers.Binary.BinaryPrimitives.WriteDoubleLittleEndian(room[1..], value);
        Length += 9;
    }

    public void Dispose()
    {
        var buffer = Interlocked.Exchange(ref _buffer, []);
        if (buffer.Length > 0) LargeBuffers.Return(buffer);
    }

    private Span<byte> Room(int bytes)
    {
        int needed = Length + bytes;
        if (needed > _buffer.Length)
        {
            var larger = LargeBuffers.Rent(Math.Max(needed, 2 * _buffer.Length));
            _buffer.AsSpan(0, Length).CopyTo(larger);
            LargeBuffers.Return(_buffer);
            _buffer = larger;
        }
        return _buffer.AsSpan(Length);
    }
}
