using System.Collections.Frozen;
using System.Text;
using AutogradService.Server.Hosting;
using Microsoft.Extensions.Options;

namespace AutogradService.Server.Security;

/// <summary>The API keys that are good now: those of the configuration and those of the file, which is read again when it changes. A principal may have several, so that keys can be rotated.</summary>
internal sealed class ApiKeys
{
    private const int FileKeysMax = 100_000;
    private readonly ApiKey[] _configured;
    private volatile FrozenDictionary<KeyHash, ApiKey> _keys;

    public ApiKeys(IOptions<ServerOptions> options, WatchedFiles files)
    {
        var security = options.Value.Security;
        _configured = [.. security.Keys.Select((line, i) => Parse(line, $"Security:Keys:{i}"))];
        _keys = ByHash(_configured);
        if (security.KeysFile.Length > 0) files.Add("the file of API keys", [security.KeysFile], contents => Read(contents[0]));
    }

    /// <summary>The key with a hash, if it is good apart from its time.</summary>
    public ApiKey? Find(in KeyHash hash) => _keys.GetValueOrDefault(hash);

    private string Read(byte[] content)
    {
        var keys = new List<ApiKey>(_configured);
        int number = 0;
        foreach (string line in Encoding.UTF8.GetString(content).Split('\n'))
        {
            number++;
            string trimmed = line.Trim();
            if (trimmed.Length == 0 || trimmed[0] == '#') continue;
            keys.Add(Parse(trimmed, $"line {number}"));
            if (keys.Count > FileKeysMax) throw new FormatException($"more than {FileKeysMax} keys");
        }
        _keys = ByHash(keys);
        return $"{keys.Count} keys of {keys.Select(static k => k.Principal).Distinct().Count()} principals";
    }

    private static FrozenDictionary<KeyHash, ApiKey> ByHash(IReadOnlyCollection<ApiKey> keys)
    {
        var byHash = new Dictionary<KeyHash, ApiKey>(keys.Count);
        foreach (var key in keys)
            if (!byHash.TryAdd(key.Hash, key)) throw new FormatException($"a key of '{key.Principal}' is there twice");
        return byHash.ToFrozenDictionary();
    }

    private static ApiKey Parse(string line, string where) => ApiKey.TryParse(line, out var key, out string fault) ? key : throw new FormatException($"{where}: {fault}");
}
