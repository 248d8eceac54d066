using System.Diagnostics.CodeAnalysis;

namespace AutogradService.Fuzz.Mutation;

/// <summary>A field of a protobuf message as it lies in the bytes: no descriptor is asked, so that what contradicts it can be made.</summary>
internal sealed class WireField
{
    public ulong Tag { get; set; }

    public int Type
    {
        get => (int)(Tag & 7);
        set => Tag = Tag & ~7UL | (uint)value;
    }

    /// <summary>The number of a varint or fixed field.</summary>
    public ulong Number { get; set; }

    /// <summary>The bytes of a length-delimited field that is no message.</summary>
    public byte[] Bytes { get; set; } = [];

    /// <summary>The fields of one that looks like a message.</summary>
    public List<WireField>? Children { get; set; }

    /// <summary>What the length is told to be, if that is a lie.</summary>
    public ulong? ToldLength { get; set; }

    /// <summary>Bytes to which varints are stretched with superfluous groups; 0: none.</summary>
    public int VarintBytes { get; set; }

    /// <summary>Reads fields; fails where the bytes are none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, int depth, [NotNullWhen(true)] out List<WireField>? fields)
    {
        fields = [];
        int at = 0;
        while (at < bytes.Length)
        {
            if (!TryReadVarint(bytes, ref at, out ulong tag) || tag >> 3 is 0 or > 536_870_911) return false;
            var field = new WireField { Tag = tag };
            switch (tag & 7)
            {
                case 0:
                    if (!TryReadVarint(bytes, ref at, out ulong number)) return false;
                    field.Number = number;
                    break;
                case 1 or 5:
                    int size = (tag & 7) == 1 ? 8 : 4;
                    if (bytes.Length - at < size) return false;
                    for (int i = 0; i < size; i++) field.Number |= (ulong)bytes[at++] << 8 * i;
                    break;
                case 2:
                    if (!TryReadVarint(bytes, ref at, out ulong length) || length > (ulong)(bytes.Length - at)) return false;
                    var content = bytes.Slice(at, (int)length);
                    at += (int)length;
                    if (depth < 12 && content.Length > 0 && TryRead(content, depth + 1, out var children)) field.Children = children;
                    else field.Bytes = content.ToArray();
                    break;
                default: return false;
            }
            fields.Add(field);
        }
        return true;
    }

    /// <summary>Writes fields.</summary>
    public static byte[] Write(IEnumerable<WireField> fields)
    {
        using var into = new MemoryStream();
        foreach (var field in fields) field.WriteTo(into);
        return into.ToArray();
    }

    private void WriteTo(MemoryStream into)
    {
        WriteVarint(into, Tag, 0);
        switch (Type)
        {
            case 0: WriteVarint(into, Number, VarintBytes); break;
            case 1: into.Write(BitConverter.GetBytes(Number)); break;
            case 5: into.Write(BitConverter.GetBytes((uint)Number)); break;
            case 2:
                byte[] content = Children is null ? Bytes : Write(Children);
                WriteVarint(into, ToldLength ?? (ulong)content.Length, VarintBytes);
                into.Write(content);
                break;
            default: // Groups and what is not defined: the content follows as it is.
                into.Write(Children is null ? Bytes : Write(Children));
                break;
        }
    }

    private static void WriteVarint(MemoryStream into, ulong value, int bytesMin)
    {
        int written = 1;
        for (; value >= 0x80 || written < bytesMin; written++)
        {
            into.WriteByte((byte)(value | 0x80));
            value >>= 7;
        }
        into.WriteByte((byte)value);
    }

    private static bool TryReadVarint(ReadOnlySpan<byte> bytes, ref int at, out ulong value)
    {
        value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            if (at >= bytes.Length) return false;
            byte b = bytes[at++];
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80) return true;
        }
        return false;
    }
}
