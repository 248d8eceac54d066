using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace AutogradService.Fuzz.Mutation;

/// <summary>Changes a serialised message: its bytes, its protobuf structure, or the values of its fields.</summary>
internal static class Mutator
{
    // Larger ones are refused unread.
    private const int LargestBytes = 3 << 20;

    /// <summary>A changed copy.</summary>
    /// <param name="message">The message.</param>
    /// <param name="type">What it is meant to be.</param>
    /// <param name="others">Messages to take pieces from.</param>
    /// <param name="random">Decides.</param>
    public static byte[] Mutate(byte[] message, MessageDescriptor type, IReadOnlyList<byte[]> others, Random random)
    {
        int rounds = 1 + random.Next(3);
        for (int i = 0; i < rounds; i++)
            message = random.Next(5) switch
            {
                0 => ChangeBytes(message, others, random),
                1 or 2 => ChangeStructure(message, others, random),
                _ => ChangeValues(message, type, random),
            };
        return message;
    }

    /// <summary>The message with some field changed.</summary>
    public static Wire.Command ChangeValues(Wire.Command command, Random random)
    {
        Change(command, random, 0);
        return command;
    }

    private static byte[] ChangeBytes(byte[] message, IReadOnlyList<byte[]> others, Random random)
    {
        var bytes = message.ToList();
        int at = random.Next(bytes.Count + 1), count = Math.Min(random.Next(1, 9), bytes.Count - at);
        switch (random.Next(7))
        {
            case 0 when count > 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            case 1 when count > 0: bytes[at] = (byte)random.Next(256); break;
            case 2: bytes.RemoveRange(at, bytes.Count - at); break;
            case 3: bytes.RemoveRange(at, count); break;
            case 4: bytes.InsertRange(at, Values.Bytes(random)); break;
            case 5: bytes.InsertRange(at, bytes.GetRange(at, count)); break;
            case 6:
                byte[] other = others[random.Next(others.Count)];
                bytes.InsertRange(at, other.AsSpan(random.Next(other.Length + 1)));
                break;
        }
        return [.. bytes];
    }

    private static byte[] ChangeStructure(byte[] message, IReadOnlyList<byte[]> others, Random random)
    {
        if (!WireField.TryRead(message, 0, out var root)) return ChangeBytes(message, others, random);
        var lists = new List<List<WireField>>();
        Collect(root, lists);
        var list = lists[random.Next(lists.Count)];
        if (list.Count == 0)
        {
            list.Add(new WireField { Tag = Values.Number(random), Number = Values.Number(random), Bytes = Values.Bytes(random) });
            return WireField.Write(root);
        }
        int at = random.Next(list.Count);
        var field = list[at];
        switch (random.Next(15))
        {
            case 0: list.Insert(at, field); break;
            case 1: list.RemoveAt(at); break;
            case 2: (list[0], list[at]) = (list[at], list[0]); break;
            case 3: field.Type = random.Next(8); break;
            case 4: field.Tag = (ulong)random.Next(1, 40) << 3 | (uint)field.Type; break;
            case 5: field.Tag = Values.Number(random); break;
            case 6: field.ToldLength = Values.Number(random); break;
            case 7: field.ToldLength = (ulong)Math.Max(0, WireField.Write(field.Children ?? []).Length + field.Bytes.Length + random.Next(-3, 4)); break;
            case 8: field.VarintBytes = random.Next(2, 13); break;
            case 9: field.Number = Values.Number(random); break;
            case 10:
                field.Children = null;
                field.Bytes = Values.Bytes(random);
                break;
            case 11: Nest(list, at, random.Next(2) == 0 ? random.Next(2, 120) : 3000); break;
            case 12: list.InsertRange(at, Enumerable.Repeat(field, Math.Min(random.Next(2, 1200), LargestBytes / (WireField.Write([field]).Length + 1)))); break;
            case 13: list[at] = lists[random.Next(lists.Count)] is { Count: > 0 } from ? Copy(from[random.Next(from.Count)]) : field; break;
            case 14 when WireField.TryRead(others[random.Next(others.Count)], 0, out var donor) && donor.Count > 0: list.Insert(at, donor[random.Next(donor.Count)]); break;
        }
        return WireField.Write(root) is { Length: < LargestBytes } written ? written : message;
    }

    private static void Collect(List<WireField> list, List<List<WireField>> into)
    {
        into.Add(list);
        foreach (var field in list)
            if (field.Children is { } children) Collect(children, into);
    }

