using System.Buffers;
using AutogradService.Server.Calls;
using Google.Protobuf;
using Grpc.Core;

namespace AutogradService.Server.Functions;

/// <summary>A message on its way out, in a pooled buffer that grows; given back once it is written. One that never is, is garbage and no leak.</summary>
/// <param name="capacity">Bytes to begin with.</param>
/// <param name="charge">The call's charge; null where there is none.</param>
internal sealed class PooledBytes(int capacity, MessageCharge? charge = null) : IDisposable
{
    private byte[] _buffer = LargeBuffers.Rent(capacity);
    private long _charged;

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

    /// <summary>Asks for what is about to be added, of the heap's share for messages; small messages need not ask.</summary>
    /// <exception cref="Errors.Refusal">QUOTA_SERVER_MEMORY.</exception>
    public void Reserve(long bytes)
    {
        long more = Length + bytes - _charged;
        if (charge is null || more <= MessageCharge.SmallBytes) return;
        charge.Make(more);
        _charged += more;
    }

    /// <summary>It is on its way: what it was charged is given back. Who sends only one message need not say so, the end of the call does.</summary>
    public void Sent()
    {
        if (_charged > 0) charge!.Sent(_charged);
        _charged = 0;
    }

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
