using System.CommandLine;
using System.Globalization;
using AutogradService.LoadTests.Reports;

namespace AutogradService.LoadTests.Commands;

/// <summary>Two reports beside each other.</summary>
internal static class CompareCommand
{
    private const string File = "comparison.html";

    public static Command Make(CommonOptions options)
    {
        var before = new Argument<FileInfo>("before") { Description = "report.json of the first" };
        var after = new Argument<FileInfo>("after") { Description = "report.json of the second" };
        var command = new Command("compare", "Lays two reports over each other and tells ratios.") { before, after, options.Report };
        command.SetAction(async (line, cancellation) =>
        {
            try
            {
                LoadReport a = await LoadReport.ReadAsync(line.GetRequiredValue(before).FullName), b = await LoadReport.ReadAsync(line.GetRequiredValue(after).FullName);
                foreach (var row in Comparison.Of(a, b))
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.Load}: {row.Measure,-36} {row.Before,12:0.###} {row.After,12:0.###} {row.Ratio,8:0.00}x  {row.Verdict}"));
                if (line.GetValue(options.Report) is { } folder)
                {
                    folder.Create();
                    string page = Path.Combine(folder.FullName, File);
                    await System.IO.File.WriteAllTextAsync(page, Comparison.Page(a, b), cancellation);
                    Console.WriteLine($"report: {page}");
                }
                return 0;
            }
            catch (Exception e) when (e is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                await Console.Error.WriteLineAsync(e.Message);
                return Outcome.NotRun;
            }
        });
        return command;
    }
}
