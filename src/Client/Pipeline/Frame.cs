using Google.Protobuf;
using Grpc.Core;

namespace AutogradService.Client;

/// <summary>
/// Commands on their way, as the bytes of an ExecuteRequest; a RunCommandsRequest has the same layout. Commands are written into it as they are
/// given, so that nothing of them is kept.
/// </summary>
internal sealed class Frame
{
    private const int BytesKeptMax = 1 << 20;
    private const byte SessionTag = 1 << 3 | 2;
    private const byte CommandTag = 3 << 3 | 2;
    private byte[] _bytes = new byte[4096];

    /// <summary>How frames are sent.</summary>
    public static Marshaller<Frame> Marshaller { get; } = new(
        static (frame, context) =>
        {
            context.SetPayloadLength(frame.Length);
            var writer = context.GetBufferWriter();
            frame.Bytes.CopyTo(writer.GetSpan(frame.Length));
            writer.Advance(frame.Length);
            context.Complete();
        },
        static _ => throw new NotSupportedException("frames are only sent"));

    /// <summary>Bytes of the message.</summary>
    public int Length { get; private set; }

    /// <summary>Commands in it.</summary>
    public int Commands { get; private set; }

    /// <summary>Bytes of the commands and their headers.</summary>
    public int CommandBytes { get; private set; }

    /// <summary>The message.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, Length);

    /// <summary>Empties the frame.</summary>
    public void Clear()
    {
        Length = Commands = CommandBytes = 0;
        if (_bytes.Length > BytesKeptMax) _bytes = new byte[4096];
    }

    /// <summary>Names the session.</summary>
    public void AppendSession(string sessionId)
    {
        var id = System.Text.Encoding.ASCII.GetBytes(sessionId);
        Header(SessionTag, id.Length);
        id.CopyTo(_bytes.AsSpan(Length));
        Length += id.Length;
    }

    /// <summary>Adds a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="size">Its size.</param>
    /// <returns>Bytes added.</returns>
    public int Append(Wire.Command command, int size)
    {
        int before = Length;
        Header(CommandTag, size);
        command.WriteTo(_bytes.AsSpan(Length, size));
        Length += size;
        Commands++;
        CommandBytes += Length - before;
        return Length - before;
    }

    private void Header(byte tag, int size)
    {
        int needed = Length + size + 6;
        if (_bytes.Length < needed) Array.Resize(ref _bytes, Math.Max(needed, 2 * _bytes.Length));
        _bytes[Length++] = tag;
        uint rest = (uint)size;
        for (; rest >= 0x80; rest >>= 7) _bytes[Length++] = (byte)(rest | 0x80);
        _bytes[Length++] = (byte)rest;
    }
}
