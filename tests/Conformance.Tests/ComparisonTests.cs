using AutogradService.Conformance.Recordings;
using AutogradService.Conformance.Replay;
using Xunit;

namespace AutogradService.Conformance.Tests;

public sealed class ComparisonTests
{
    private static readonly TensorData s_expected = TensorData.OfDoubles([1, double.NaN, double.PositiveInfinity], [3]);

    [Fact]
    public void Holds_within_the_tolerance_and_for_NaN_and_infinity() =>
        Assert.Null(Comparison.Difference(s_expected, TensorData.OfDoubles([1 + 1.9e-7, double.NaN, double.PositiveInfinity], [3])));

    [Theory]
    [InlineData(1 + 2.1e-7, double.NaN, double.PositiveInfinity)]
    [InlineData(1d, 0d, double.PositiveInfinity)]
    [InlineData(1d, double.NaN, double.NegativeInfinity)]
    [InlineData(1d, double.NaN, double.MaxValue)]
    [InlineData(double.NaN, double.NaN, double.PositiveInfinity)]
    public void Tells_values_apart(params double[] actual) =>
        Assert.NotNull(Comparison.Difference(s_expected, TensorData.OfDoubles(actual, [3])));

    [Fact]
    public void Tells_shapes_and_dtypes_apart()
    {
        Assert.NotNull(Comparison.Difference(TensorData.OfDoubles([1], [1]), TensorData.OfDoubles([1], [])));
        Assert.NotNull(Comparison.Difference(TensorData.OfDoubles([], [0]), TensorData.OfLongs([], [0])));
        Assert.NotNull(Comparison.Difference(TensorData.OfLongs([1L << 60], []), TensorData.OfLongs([(1L << 60) + 1], [])));
    }

    [Fact]
    public void Files_every_recorded_refusal_under_its_category()
    {
        var refusals = GraphProgram.ReadLines(GoldenFiles.Programs).Select(GraphProgram.Parse)
            .SelectMany(program => program.Steps).Where(step => step.Error is not null).Select(step => step.Error!).ToList();

        Assert.NotEmpty(refusals);
        Assert.All(refusals, refusal => Assert.Equal(refusal[0], ErrorCategory.Of(refusal[2])));
    }
}
