using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using AutogradService.Server.Commands;
using Google.Protobuf;

namespace AutogradService.Server.Calls;

/// <summary>
/// The commands of an ExecuteRequest, or of a RunCommandsRequest, which has the same bytes. An ApplyOp in its common shape is read from them by
/// hand, without an object; everything else, and whatever is not exactly as usual, is left to the generated parser, which decides what it means
/// or that it means nothing. So the two cannot disagree about more than the common shape.
/// </summary>
internal sealed class FrameReader : IDisposable
{
    private const byte SessionTag = 1 << 3 | 2;
    private const byte FailFastTag = 2 << 3;
    private const byte CommandTag = 3 << 3 | 2;
    private const byte ReceivedTag = 4 << 3;
    private const byte TraceparentTag = Wire.ExecuteRequest.TraceparentFieldNumber << 3 | 2;

    // Smaller ones are sooner copied.
    private const int LargeBytesMin = 16 << 10;

    private GivenCommand[] _commands = [];
    private int _kept;

    /// <summary>The session that the frame names.</summary>
    public string SessionId { get; private set; } = "";

    /// <summary>The client's span, if the frame names one.</summary>
    public string Traceparent { get; private set; } = "";

    /// <summary>Whether to stop at the first failure.</summary>
    public bool FailFast { get; private set; }

    /// <summary>The number up to which the client has all answers.</summary>
    public ulong ReceivedSeq { get; private set; }

    /// <summary>How many commands there are.</summary>
    public int Count { get; private set; }

    /// <summary>The commands; if there are more than may be, only so many.</summary>
    public ReadOnlySpan<GivenCommand> Commands => _commands.AsSpan(0, _kept);

    /// <summary>Reads a frame.</summary>
    /// <param name="frame">The message. Its bytes must stay as they are while the commands are used: the elements of large tensors are not copied.</param>
    /// <param name="most">Commands to keep.</param>
    /// <exception cref="InvalidProtocolBufferException">It is malformed. Nothing of it may be run.</exception>
    public void Read(ReadOnlyMemory<byte> frame, int most)
    {
        Clear();
        if (TryRead(frame, most)) return;
        Clear();
        var request = Wire.ExecuteRequest.Parser.ParseFrom(frame.Span);
        SessionId = request.SessionId;
        FailFast = request.FailFast;
        ReceivedSeq = request.ReceivedSeq;
        Traceparent = request.Traceparent;
        foreach (var command in request.Commands) Add(new GivenCommand(command), most);
    }

    /// <summary>Gives back what it holds.</summary>
    public void Dispose()
    {
        Clear();
        if (_commands.Length > 0) ArrayPool<GivenCommand>.Shared.Return(_commands);
        _commands = [];
    }

    /// <summary>Reads a command in the common shape.</summary>
    /// <returns>False if it is anything else; then the command is nothing to look at.</returns>
    internal static bool TryReadOp(ReadOnlySpan<byte> bytes, ref GivenCommand command)
    {
        ulong seq = 0;
        bool wantResult = false, noGrad = false, inferenceMode = false;
        ReadOnlySpan<byte> call = default;
        bool isOp = false;
        int at = 0;
        while (at < bytes.Length)
        {
            switch (bytes[at++])
            {
                case Wire.Command.SeqFieldNumber << 3:
                    if (!TryReadNumber(bytes, ref at, out seq)) return false;
                    break;
                case Wire.Command.WantResultFieldNumber << 3:
                    if (!TryReadFlag(bytes, ref at, out wantResult)) return false;
                    break;
                case Wire.Command.NoGradFieldNumber << 3:
                    if (!TryReadFlag(bytes, ref at, out noGrad)) return false;
                    break;
                case Wire.Command.InferenceModeFieldNumber << 3:
                    if (!TryReadFlag(bytes, ref at, out inferenceMode)) return false;
                    break;
                case Wire.Command.ApplyOpFieldNumber << 3 | 2:
                    // One that is there twice is merged from both.
                    if (isOp || !TryReadLength(bytes, ref at, out int length)) return false;
                    call = bytes.Slice(at, length);
                    at += length;
                    isOp = true;
                    break;
                default: return false;
            }
        }
        return isOp && TryReadCall(call, ref command.BecomeOp(seq, wantResult, noGrad, inferenceMode));
    }

