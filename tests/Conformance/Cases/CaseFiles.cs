using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AutogradService.Client;
using AutogradService.Engine;

namespace AutogradService.Conformance.Cases;

/// <summary>The files of language-neutral cases: what is in them, how they are made and how they are replayed.</summary>
internal static class CaseFiles
{
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Makes every file: by its name, its text.</summary>
    public static async Task<SortedDictionary<string, string>> MakeAsync(string address)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var errors = new List<JsonObject>();
        await using (var session = await AutogradSession.ConnectAsync(address))
        {
            foreach (var family in OpTable.Entries.GroupBy(entry => entry.Schema.Family).OrderBy(g => g.Key, StringComparer.Ordinal))
            {
                var cases = new List<JsonObject>();
                foreach (var entry in family) await AddAsync(session, OpCases.Of(entry), cases, errors);
                if (cases.Count > 0) files.Add(FileName(family.Key), Text("cases", cases));
            }
            foreach (var @case in ErrorCases.All().Select(Parsed))
            {
                var found = await CaseRunner.RunAsync(session, @case);
                if (!found.ContainsKey("error")) throw new InvalidOperationException($"'{@case["name"]}' should be refused and is not");
                errors.Add(Merge(@case, found));
            }
        }
        files.Add("errors.json", Text("cases", errors));
        var programs = new List<JsonObject>();
        foreach (var program in Programs.All().Select(Parsed))
        {
            await using var session = await AutogradSession.ConnectAsync(address);
            programs.Add(await ProgramRunner.RunAsync(session, program));
        }
        files.Add("programs.json", Text("programs", programs));
        return files;
    }

    /// <summary>Runs every case of a file's text again.</summary>
    /// <returns>The cases that came out differently, as "name: what was found".</returns>
    public static async Task<List<string>> ReplayAsync(string text, Func<Task<AutogradSession>> connect)
    {
        var differing = new List<string>();
        var file = JsonNode.Parse(text)!.AsObject();
        await using var shared = await connect();
        foreach (var @case in file["cases"]?.AsArray() ?? [])
        {
            var found = Merge(@case!.AsObject(), await CaseRunner.RunAsync(shared, @case.AsObject()));
            if (!Same(@case, found)) differing.Add($"{@case["name"]}: {Line(found)}");
        }
        foreach (var program in file["programs"]?.AsArray() ?? [])
        {
            await using var session = await connect();
            var found = await ProgramRunner.RunAsync(session, program!.AsObject());
            if (!Same(program, found)) differing.Add($"{program["name"]}: {Line(found)}");
        }
        return differing;
    }

    private static async Task AddAsync(AutogradSession session, IEnumerable<JsonObject> made, List<JsonObject> cases, List<JsonObject> errors)
    {
        bool refused = false;
        foreach (var @case in made.Select(Parsed))
        {
            var found = await CaseRunner.RunAsync(session, @case);
            if (!found.ContainsKey("error")) cases.Add(Merge(@case, found));
            else if (!refused) errors.Add(Merge(@case, found)); // a dtype that the op does not take: one for each op will do
            refused |= found.ContainsKey("error");
        }
    }

    private static JsonObject Merge(JsonObject @case, JsonObject found)
    {
        var merged = new JsonObject();
        foreach (var (key, value) in @case.Where(p => p.Key is not ("outputs" or "gradients" or "error")).Concat(found)) merged[key] = value?.DeepClone();
        return merged;
    }

    // As whoever reads the file has it.
    private static JsonObject Parsed(JsonObject json) => JsonNode.Parse(Line(json))!.AsObject();

    // By the text, so that numbers are compared as they are written.
    private static bool Same(JsonNode a, JsonNode b) => Line(a) == Line(b);

    private static string Line(JsonNode node) => node.ToJsonString(s_json);

    private static string Text(string key, List<JsonObject> entries)
    {
        var text = new StringBuilder($"{{\"format\":1,\"seed\":{CaseRunner.Seed},\"{key}\":[\n");
        for (int i = 0; i < entries.Count; i++) text.Append(Line(entries[i])).Append(i + 1 < entries.Count ? ",\n" : "\n");
        return text.Append("]}\n").ToString();
    }

    private static string FileName(string family) => string.Concat(family.Select((c, i) => i > 0 && char.IsUpper(c) ? "-" + char.ToLowerInvariant(c) : char.ToLowerInvariant(c).ToString())) + ".json";
}