    // A field that is moved into itself must not hold itself.
    private static WireField Copy(WireField field) => WireField.TryRead(WireField.Write([field]), 0, out var copy) && copy.Count > 0 ? copy[0] : field;

    // Bytes rather than a tree of so many levels, which would overflow the writer's own stack.
    private static void Nest(List<WireField> list, int at, int levels)
    {
        var field = list[at];
        byte[] bytes = WireField.Write([field]);
        for (int i = 0; i < levels && bytes.Length < 1 << 18; i++) bytes = WireField.Write([new WireField { Tag = field.Tag & ~7UL | 2, Bytes = bytes }]);
        list[at] = new WireField { Tag = field.Tag & ~7UL | 2, Bytes = bytes };
    }

    private static byte[] ChangeValues(byte[] bytes, MessageDescriptor type, Random random)
    {
        IMessage message;
        try
        {
            message = type.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            return bytes;
        }
        for (int changes = 1 + random.Next(2); changes > 0; changes--) Change(message, random, 0);
        byte[] written = message.ToByteArray();
        return written.Length < LargestBytes ? written : bytes;
    }

    private static void Change(IMessage message, Random random, int depth)
    {
        var fields = message.Descriptor.Fields.InDeclarationOrder();
        if (fields.Count == 0) return;
        // Rather one that is there: most of an empty oneof leads nowhere.
        var present = fields.Where(f => f.IsRepeated ? ((IList)f.Accessor.GetValue(message)).Count > 0 : f.HasPresence ? f.Accessor.HasValue(message) : true).ToList();
        var field = present.Count > 0 && random.Next(5) > 0 ? present[random.Next(present.Count)] : fields[random.Next(fields.Count)];
        if (field.IsMap) return;
        if (field.IsRepeated)
        {
            ChangeList((IList)field.Accessor.GetValue(message), field, random, depth);
            return;
        }
        if (field.FieldType == FieldType.Message)
        {
            if (field.Accessor.GetValue(message) is IMessage child && random.Next(8) > 0) Change(child, random, depth + 1);
            else if (random.Next(3) == 0) field.Accessor.Clear(message);
            else field.Accessor.SetValue(message, Fresh(field, random, depth));
            return;
        }
        field.Accessor.SetValue(message, Fresh(field, random, depth));
    }

    private static void ChangeList(IList list, FieldDescriptor field, Random random, int depth)
    {
        switch (random.Next(5))
        {
            case 0 when list.Count > 0: list.RemoveAt(random.Next(list.Count)); break;
            case 1 when list.Count > 0:
                for (int n = random.Next(8) == 0 ? 1500 : 1; n > 0 && list.Count < 3000; n--) list.Add(list[random.Next(list.Count)]);
                break;
            case 2: list.Insert(random.Next(list.Count + 1), Fresh(field, random, depth)); break;
            case > 2 when list.Count > 0:
                int at = random.Next(list.Count);
                if (list[at] is IMessage child) Change(child, random, depth + 1);
                else list[at] = Fresh(field, random, depth);
                break;
            default: list.Add(Fresh(field, random, depth)); break;
        }
    }

    private static object Fresh(FieldDescriptor field, Random random, int depth)
    {
        switch (field.FieldType)
        {
            case FieldType.Double: return Values.Real(random);
            case FieldType.Float: return (float)Values.Real(random);
            case FieldType.Bool: return random.Next(2) == 0;
            case FieldType.String: return Values.Text(random);
            case FieldType.Bytes: return ByteString.CopyFrom(Values.Bytes(random));
            case FieldType.UInt64 or FieldType.Fixed64: return Values.Number(random);
            case FieldType.UInt32 or FieldType.Fixed32: return (uint)Values.Number(random);
            case FieldType.Int64 or FieldType.SInt64 or FieldType.SFixed64: return Values.Signed(random);
            case FieldType.Int32 or FieldType.SInt32 or FieldType.SFixed32: return (int)Values.Signed(random);
            case FieldType.Enum: return random.Next(5) == 0 ? (int)Values.Signed(random) : random.Next(0, 13);
            default:
                var message = field.MessageType.Parser.ParseFrom(ReadOnlySpan<byte>.Empty.ToArray());
                for (int i = random.Next(4); i > 0 && depth < 20; i--) Change(message, random, depth + 1);
                return message;
        }
    }
}
