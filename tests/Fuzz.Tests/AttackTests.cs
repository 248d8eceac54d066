using AutogradService.Fuzz.Cases;

namespace AutogradService.Fuzz.Tests;

/// <summary>A short run of the fuzzer from fixed seeds, and every case that once found something.</summary>
public sealed class AttackTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_short_run_finds_nothing(int seed)
    {
        string folder = Directory.CreateTempSubdirectory("fuzz-").FullName;
        try
        {
            await using var run = await FuzzRun.StartAsync(folder, TextWriter.Null);
            await run.RunAsync(seed, TimeSpan.FromMinutes(4), 400);
            Assert.Empty(run.Findings.Faults);
            // Each attack was really made: a fuzzer that sends nothing finds nothing.
            Assert.Equal(400, run.Tally.Total("attack"));
            Assert.True(run.Tally.Names("reason").Count() >= 20, string.Join(' ', run.Tally.Names("reason")));
            Assert.True(run.Tally.Names("op that succeeded").Count() >= 50);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task What_was_found_once_stays_mended()
    {
        string folder = Directory.CreateTempSubdirectory("fuzz-").FullName;
        try
        {
            await using var run = await FuzzRun.StartAsync(folder, TextWriter.Null);
            string[] files = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "regressions"), "*.case");
            Assert.NotEmpty(files);
            foreach (string file in files)
            {
                string? fault = await run.ReplayAsync(FuzzCase.Read(await File.ReadAllTextAsync(file)));
                Assert.True(fault is null, $"{Path.GetFileName(file)}: {fault}");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
