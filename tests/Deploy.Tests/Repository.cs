using System.Diagnostics;
using System.Reflection;

namespace AutogradService.Deploy.Tests;

/// <summary>The files that put the server into the world, and the programs that read them.</summary>
internal static class Repository
{
    public static string Root { get; } = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!;

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>Files of a folder and below, from the root.</summary>
    public static IEnumerable<string> FilesOf(string folder) => Directory.EnumerateFiles(Path.Combine(Root, folder), "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(Root, f));

    /// <summary>The documents of YAML text, merge keys resolved.</summary>
    public static List<YamlMappingNode> Yaml(string text)
    {
        var stream = new YamlStream();
        stream.Load(new YamlDotNet.Core.MergingParser(new YamlDotNet.Core.Parser(new StringReader(text))));
        return [.. stream.Documents.Select(d => (YamlMappingNode)d.RootNode)];
    }

    /// <summary>Runs a program in the root; skips the test if it is not installed.</summary>
    public static async Task<(string Output, string Said, int ExitCode)> RunAsync(string program, params string[] arguments)
    {
        if (!(Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)))) Assert.Skip($"{program} is not installed");
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Root, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (output, await error, process.ExitCode);
    }
}

/// <summary>Looking into YAML.</summary>
internal static class YamlNodes
{
    extension(YamlNode node)
    {
        /// <summary>What stands under a name; null if nothing does.</summary>
        public YamlNode? At(string name) => node is YamlMappingNode mapping && mapping.Children.TryGetValue(new YamlScalarNode(name), out var found) ? found : null;

        /// <summary>The texts of a list.</summary>
        public string[] Texts => node is YamlSequenceNode list ? [.. list.Children.Select(c => c.ToString())] : [];

        /// <summary>Name and value of each entry.</summary>
        public IEnumerable<(string Name, YamlNode Value)> Entries => node is YamlMappingNode mapping ? mapping.Children.Select(c => (c.Key.ToString(), c.Value)) : [];
    }
}
