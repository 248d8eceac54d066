using System.Reflection;
using System.Text.RegularExpressions;
using AutogradService.Server.Hosting;

namespace AutogradService.Deploy.Tests;

/// <summary>A misspelled option would only be found by the server that does not start.</summary>
public sealed partial class OptionNamesTests
{
    private static readonly HashSet<string> s_options = [.. Names(typeof(ServerOptions), "")];

    [Fact]
    public void Every_environment_variable_that_is_named_exists()
    {
        var named = Files().SelectMany(f => Variable().Matches(Repository.Read(f)).Select(m => (File: f, Name: m.Value))).ToArray();
        Assert.True(named.Length > 20, $"{named.Length}");
        foreach (var (file, name) in named) Assert.True(Exists(name["AUTOGRAD__".Length..].Replace("__", ":", StringComparison.Ordinal)), $"{file}: {name}");
    }

    [Fact]
    public void Every_option_that_the_docs_name_exists()
    {
        var named = Files().SelectMany(f => Option().Matches(Repository.Read(f)).Select(m => (File: f, Name: m.Groups[1].Value))).ToArray();
        Assert.True(named.Length > 50, $"{named.Length}");
        foreach (var (file, name) in named) Assert.True(Exists(name), $"{file}: {name}");
    }

    [Fact]
    public void Every_link_of_the_operators_pages_leads_somewhere()
    {
        foreach (string page in new[] { "docs/operations.md", "docs/configuration.md", "docs/errors.md" })
        foreach (Match link in Link().Matches(Repository.Read(page)))
            Assert.True(Path.Exists(Path.Combine(Repository.Root, "docs", link.Groups[1].Value)), $"{page}: {link.Groups[1].Value}");
    }

    private static bool Exists(string name) => s_options.Contains(Index().Replace(name, "").ToUpperInvariant());

    private static IEnumerable<string> Files() =>
        [.. Repository.FilesOf("deploy").Where(f => !f.EndsWith(".json", StringComparison.Ordinal)), .. Repository.FilesOf("docs").Where(f => f.EndsWith(".md", StringComparison.Ordinal)), "docker-compose.yml", "README.md"];

    private static IEnumerable<string> Names(Type type, string prefix)
    {
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            string name = prefix + property.Name.ToUpperInvariant();
            yield return name;
            if (property.PropertyType.Assembly != typeof(ServerOptions).Assembly || !property.PropertyType.IsClass) continue;
            foreach (string inner in Names(property.PropertyType, name + ":")) yield return inner;
        }
    }

    [GeneratedRegex(@"\bAUTOGRAD__\w*[A-Z0-9]")]
    private static partial Regex Variable();

    [GeneratedRegex(@"`(?:Autograd:)?((?:Limits|Security|Telemetry|Functions|Scheduling):\w+(?::\w+)*)`")]
    private static partial Regex Option();

    [GeneratedRegex(@":\d+$")]
    private static partial Regex Index();

    [GeneratedRegex(@"\]\((?!https?:|#)([^)#]+)")]
    private static partial Regex Link();
}
