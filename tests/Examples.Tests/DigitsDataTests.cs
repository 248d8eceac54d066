using AutogradService.Examples.Digits;

namespace AutogradService.Examples.Tests;

public sealed class DigitsDataTests
{
    private static readonly DigitsData All = DigitsData.Load();

    [Fact]
    public void The_data_are_whole()
    {
        Assert.Equal(1797, All.Count);
        Assert.Equal([178, 182, 177, 183, 181, 182, 181, 179, 174, 180], All.Labels.CountBy(label => label).OrderBy(pair => pair.Key).Select(pair => pair.Value));
        Assert.Equal(0, All.Labels[0]);
        Assert.Equal(5 / 16f, All.Images[0, 2]);
        Assert.All(All.Images.Cast<float>(), pixel => Assert.InRange(pixel, 0, 1));
    }

    [Fact]
    public void A_split_loses_nothing_and_repeats_by_its_seed()
    {
        var (training, test) = All.Split(seed: 3, heldOut: 0.2);
        Assert.Equal((1438, 359), (training.Count, test.Count));
        Assert.Equal(Rows(All).Order(), Rows(training).Concat(Rows(test)).Order());
        var (again, _) = All.Split(seed: 3, heldOut: 0.2);
        Assert.Equal(Rows(training), Rows(again));
        var (other, _) = All.Split(seed: 4, heldOut: 0.2);
        Assert.NotEqual(Rows(training), Rows(other));
    }

    [Theory]
    [InlineData(0, "17")]
    [InlineData(63, "-1")]
    [InlineData(63, "")]
    [InlineData(63, "1,1")]
    [InlineData(64, "10")]
    public void A_wrong_line_is_refused(int field, string value)
    {
        string[] fields = [.. Enumerable.Repeat("1", DigitsData.Pixels + 1)];
        using var good = new StringReader(string.Join(',', fields));
        Assert.Equal(1, DigitsData.Parse(good).Count);
        fields[field] = value;
        using var text = new StringReader(string.Join(',', fields));
        Assert.Equal("line 1 is not 64 brightnesses and a digit", Assert.Throws<InvalidDataException>(() => DigitsData.Parse(text)).Message);
    }

    private static IEnumerable<string> Rows(DigitsData data) =>
        Enumerable.Range(0, data.Count).Select(i => string.Join(' ', Enumerable.Range(0, DigitsData.Pixels).Select(p => data.Images[i, p])) + " " + data.Labels[i]);
}
