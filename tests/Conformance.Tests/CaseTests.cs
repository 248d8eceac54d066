using AutogradService.Client;
using AutogradService.Conformance.Cases;
using AutogradService.Engine;
using AutogradService.Testing;
using Xunit;

namespace AutogradService.Conformance.Tests;

/// <summary>The language-neutral cases hold for the C# client, bit for bit, and are those that would be made now.</summary>
public sealed class CaseTests
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "conformance-cases");

    public static TheoryData<string> Files => [.. Directory.GetFiles(s_folder, "*.json").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Files))]
    public async Task Replay_is_bit_for_bit(string file)
    {
        await using var server = await RunningServer.StartAsync();
        var address = server.Grpc.GetLeftPart(UriPartial.Authority);
        string text = await File.ReadAllTextAsync(Path.Combine(s_folder, file), TestContext.Current.CancellationToken);

        // The mode does not matter; batches are how browsers do it.
        foreach (var mode in (CallMode[])[CallMode.Pipelined, CallMode.Batched])
            Assert.Empty(await CaseFiles.ReplayAsync(text, () => AutogradSession.ConnectAsync(address, new SessionOptions { Mode = mode })));
    }

    [Fact]
    public async Task A_wrong_case_is_noticed()
    {
        await using var server = await RunningServer.StartAsync();
        string text = await File.ReadAllTextAsync(Path.Combine(s_folder, "rounding.json"), TestContext.Current.CancellationToken);
        int at = text.IndexOf("\"outputs\":[{\"dtype\":\"float32\",\"shape\":[3,4],\"data\":\"", StringComparison.Ordinal) + 52;
        text = text[..at] + (text[at] == 'A' ? 'B' : 'A') + text[(at + 1)..];

        Assert.Single(await CaseFiles.ReplayAsync(text, () => AutogradSession.ConnectAsync(server.Grpc.GetLeftPart(UriPartial.Authority))));
    }

    [Fact]
    public async Task Cases_are_current()
    {
        await using var server = await RunningServer.StartAsync();
        var made = await CaseFiles.MakeAsync(server.Grpc.GetLeftPart(UriPartial.Authority));

        Assert.Equal(made.Keys, Files.Select(row => row.Data));
        foreach (var (name, text) in made)
            Assert.True(text == await File.ReadAllTextAsync(Path.Combine(s_folder, name), TestContext.Current.CancellationToken), $"{name} is stale: dotnet run --project tests/Conformance -- cases --out tests/conformance-cases");
    }

    [Fact]
    public async Task Every_op_has_a_case()
    {
        var cases = new System.Text.StringBuilder();
        foreach (string path in Directory.GetFiles(s_folder, "*.json")) cases.Append(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken));
        string all = cases.ToString();

        Assert.All(OpTable.Entries.Select(entry => entry.Schema).Where(op => !op.Hidden && !op.Name.Contains("empty", StringComparison.Ordinal)), op => Assert.Contains($"\"op\":\"{op.Name}\"", all, StringComparison.Ordinal));
    }
}
