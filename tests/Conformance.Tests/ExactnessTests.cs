using System.Runtime.InteropServices;
using AutogradService.Conformance.Backends;
using AutogradService.Conformance.Recordings;
using AutogradService.Conformance.Replay;
using AutogradService.Conformance.Reporting;
using Xunit;

namespace AutogradService.Conformance.Tests;

public sealed class ExactnessTests
{
    private static TensorData Single(params float[] values) => new("float32", [values.Length], MemoryMarshal.AsBytes<float>(values).ToArray());

    private static TensorData Double(params double[] values) => TensorData.OfDoubles(values, [values.Length]);

    [Fact]
    public void A_recording_that_is_farther_off_everywhere_is_excused_in_words() =>
        Assert.Equal("element 1: recording off by 0.0003, ours by 0: float64 says 0.5", Exactness.Excuse([Single(1, 0.5003f)], [Single(1, 0.5f)], [Double(1, 0.5)]));

    [Theory]
    [InlineData(0.5003f, 0.5f, 0.502)] // ours is the one that is off
    [InlineData(0.5003f, 0.5f, 0.5006)] // both are
    [InlineData(0.502f, 0.5f, 0.501)] // in the middle
    [InlineData(0.5002f, 0.5f, 0.50012)] // ours will do, and the recording is nearer
    [InlineData(0.6f, 0.5f, 0.5)] // not by rounding
    [InlineData(0.5f, 0.5f, 0.5)] // nothing to excuse
    [InlineData(0.5f, float.NaN, 0.5)]
    public void Everything_else_stays_failed(float recorded, float ours, double exact) =>
        Assert.Null(Exactness.Excuse([Single(1, recorded)], [Single(1, ours)], [Double(1, exact)]));

    [Fact]
    public void One_element_that_is_off_spoils_the_excuse_of_another() =>
        Assert.Null(Exactness.Excuse([Single(0.7f, 0.5003f)], [Single(0.7f, 0.5f)], [Double(0.71, 0.5)]));

    [Fact]
    public void Absent_results_and_indices_have_to_agree()
    {
        var indices = TensorData.OfLongs([1], [1]);
        Assert.NotNull(Exactness.Excuse([Single(0.5003f), indices, null], [Single(0.5f), indices, null], [Double(0.5), indices, null]));
        Assert.Null(Exactness.Excuse([Single(0.5003f), indices], [Single(0.5f), TensorData.OfLongs([2], [1])], [Double(0.5), indices]));
        Assert.Null(Exactness.Excuse([Single(0.5003f), null], [Single(0.5f), Single(0)], [Double(0.5), Double(0)]));
        Assert.Null(Exactness.Excuse([Double(0.501)], [Double(0.5)], [Double(0.5)]));
    }

    [Fact]
    public void A_replay_lists_what_it_excuses_and_fails_the_rest()
    {
        var report = new ArchiveReport("made up");
        report.Add(OpReplay.Run(Doubled("float32", Single(1, 3), Single(2, 6.0015f)), () => new EngineBackend()));
        report.Add(OpReplay.Run(Doubled("float64", Double(1, 3), Double(2, 6.0015)), () => new EngineBackend()));

        var excused = Assert.Single(report.Excused);
        Assert.StartsWith("element 1: recording off by 0.0015, ours by 0: float64 says 6", excused.Note, StringComparison.Ordinal);
        Assert.Equal("float64", Assert.Single(report.NotPassed).Case.File.DType);
    }

    private static OpCase Doubled(string dtype, TensorData x, TensorData recorded) => new(
        new OpFile("add", "", dtype), 0, new PyValue.Tensor(x), [new PyValue.Tensor(x)], [],
        new Expectation.Result(new PyValue.Tensor(recorded), [null], [false], null, null));
}
