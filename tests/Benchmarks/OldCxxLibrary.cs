using System.Buffers.Binary;
using System.Text;

namespace AutogradService.Benchmarks;

/// <summary>
/// Makes a shared object that was compiled with GCC 13 load beside the libstdc++ of GCC 12. All that such an object needs anew is
/// std::ios_base_library_init(), by which each translation unit with iostreams makes sure that those are set up. Before GCC 13 the constructor
/// std::ios_base::Init::Init() did just that, without touching its object. So the one name is replaced by the other, which is shorter, and the one version by the
/// other.
/// </summary>
internal static class OldCxxLibrary
{
    private const string NewSymbol = "_ZSt21ios_base_library_initv";
    private const string OldSymbol = "_ZNSt8ios_base4InitC1Ev";
    private const string NewVersion = "GLIBCXX_3.4.32";
    private const string OldVersion = "GLIBCXX_3.4";
    private const uint VersionNeeds = 0x6ffffffe;
    private const uint DynamicSymbols = 11;

    /// <summary>Rewrites the file (ELF, 64 bits, little-endian).</summary>
    /// <returns>Whether there was something to rewrite, and it could be.</returns>
    public static bool Adapt(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        if (file.Length < 64 || !file.AsSpan(0, 6).SequenceEqual<byte>([0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1])) return false;
        var sections = Sections(file);
        bool version = false, symbol = false;
        foreach (var section in sections)
        {
            if (section.Type == VersionNeeds) version |= ReplaceVersion(file, section, sections[section.Link].Offset);
            if (section.Type == DynamicSymbols) symbol |= ReplaceSymbol(file, section, sections[section.Link].Offset);
        }
        if (!version || !symbol) return false;
        // Not over the old file's bytes: it may be mapped.
        string changed = path + ".new";
        File.WriteAllBytes(changed, file);
        File.Move(changed, path, overwrite: true);
        return true;
    }

    private static List<Section> Sections(byte[] file)
    {
        int table = (int)BinaryPrimitives.ReadInt64LittleEndian(file.AsSpan(0x28)), size = Half(file, 0x3a), count = Half(file, 0x3c);
        var sections = new List<Section>();
        for (int i = 0; i < count; i++)
        {
            var header = file.AsSpan(table + i * size);
            sections.Add(new Section(
                BinaryPrimitives.ReadUInt32LittleEndian(header[4..]), (int)BinaryPrimitives.ReadInt64LittleEndian(header[24..]),
                (int)BinaryPrimitives.ReadInt64LittleEndian(header[32..]), BinaryPrimitives.ReadInt32LittleEndian(header[40..])));
        }
        return sections;
    }

    // Each needed library has a list of versions: hash (4 bytes), flags (2), index (2), name (4), distance to the next (4).
    private static bool ReplaceVersion(byte[] file, Section section, int names)
    {
        int newer = 0, older = 0;
        for (int need = section.Offset; ;)
        {
            int entry = need + (int)Word(file, need + 8);
            for (int left = Half(file, need + 2); left > 0; left--)
            {
                string name = Name(file, names + (int)Word(file, entry + 8));
                if (name == NewVersion) newer = entry;
                if (name == OldVersion) older = entry;
                entry += (int)Word(file, entry + 12);
            }
            uint next = Word(file, need + 12);
            if (next == 0) break;
            need += (int)next;
        }
        if (newer == 0 || older == 0) return false;
        file.AsSpan(older, 4).CopyTo(file.AsSpan(newer));
        file.AsSpan(older + 8, 4).CopyTo(file.AsSpan(newer + 8));
        return true;
    }

    private static bool ReplaceSymbol(byte[] file, Section section, int names)
    {
        const int SymbolBytes = 24;
        for (int at = section.Offset; at < section.Offset + section.Size; at += SymbolBytes)
        {
            int name = names + (int)Word(file, at);
            if (Name(file, name) != NewSymbol) continue;
            var place = file.AsSpan(name, NewSymbol.Length);
            place.Clear();
            Encoding.ASCII.GetBytes(OldSymbol, place);
            return true;
        }
        return false;
    }

    private static string Name(byte[] file, int at) => Encoding.ASCII.GetString(file.AsSpan(at, file.AsSpan(at).IndexOf((byte)0)));

    private static uint Word(byte[] file, int at) => BinaryPrimitives.ReadUInt32LittleEndian(file.AsSpan(at));

    private static int Half(byte[] file, int at) => BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(at));

    private readonly record struct Section(uint Type, int Offset, int Size, int Link);
}
