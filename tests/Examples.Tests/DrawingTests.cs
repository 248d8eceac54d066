using AutogradService.Examples.Digits.Drawing;

namespace AutogradService.Examples.Tests;

public sealed class DrawingTests
{
    [Fact]
    public void Each_dot_of_a_braille_character_has_its_own_bit()
    {
        // Unicode: dots 1 2 3 down the left column, 4 5 6 down the right, 7 and 8 below them.
        const string Columns = "⠁⠂⠄⡀⠈⠐⠠⢀";
        for (int x = 0; x < 2; x++)
        {
            for (int y = 0; y < 4; y++)
            {
                var canvas = new BrailleCanvas(1, 1);
                canvas.Set(x, y);
                Assert.Equal(Columns[4 * x + y].ToString(), canvas.Row(0));
            }
        }
    }

    [Fact]
    public void A_canvas_is_two_dots_by_four_for_each_character()
    {
        var canvas = new BrailleCanvas(3, 2);
        Assert.Equal((6, 8), (canvas.Width, canvas.Height));
        canvas.SetVertical(5, 7, 0);
        canvas.Set(0, 4);
        Assert.Equal(["⠀⠀⢸", "⠁⠀⢸"], [canvas.Row(0), canvas.Row(1)]);
    }

    [Fact]
    public void A_curve_that_falls_by_equal_factors_is_a_straight_line()
    {
        float[] halving = [.. Enumerable.Range(0, 8).Select(i => MathF.Pow(2, -i))];
        Assert.Equal(
            [
                "      1.0 ┤⠙⢦⡀⠀",
                "    0.008 ┤⠀⠀⠙⢦",
                "          └────",
                "           1  8",
            ],
            Lines(output => LossCurve.Write(output, halving, 4, 2)));
    }

    [Fact]
    public void Values_that_share_a_column_are_drawn_as_their_mean()
    {
        float[] noise = [0.25f, 1.75f, 1.75f, 0.25f, 1, 1, 0.5f, 1.5f];
        Assert.Equal(["      1.0 ┤⣀⣀"], Lines(output => LossCurve.Write(output, noise, 2, 1))[..1]);
    }

    [Fact]
    public void A_curve_leaves_out_what_has_no_logarithm()
    {
        float[] values = [float.NaN, float.PositiveInfinity, 0, -1];
        Assert.Equal(["(nothing to draw)"], Lines(output => LossCurve.Write(output, values, 4, 2)));
        Assert.Equal(["(nothing to draw)"], Lines(output => LossCurve.Write(output, [], 4, 2)));
        float[] some = [.. values, 3, 3];
        Assert.Contains("3.0", Lines(output => LossCurve.Write(output, some, 4, 2))[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "    ")]
    [InlineData(1, "▏   ")]
    [InlineData(8, "█   ")]
    [InlineData(13, "█▋  ")]
    [InlineData(31, "███▉")]
    [InlineData(32, "████")]
    public void A_bar_grows_by_eighths_of_a_character(int done, string expected) => Assert.Equal(expected, ProgressBar.Bar(done, 32, 4));

    [Fact]
    public void On_a_terminal_the_bar_overwrites_itself_and_leaves_nothing_behind()
    {
        using var output = new StringWriter();
        var bar = new ProgressBar(output, isTerminal: true, 2);
        bar.Report(1, "a long note");
        bar.Report(2, "short");
        string[] drawn = output.ToString().TrimEnd().Split('\r', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, drawn.Length);
        Assert.EndsWith(" 50%  a long note", drawn[0], StringComparison.Ordinal);
        Assert.EndsWith("100%  short", drawn[1], StringComparison.Ordinal);
        Assert.EndsWith("short      " + Environment.NewLine, output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Elsewhere_the_bar_is_ten_plain_lines()
    {
        string[] lines = Lines(output =>
        {
            var bar = new ProgressBar(output, isTerminal: false, 1000);
            for (int i = 1; i <= 1000; i++) bar.Report(i, "");
        });
        Assert.Equal(10, lines.Length);
        Assert.All(lines, line => Assert.DoesNotContain('\r', line));
        Assert.Contains(" 10%", lines[0], StringComparison.Ordinal);
        Assert.Contains("100%", lines[9], StringComparison.Ordinal);
    }

    [Fact]
    public void A_confusion_matrix_tells_accuracy_and_recall()
    {
        var matrix = new ConfusionMatrix(3);
        foreach ((int actual, int predicted) in new[] { (0, 0), (0, 0), (0, 1), (0, 2), (1, 1) }) matrix.Add(actual, predicted);
        Assert.Equal(0.6, matrix.Accuracy);
        Assert.Equal([0.5, 1, double.NaN], [matrix.Recall(0), matrix.Recall(1), matrix.Recall(2)]);
        Assert.Equal(
            [
                "       │ predicted",
                "actual │    0    1    2 │ recall",
                "───────┼────────────────┼───────",
                "     0 │    2    1    1 │  50.0%",
                "     1 │    ·    1    · │ 100.0%",
                "     2 │    ·    ·    · │      -",
            ],
            Lines(matrix.Write));
    }

    [Fact]
    public void Pictures_stand_side_by_side_in_shades()
    {
        float[,] left = { { 0, 1 }, { 0.5f, 0.25f } };
        float[,] right = { { 1, 1 }, { -3, 7 } };
        Assert.Equal(
            [
                "  ██   ████   ",
                "▒▒░░     ██   ",
                "a      b      ",
            ],
            Lines(output => DigitPictures.Write(output, [(left, "a"), (right, "b")])));
    }

    private static string[] Lines(Action<TextWriter> write)
    {
        using var output = new StringWriter();
        write(output);
        return output.ToString().TrimEnd('\r', '\n').Split(Environment.NewLine);
    }
}
