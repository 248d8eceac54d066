using System.Buffers.Binary;
using AutogradService.Server.Errors;

namespace AutogradService.Server.Calls;

/// <summary>The fields of a protobuf message, one after the other, where they are: positions are those within the bytes given.</summary>
/// <param name="bytes">Bytes up to the message's end.</param>
/// <param name="start">Where the message starts.</param>
internal ref struct FieldReader(ReadOnlySpan<byte> bytes, int start)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _position = start;
    private int _wireType;

    /// <summary>Goes to the next field.</summary>
    /// <returns>False if there is none.</returns>
    /// <exception cref="Refusal">MALFORMED_MESSAGE; so do all methods.</exception>
    public bool Next(out int number)
    {
        number = 0;
        if (_position == _bytes.Length) return false;
        ulong tag = ReadVarint();
        _wireType = (int)(tag & 7);
        number = tag is >= 8 and <= uint.MaxValue ? (int)(tag >> 3) : throw Refusal.Malformed("a field has no number");
        return true;
    }

    /// <summary>The field's number.</summary>
    public ulong Varint() => Expect(0) ? ReadVarint() : 0;

    /// <summary>The field's four bytes.</summary>
    public uint Fixed32() => Expect(5) ? BinaryPrimitives.ReadUInt32LittleEndian(_bytes.Slice(Advance(4), 4)) : 0;

    /// <summary>Where the field's bytes are.</summary>
    public (int Start, int Count) Bytes()
    {
        Expect(2);
        int count = checked((int)Math.Min(ReadVarint(), int.MaxValue));
        return (Advance(count), count);
    }

    /// <summary>Adds the field's numbers, packed or not, to a list.</summary>
    public void Varints(List<ulong> list)
    {
        if (_wireType == 0)
        {
            list.Add(ReadVarint());
            return;
        }
        var (at, count) = Bytes();
        var packed = new FieldReader(_bytes[..(at + count)], at);
        while (packed._position < packed._bytes.Length) list.Add(packed.ReadVarint());
    }

    /// <summary>Passes over the field.</summary>
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
