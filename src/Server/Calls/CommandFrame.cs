using System.Buffers;
using Grpc.Core;

namespace AutogradService.Server.Calls;

/// <summary>A frame of commands as it was received, in a pooled buffer.</summary>
internal sealed class CommandFrame : IDisposable
{
    private byte[]? _buffer;

    private CommandFrame(byte[] buffer, int length)
    {
        _buffer = buffer;
        Length = length;
    }

    /// <summary>How frames are read.</summary>
    public static Marshaller<CommandFrame> Marshaller { get; } = Marshalling.Received(static context =>
    {
        var payload = context.PayloadAsReadOnlySequence();
        var frame = new CommandFrame(LargeBuffers.Rent((int)payload.Length), (int)payload.Length);
        payload.CopyTo(frame._buffer);
        return frame;
    });

    /// <summary>Bytes of the message: what credit counts.</summary>
    public int Length { get; }

    /// <summary>The message.</summary>
    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, Length);

    /// <summary>Gives the buffer back.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer) LargeBuffers.Return(buffer);
    }

    /// <summary>Reads the commands, which may be used until this is disposed.</summary>
    /// <exception cref="Errors.Refusal">MALFORMED_MESSAGE.</exception>
    public void ReadInto(FrameReader reader, int most)
    {
        try
        {
            reader.Read(Bytes, most);
        }
        catch (Google.Protobuf.InvalidProtocolBufferException e)
        {
            throw Errors.Refusal.Malformed(e.Message);
        }
    }
}
