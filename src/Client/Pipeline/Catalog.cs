using System.Collections.Concurrent;
using System.Collections.Frozen;

namespace AutogradService.Client;

/// <summary>What the server's ops are called by number, and how many results they have. Shared by all sessions with the same catalogue.</summary>
internal sealed class Catalog
{
    private const int CatalogsMax = 16;
    private static readonly ConcurrentDictionary<string, Catalog> s_byDigest = new();
    private readonly FrozenDictionary<string, Entry> _ops;

    private readonly FrozenDictionary<uint, string> _names;

    private Catalog(Wire.ListOpsResponse response)
    {
        _ops = response.Ops.ToFrozenDictionary(op => op.Name, op => new Entry(op.Id, op.Outputs.Count, op.Outputs.Count == 1 && op.Outputs[0].IsList));
        _names = response.Ops.ToFrozenDictionary(op => op.Id, op => op.Name);
    }

    /// <summary>The catalogue with a digest; asked for once.</summary>
    public static async Task<Catalog> GetAsync(Wire.CatalogService.CatalogServiceClient calls, string digest, CancellationToken cancellation)
    {
        if (s_byDigest.TryGetValue(digest, out var known)) return known;
        var catalog = new Catalog(await calls.ListOpsAsync(new Wire.ListOpsRequest(), cancellationToken: cancellation).ConfigureAwait(false));
        if (s_byDigest.Count >= CatalogsMax) s_byDigest.Clear();
        return s_byDigest[digest] = catalog;
    }

    /// <summary>The op's number; 0 if the server has no such op, which it will then say itself.</summary>
    public uint IdOf(string op) => _ops.TryGetValue(op, out var entry) ? entry.Id : 0;

    /// <summary>The name of an op that <see cref="IdOf"/> numbered.</summary>
    public string NameOf(uint id) => _names[id];

    /// <summary>How many results the op has; null if that depends on the call.</summary>
    public int? OutputsOf(string op) => !_ops.TryGetValue(op, out var entry) ? 1 : entry.IsList ? null : entry.Outputs;

    private readonly record struct Entry(uint Id, int Outputs, bool IsList);
}
