using System.Globalization;
using System.Text.RegularExpressions;
using AutogradService.Client;
using AutogradService.Examples.Digits;

namespace AutogradService.Examples.Tests;

public sealed class DigitsTests
{
    [Fact]
    public async Task It_learns_to_read_and_leaves_no_memory_behind()
    {
        string text = await RunAsync();
        double accuracy = double.Parse(Regex.Match(text, @"test accuracy +([0-9.]+)%").Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.InRange(accuracy, 96, 100);
        var bytes = Regex.Match(text, @"session bytes +(\d+) before training, (\d+) after");
        Assert.True(bytes.Success);
        Assert.Equal(bytes.Groups[1].Value, bytes.Groups[2].Value);
        Assert.Equal(10, Regex.Count(text, @"^ +[0-9] │.*%\r?$", RegexOptions.Multiline));
        Assert.Matches(@"[⠁-⣿]", text);
        Assert.Matches(@"steps per s +\d+", text);
        Assert.Matches(@"commands +\d+, sent in \d+ frames", text);
    }

    [Fact]
    public async Task Trained_by_a_function_it_takes_the_same_course()
    {
        var (training, _) = DigitsData.Load().Split(seed: 5, heldOut: 0.2);
        await using var server = await AutogradService.Testing.RunningServer.StartAsync();
        var curves = new float[2][];
        for (int way = 0; way < 2; way++)
        {
            await using var session = await AutogradSession.ConnectAsync(server.Grpc.GetLeftPart(UriPartial.Authority));
            session.ManualSeed(5);
            var trainer = new Trainer(session, new Network(session, 32), training, seed: 5);
            curves[way] = way == 0 ? await trainer.RunAsync(3, static (_, _) => { }) : await trainer.RunByFunctionAsync(3, static (_, _) => { });
            Assert.Equal(3 * trainer.StepsPerEpoch, curves[way].Length);
        }
        // The compiler may reorder sums, and steps carry that on.
        for (int i = 0; i < curves[0].Length; i++) Assert.Equal(curves[0][i], curves[1][i], i < 5 ? 1e-5f : 2e-2f);
    }

    [Fact]
    public async Task By_functions_it_learns_as_well_and_leaves_no_memory_behind()
    {
        string text = await RunAsync("--functions", "--epochs", "20");
        Assert.InRange(double.Parse(Regex.Match(text, @"test accuracy +([0-9.]+)%").Groups[1].Value, CultureInfo.InvariantCulture), 95, 100);
        var bytes = Regex.Match(text, @"session bytes +(\d+) before training, (\d+) after");
        Assert.Equal(bytes.Groups[1].Value, bytes.Groups[2].Value);
    }

    [Fact]
    public async Task The_seed_decides_everything()
    {
        string first = await RunAsync("--epochs", "2", "--seed", "7");
        Assert.Equal(Timeless(first), Timeless(await RunAsync("--epochs", "2", "--seed", "7")));
        Assert.NotEqual(Timeless(first), Timeless(await RunAsync("--epochs", "2", "--seed", "8")).Replace("seed 8", "seed 7", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--epochs", "0")]
    [InlineData("--epochs", "many")]
    [InlineData("--seed", "-1")]
    [InlineData("--rate", "1")]
    [InlineData("--functions", "--functions")]
    public async Task A_wrong_command_line_is_told_how_to_be_right(params string[] args)
    {
        using var output = new StringWriter();
        Assert.Equal(2, await DigitsProgram.RunAsync(args, output));
        Assert.Contains("usage: ", output.ToString(), StringComparison.Ordinal);
    }

    private static async Task<string> RunAsync(params string[] args)
    {
        using var output = new StringWriter();
        int exitCode = await DigitsProgram.RunAsync(args, output);
        Assert.True(exitCode == 0, output.ToString());
        return output.ToString();
    }

    private static string Timeless(string text) => Regex.Replace(text, @"(?<=training time|steps per s|commands  ).*", "");
}