    private static bool TryReadCall(ReadOnlySpan<byte> bytes, ref OpCall call)
    {
        ulong op = 0, a = 0, b = 0, output = 0;
        long bits = 0;
        var number = NumberKind.None;
        bool inPlace = false;
        int at = 0;
        while (at < bytes.Length)
        {
            switch (bytes[at++])
            {
                case Wire.ApplyOp.OpIdFieldNumber << 3:
                    if (!TryReadNumber(bytes, ref at, out op) || op > uint.MaxValue) return false;
                    break;
                case Wire.ApplyOp.AFieldNumber << 3:
                    if (!TryReadNumber(bytes, ref at, out a)) return false;
                    break;
                case Wire.ApplyOp.BFieldNumber << 3:
                    if (!TryReadNumber(bytes, ref at, out b)) return false;
                    break;
                case Wire.ApplyOp.ScalarFieldNumber << 3 | 1:
                    if (number is not (NumberKind.None or NumberKind.Float) || bytes.Length - at < sizeof(long)) return false;
                    number = NumberKind.Float;
                    bits = BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);
                    at += sizeof(long);
                    break;
                case Wire.ApplyOp.IntegerScalarFieldNumber << 3:
                    if (number is not (NumberKind.None or NumberKind.Integer) || !TryReadNumber(bytes, ref at, out ulong zigzag)) return false;
                    number = NumberKind.Integer;
                    bits = (long)(zigzag >> 1) ^ -(long)(zigzag & 1);
                    break;
                case Wire.ApplyOp.BoolScalarFieldNumber << 3:
                    if (number is not (NumberKind.None or NumberKind.Bool) || !TryReadFlag(bytes, ref at, out bool truth)) return false;
                    number = NumberKind.Bool;
                    bits = truth ? 1 : 0;
                    break;
                case Wire.ApplyOp.OutFieldNumber << 3:
                    if (!TryReadNumber(bytes, ref at, out output)) return false;
                    break;
                case Wire.ApplyOp.InPlaceFieldNumber << 3:
                    if (!TryReadFlag(bytes, ref at, out inPlace)) return false;
                    break;
                default: return false;
            }
        }
        call.Become((uint)op, a, b, number, bits, output, inPlace);
        return true;
    }

    private bool TryRead(ReadOnlyMemory<byte> message, int most)
    {
        var frame = message.Span;
        int at = 0;
        while (at < frame.Length)
        {
            switch (frame[at++])
            {
                case CommandTag:
                    if (!TryReadLength(frame, ref at, out int length)) return false;
                    var bytes = message.Slice(at, length);
                    at += length;
                    if (Count < most && TryReadOp(bytes.Span, ref NextPlace()))
                    {
                        Count++;
                        _kept++;
                    }
                    else if (TryParse(bytes) is { } parsed) Add(new GivenCommand(parsed), most);
                    else return false;
                    break;
                case FailFastTag:
                    if (!TryReadFlag(frame, ref at, out bool failFast)) return false;
                    FailFast = failFast;
                    break;
                case ReceivedTag:
                    if (!TryReadNumber(frame, ref at, out ulong received)) return false;
                    ReceivedSeq = received;
                    break;
                case SessionTag:
                    if (!TryReadAscii(frame, ref at, out string id)) return false;
                    SessionId = id;
                    break;
                case TraceparentTag:
                    if (!TryReadAscii(frame, ref at, out string traceparent)) return false;
                    Traceparent = traceparent;
                    break;
                default: return false;
            }
        }
        return true;
    }

    // The frame is then parsed as a whole, which says what is wrong with it.
    private static Wire.Command? TryParse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return (bytes.Length >= LargeBytesMin ? ParseAroundElements(bytes) : null) ?? Wire.Command.Parser.ParseFrom(bytes.Span);
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    // The elements of a tensor, which stand last, are by far the most of a large command, and the generated parser would copy them. So it parses what stands before them.
    private static Wire.Command? ParseAroundElements(ReadOnlyMemory<byte> bytes)
    {
        if (!EndsWith(bytes.Span, Wire.Command.CreateTensorFieldNumber, out int head, out int at)) return null;
        var create = bytes[at..];
        if (!EndsWith(create.Span, Wire.CreateTensor.DataFieldNumber, out int createHead, out at)) return null;
        var tensor = create[at..];
        if (!EndsWith(tensor.Span, Wire.TensorData.DataFieldNumber, out int tensorHead, out at)) return null;
        var command = Wire.Command.Parser.ParseFrom(bytes.Span[..head]);
        command.CreateTensor = Wire.CreateTensor.Parser.ParseFrom(create.Span[..createHead]);
        command.CreateTensor.Data = Wire.TensorData.Parser.ParseFrom(tensor.Span[..tensorHead]);
        command.CreateTensor.Data.Data = UnsafeByteOperations.UnsafeWrap(tensor[at..]);
        return command;
    }

    /// <summary>Whether a field with a length is the last of a message and is not there twice, which would have to be merged.</summary>
    private static bool EndsWith(ReadOnlySpan<byte> message, int number, out int head, out int content)
    {
        content = 0;
        int at = 0;
        for (head = 0; at < message.Length; head = at)
        {
            if (!TryReadNumber(message, ref at, out ulong tag)) return false;
            if ((tag & 7) == 0)
            {
                if (!TryReadNumber(message, ref at, out _)) return false;
                continue;
            }
            if ((tag & 7) != 2 || !TryReadLength(message, ref at, out int length)) return false;
            content = at;
            at += length;
            if (tag >> 3 == (ulong)number) return at == message.Length;
        }
        return false;
    }

    private void Add(in GivenCommand command, int most)
    {
        if (Count++ >= most) return;
        NextPlace() = command;
        _kept++;
    }

    private ref GivenCommand NextPlace()
    {
        if (_kept == _commands.Length)
        {
            var larger = ArrayPool<GivenCommand>.Shared.Rent(Math.Max(16, 2 * _kept));
            Commands.CopyTo(larger);
            if (_kept > 0) ArrayPool<GivenCommand>.Shared.Return(_commands, clearArray: true);
            _commands = larger;
        }
        return ref _commands[_kept];
    }

    private void Clear()
    {
        // What others rent must not keep our messages alive.
        _commands.AsSpan(0, _kept).Clear();
        _kept = Count = 0;
        SessionId = Traceparent = "";
        FailFast = false;
        ReceivedSeq = 0;
    }

    private static bool TryReadLength(ReadOnlySpan<byte> bytes, ref int at, out int length)
    {
        bool read = TryReadNumber(bytes, ref at, out ulong value) && value <= (ulong)(bytes.Length - at);
        length = (int)value;
        return read;
    }

    private static bool TryReadAscii(ReadOnlySpan<byte> bytes, ref int at, out string text)
    {
        text = "";
        if (!TryReadLength(bytes, ref at, out int length)) return false;
        var given = bytes.Slice(at, length);
        at += length;
        if (!System.Text.Ascii.IsValid(given)) return false;
        text = System.Text.Encoding.ASCII.GetString(given);
        return true;
    }

    private static bool TryReadFlag(ReadOnlySpan<byte> bytes, ref int at, out bool value)
    {
        value = false;
        if (at >= bytes.Length || bytes[at] > 1) return false;
        value = bytes[at++] != 0;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryReadNumber(ReadOnlySpan<byte> bytes, ref int at, out ulong value)
    {
        if ((uint)at < (uint)bytes.Length && bytes[at] < 0x80)
        {
            value = bytes[at++];
            return true;
        }
        return TryReadLongNumber(bytes, ref at, out value);
    }

    // Numbers of ten bytes are none of ours: the generated parser knows what their last bits mean.
    private static bool TryReadLongNumber(ReadOnlySpan<byte> bytes, ref int at, out ulong value)
    {
        if (bytes.Length - at >= sizeof(ulong))
        {
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]);
            ulong ends = ~word & 0x8080_8080_8080_8080;
            if (ends != 0)
            {
                // What belongs to the number, then groups of 7 bits moved together: pairs, pairs of pairs, both halves.
                word &= (ends ^ (ends - 1)) & 0x7f7f_7f7f_7f7f_7f7f;
                word = word & 0x007f_007f_007f_007f | (word & 0x7f00_7f00_7f00_7f00) >> 1;
                word = word & 0x0000_3fff_0000_3fff | (word & 0x3fff_0000_3fff_0000) >> 2;
                value = word & 0x0000_0000_0fff_ffff | (word & 0x0fff_ffff_0000_0000) >> 4;
                at += (BitOperations.TrailingZeroCount(ends) >> 3) + 1;
                return true;
            }
        }
        value = 0;
        for (int shift = 0; shift < 63; shift += 7)
        {
            if (at >= bytes.Length) return false;
            byte b = bytes[at++];
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80) return true;
        }
        return false;
    }
}
