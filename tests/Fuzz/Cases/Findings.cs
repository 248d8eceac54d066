using System.Text.RegularExpressions;

namespace AutogradService.Fuzz.Cases;

/// <summary>What was found: each kind of fault once, as a file that can be sent again. The case under way stands in a file too, so that one that ends the process leaves its trace.</summary>
internal sealed partial class Findings(string folder, TextWriter output)
{
    private const int KindsMax = 200;
    private readonly HashSet<string> _kinds = [];
    private readonly string _current = Path.Combine(folder, "current.case");

    /// <summary>Kinds of faults found so far.</summary>
    public IReadOnlyCollection<string> Kinds => _kinds;

    /// <summary>What was found, in words.</summary>
    public List<string> Faults { get; } = [];

    /// <summary>Notes the case that is about to be sent.</summary>
    public void Begin(FuzzCase given, string comment)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(_current, given.Write(comment));
    }

    /// <summary>Nothing is under way any more.</summary>
    public void End() => File.Delete(_current);

    /// <summary>Notes a fault.</summary>
    /// <returns>Whether it is one of a new kind.</returns>
    public bool Add(string where, string fault, FuzzCase? given, string comment)
    {
        if (_kinds.Count >= KindsMax || !_kinds.Add(KindOf(where, fault))) return false;
        string line = $"{where}: {fault}";
        Faults.Add(line);
        output.WriteLine($"FINDING {_kinds.Count}: {line}");
        if (given is not null) Save(given, $"{line}\n{comment}", $"finding-{_kinds.Count:000}.case");
        return true;
    }

    /// <summary>Replaces the file of the latest finding by a smaller one.</summary>
    public void Shrink(FuzzCase smaller, string comment) => Save(smaller, $"{Faults[^1]}\n{comment} (made smaller)", $"finding-{_kinds.Count:000}.case");

    private void Save(FuzzCase given, string comment, string name)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, name), given.Write(comment));
    }

    // Numbers and ids differ where the fault is the same; what was logged is told apart by where it was thrown, whoever sent it.
    private static string KindOf(string where, string fault)
    {
        string[] frames = [.. fault.Split('\n').Where(static line => line.StartsWith("   at AutogradService", StringComparison.Ordinal)).Take(2)];
        return frames.Length > 0 ? string.Concat(frames) : where + Volatile().Replace(fault.Split('\n')[0], "#");
    }

    [GeneratedRegex("[0-9a-f]{8,}|[0-9]+|\\{.*")]
    private static partial Regex Volatile();
}
