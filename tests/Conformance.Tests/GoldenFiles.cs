namespace AutogradService.Conformance.Tests;

/// <summary>The recordings, as copied beside the test assembly.</summary>
internal static class GoldenFiles
{
    public static string Tier1 => Path("tier1.zip");

    public static string Tier2 => Path("tier2.zip");

    public static string Programs => Path("programs-public.jsonl.gz");

    public static string Floor => Path("floor.json");

    private static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "golden", name);
}
