using System.Text.RegularExpressions;
using AutogradService.Examples.Tutorial;
using AutogradService.Testing;

namespace AutogradService.Examples.Tests;

public sealed class TutorialTests(TutorialTests.Run run) : IClassFixture<TutorialTests.Run>
{
    /// <summary>The tutorial is run once for all tests.</summary>
    public sealed class Run : IAsyncLifetime
    {
        public int ExitCode { get; private set; }

        public string Text { get; private set; } = "";

        public async ValueTask InitializeAsync()
        {
            using var output = new StringWriter { NewLine = "\n" };
            ExitCode = await TutorialProgram.RunAsync([], output);
            Text = output.ToString();
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    [Fact]
    public void It_ends_well()
    {
        Assert.Equal(0, run.ExitCode);
        Assert.DoesNotContain('✗', run.Text);
    }

    [Fact]
    public void The_gradients_of_the_layer_are_what_they_should_be()
    {
        Assert.Contains("✓ each row of w.Grad equals b.Grad: True", run.Text, StringComparison.Ordinal);
        Assert.Contains("✓ b.Grad equals sigmoid(z) / 3: True", run.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("await z.GradFnAsync()", "AddBackward0")]
    [InlineData("await loss.GradFnAsync()", "BinaryCrossEntropyWithLogitsBackward0")]
    [InlineData("await z.RequiresGradAsync()", "True")]
    [InlineData("await plain.RequiresGradAsync()", "False")]
    [InlineData("await detached.RequiresGradAsync()", "False")]
    [InlineData("await frozen.RequiresGradAsync()", "False")]
    [InlineData("await frozen.Sum().RequiresGradAsync()", "False")]
    public void The_server_answers_as_PyTorch_does(string code, string expected) => Assert.Equal(expected, Result(code));

    [Fact]
    public void Tensors_are_printed_as_PyTorch_prints_them()
    {
        Assert.Matches(@"^tensor\(\[\[[^]]+\],\n        (\[[^]]+\],\n        ){3}\[[^]]+\]\], requires_grad=True\)$", Result("await w.ToStringAsync()"));
        Assert.Matches(@"^tensor\(\[[^]]+\], requires_grad=True\)$", Result("await b.ToStringAsync()"));
        Assert.EndsWith("grad_fn=<AddBackward0>)", Result("await z.ToStringAsync()"), StringComparison.Ordinal);
        Assert.Matches(@"^tensor\(\d+\.\d{4}, grad_fn=<BinaryCrossEntropyWithLogitsBackward0>\)$", Result("await loss.ToStringAsync()"));
    }

    [Fact]
    public void Jacobian_products_accumulate_until_they_are_zeroed()
    {
        string[] shown = [.. Regex.Matches(run.Text, @"> await input\.Grad\.ToStringAsync\(\)\n(?<it>(?:    .+\n)+?)(?=\n|    >)").Select(m => Unindented(m.Groups["it"].Value))];
        Assert.Equal([Diagonal(4, 2), Diagonal(8, 4), Diagonal(4, 2)], shown);

        static string Diagonal(int on, int off) =>
            "tensor([" + string.Join(",\n        ", Enumerable.Range(0, 4).Select(i => "[" + string.Join(", ", Enumerable.Range(0, 5).Select(j => $"{(i == j ? on : off)}.")) + "]")) + "])";
    }

    [Fact]
    public void The_graph_is_drawn_as_a_tree_and_as_DOT()
    {
        string[] names = [.. Result("graph.ToTree()").Split('\n').Select(line => line.Split('(')[0].TrimEnd())];
        Assert.Equal("BinaryCrossEntropyWithLogitsBackward0", names[0]);
        Assert.Equal("  AddBackward0", names[1]);
        Assert.Equal(2, names.Count(name => name.EndsWith("AccumulateGrad", StringComparison.Ordinal)));
        Assert.StartsWith("digraph", Result("graph.Dot"), StringComparison.Ordinal);
        Assert.Contains("BinaryCrossEntropyWithLogitsBackward0", Result("graph.Dot"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_error_names_the_line_that_is_wrong()
    {
        Assert.Contains("reason GraphFreed", run.Text, StringComparison.Ordinal);
        Assert.Contains("Trying to backward through the graph a second time", run.Text, StringComparison.Ordinal);
        var place = Regex.Match(run.Text, @"given in (?<file>\w+\.cs), line (?<line>\d+), by RunAsync");
        Assert.True(place.Success);
        string[] source = File.ReadAllLines(Path.Combine(Repository.Root, "examples", "Tutorial", "Chapters", place.Groups["file"].Value));
        int line = int.Parse(place.Groups["line"].Value);
        Assert.Contains("output.Backward(", source[line - 1], StringComparison.Ordinal);
        Assert.Equal(Array.FindLastIndex(source, text => text.Contains("output.Backward(", StringComparison.Ordinal)), line - 1);
    }

    [Theory]
    [InlineData("--nonsense", "1")]
    [InlineData("--address")]
    [InlineData("--address", "localhost:50051")]
    [InlineData("--address", "ftp://localhost:50051")]
    [InlineData("--address", "http://localhost:1", "--address", "http://localhost:2")]
    public async Task A_wrong_command_line_is_told_how_to_be_right(params string[] args)
    {
        using var output = new StringWriter();
        Assert.Equal(2, await TutorialProgram.RunAsync(args, output));
        Assert.Contains("usage: ", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unreachable_server_is_no_stack_trace()
    {
        using var output = new StringWriter();
        Assert.Equal(1, await TutorialProgram.RunAsync(["--address", "http://127.0.0.1:1"], output));
        Assert.DoesNotContain("   at ", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_gives_the_same_lesson_on_a_server_it_is_told()
    {
        await using var server = await RunningServer.StartAsync();
        using var output = new StringWriter { NewLine = "\n" };
        Assert.Equal(0, await TutorialProgram.RunAsync(["--address", server.Grpc.ToString()], output));
        Assert.Equal(run.Text, output.ToString());
    }

    /// <summary>What stands below a line of code.</summary>
    private string Result(string code)
    {
        var match = Regex.Match(run.Text, $@"^ +> {Regex.Escape(code)}\n(?<it>(?:    .+\n)+?)(?=\n|    [>✓]|\z)", RegexOptions.Multiline);
        Assert.True(match.Success, code);
        return Unindented(match.Groups["it"].Value);
    }

    private static string Unindented(string text) => string.Join('\n', text.TrimEnd().Split('\n').Select(line => line[4..]));
}
