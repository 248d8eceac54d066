namespace AutogradService.LoadTests.Reports;

/// <summary>A report's files.</summary>
internal static class ReportFiles
{
    /// <summary>The name of the file for people.</summary>
    public const string Html = "report.html";

    /// <summary>The name of the file for programs.</summary>
    public const string Json = "report.json";

    /// <summary>Writes both.</summary>
    /// <returns>Where the one for people is.</returns>
    public static async Task<string> WriteAsync(LoadReport report, string folder)
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, Json), report.ToJson());
        string page = Path.Combine(folder, Html);
        await File.WriteAllTextAsync(page, ReportPage.Of(report));
        return page;
    }
}
