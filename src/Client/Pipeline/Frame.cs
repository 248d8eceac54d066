using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
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
    private const byte ReceivedTag = Wire.ExecuteRequest.ReceivedSeqFieldNumber << 3;
    private const byte SpanTag = Wire.ExecuteRequest.TraceparentFieldNumber << 3 | 2;
    // Every field of a flat op at its longest; lengths up to here take one byte.
    private const int FlatBytesMax = 96;
    private byte[] _bytes = new byte[4096];
    private int _length;

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
    public int Length { get => _length; private set => _length = value; }

    /// <summary>Number of its last command; 0: it has none.</summary>
    public ulong LastSeq { get; set; }

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
        LastSeq = 0;
        if (_bytes.Length > BytesKeptMax) _bytes = new byte[4096];
    }

    /// <summary>Names the session.</summary>
    public void AppendSession(string sessionId) => AppendText(SessionTag, sessionId);

    /// <summary>Tells up to which number all answers have been received.</summary>
    public void AppendReceived(ulong seq)
    {
        if (seq == 0) return;
        Reserve(11);
        _bytes[Length++] = ReceivedTag;
        Varint(_bytes, ref _length, seq);
    }

    /// <summary>Names the span that the frame belongs to.</summary>
    public void AppendSpan(string traceparent) => AppendText(SpanTag, traceparent);

    /// <summary>The size of a command; of an op in the common shape, a bound that is not computed.</summary>
    public static int SizeOf(Wire.Command command) => IsFlat(command) ? FlatBytesMax : command.CalculateSize();

    /// <summary>Adds a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="size">What <see cref="SizeOf"/> says.</param>
    /// <returns>Bytes added.</returns>
    public int Append(Wire.Command command, int size)
    {
        int before = Length;
        if (IsFlat(command))
        {
            Reserve(FlatBytesMax + 2);
            Length += WriteFlat(_bytes.AsSpan(Length), command);
        }
        else
        {
            Header(CommandTag, size);
            command.WriteTo(_bytes.AsSpan(Length, size));
            Length += size;
        }
        Commands++;
        CommandBytes += Length - before;
        return Length - before;
    }

    /// <summary>Adds a command that releases handles.</summary>
    /// <param name="seq">Its number.</param>
    /// <param name="handles">At least one.</param>
    /// <returns>Bytes added.</returns>
    public int AppendRelease(ulong seq, ReadOnlySpan<ulong> handles)
    {
        int packed = 0;
        foreach (ulong handle in handles) packed += VarintSize(handle);
        int release = 1 + VarintSize((uint)packed) + packed;
        int command = (seq == 0 ? 0 : 1 + VarintSize(seq)) + 1 + VarintSize((uint)release) + release;
        int before = Length;
        Header(CommandTag, command);
        var bytes = _bytes.AsSpan(Length, command);
        int at = 0;
        Number(bytes, ref at, Wire.Command.SeqFieldNumber, seq);
        bytes[at++] = Wire.Command.ReleaseTensorsFieldNumber << 3 | 2;
        Varint(bytes, ref at, (uint)release);
        bytes[at++] = Wire.ReleaseTensors.HandlesFieldNumber << 3 | 2;
        Varint(bytes, ref at, (uint)packed);
        foreach (ulong handle in handles) Varint(bytes, ref at, handle);
        Length += command;
        Commands++;
        CommandBytes += Length - before;
        return Length - before;
    }

    private void AppendText(byte tag, string text)
    {
        Header(tag, text.Length);
        Length += System.Text.Encoding.ASCII.GetBytes(text, _bytes.AsSpan(Length));
    }

    private static int VarintSize(ulong value) => (9 * BitOperations.Log2(value | 1) + 73) / 64;

    private void Header(byte tag, int size)
    {
        Reserve(size + 6);
        _bytes[Length++] = tag;
        uint rest = (uint)size;
        for (; rest >= 0x80; rest >>= 7) _bytes[Length++] = (byte)(rest | 0x80);
        _bytes[Length++] = (byte)rest;
    }

    private void Reserve(int bytes)
    {
        int needed = Length + bytes;
        if (_bytes.Length < needed) Array.Resize(ref _bytes, Math.Max(needed, 2 * _bytes.Length));
    }

    private static bool IsFlat(Wire.Command command) =>
        command.ActionCase == Wire.Command.ActionOneofCase.ApplyOp && command.ApplyOp is { Extra: null, Op.Length: 0 };

    // The bytes that the generated code would write, without asking for their number first.
    private static int WriteFlat(Span<byte> bytes, Wire.Command command)
    {
        var call = command.ApplyOp;
        bytes[0] = CommandTag;
        int at = 2;
        Number(bytes, ref at, Wire.Command.SeqFieldNumber, command.Seq);
        Flag(bytes, ref at, Wire.Command.WantResultFieldNumber, command.WantResult);
        Flag(bytes, ref at, Wire.Command.NoGradFieldNumber, command.NoGrad);
        bytes[at] = Wire.Command.ApplyOpFieldNumber << 3 | 2;
        int start = at += 2;
        Number(bytes, ref at, Wire.ApplyOp.OpIdFieldNumber, call.OpId);
        Number(bytes, ref at, Wire.ApplyOp.AFieldNumber, call.A);
        Number(bytes, ref at, Wire.ApplyOp.BFieldNumber, call.B);
        if (call.HasScalar)
        {
            bytes[at++] = Wire.ApplyOp.ScalarFieldNumber << 3 | 1;
            BinaryPrimitives.WriteDoubleLittleEndian(bytes[at..], call.Scalar);
            at += sizeof(double);
        }
        if (call.HasIntegerScalar)
        {
            bytes[at++] = Wire.ApplyOp.IntegerScalarFieldNumber << 3;
            long value = call.IntegerScalar;
            Varint(bytes, ref at, (ulong)(value << 1 ^ value >> 63));
        }
        if (call.HasBoolScalar)
        {
            bytes[at++] = Wire.ApplyOp.BoolScalarFieldNumber << 3;
            bytes[at++] = call.BoolScalar ? (byte)1 : (byte)0;
        }
        Number(bytes, ref at, Wire.ApplyOp.OutFieldNumber, call.Out);
        Flag(bytes, ref at, Wire.ApplyOp.InPlaceFieldNumber, call.InPlace);
        bytes[start - 1] = (byte)(at - start);
        Flag(bytes, ref at, Wire.Command.InferenceModeFieldNumber, command.InferenceMode);
        bytes[1] = (byte)(at - 2);
        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Number(Span<byte> bytes, ref int at, int field, ulong value)
    {
        if (value == 0) return;
        bytes[at++] = (byte)(field << 3);
        Varint(bytes, ref at, value);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Flag(Span<byte> bytes, ref int at, int field, bool value)
    {
        if (!value) return;
        bytes[at++] = (byte)(field << 3);
        bytes[at++] = 1;
    }

    private static void Varint(Span<byte> bytes, ref int at, ulong value)
    {
        for (; value >= 0x80; value >>= 7) bytes[at++] = (byte)(value | 0x80);
        bytes[at++] = (byte)value;
    }
}
