using System.Collections.Concurrent;
using System.Text;

namespace AutogradService.Fuzz.Oracles;

/// <summary>Counts what was met, so that a report can tell what was not.</summary>
internal sealed class Tally
{
    private readonly ConcurrentDictionary<(string Kind, string Name), long> _counts = new();

    public void Count(string kind, string name) => _counts.AddOrUpdate((kind, name), 1, static (_, n) => n + 1);

    /// <summary>How often.</summary>
    public long Of(string kind, string name) => _counts.GetValueOrDefault((kind, name));

    /// <summary>How many of a kind, all names together.</summary>
    public long Total(string kind) => _counts.Where(c => c.Key.Kind == kind).Sum(static c => c.Value);

    /// <summary>Names of a kind that were met.</summary>
    public IEnumerable<string> Names(string kind) => _counts.Keys.Where(k => k.Kind == kind).Select(static k => k.Name).Order(StringComparer.Ordinal);

    /// <summary>All of it, a kind at a time, and the reasons and methods that were never met.</summary>
    public string Print()
    {
        var text = new StringBuilder();
        foreach (var kind in _counts.GroupBy(static c => c.Key.Kind).OrderBy(static g => g.Key, StringComparer.Ordinal))
        {
            text.Append(kind.Key).Append(": ").Append(kind.Sum(static c => c.Value)).Append(" of ").Append(kind.Count()).AppendLine(" kinds");
            // Ops are hundreds: how many is enough.
            if (kind.Key is "op" or "op that succeeded") continue;
            foreach (var ((_, name), count) in kind.OrderByDescending(static c => c.Value)) text.Append("  ").Append(count.ToString().PadLeft(9)).Append("  ").AppendLine(name);
        }
        string[] missing = [.. AnswerOracle.Reasons.Except(Names("reason"))];
        text.Append("reasons never met: ").AppendLine(missing.Length == 0 ? "none" : string.Join(", ", missing));
        return text.ToString();
    }
}
