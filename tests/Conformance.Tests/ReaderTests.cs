using AutogradService.Conformance.Recordings;
using Xunit;

namespace AutogradService.Conformance.Tests;

public sealed class ReaderTests
{
    [Fact]
    public void Reads_every_case_that_the_archives_announce()
    {
        var tier1 = OpArchive.Read(GoldenFiles.Tier1).ToList();

        Assert.Equal(151, tier1.Count(c => c.Expected is Expectation.Refusal));
        Assert.Equal(2496, tier1.Count(c => c.Expected is Expectation.Result));
        Assert.Equal(1574, OpArchive.Read(GoldenFiles.Tier2).Count());
    }

    [Fact]
    public void Reads_tensors_out_of_the_bin_file()
    {
        var add = OpArchive.Read(GoldenFiles.Tier1, name => name == "add").Single(c => c is { File.DType: "float64", Index: 2 });

        var a = Assert.IsType<PyValue.Tensor>(add.Input).Data;
        var b = Assert.IsType<PyValue.Tensor>(add.Args[0]).Data;
        var sum = Assert.IsType<PyValue.Tensor>(Assert.IsType<Expectation.Result>(add.Expected).Out).Data;
        Assert.Equal(("float64", "[5, 5]", true), (sum.DType, $"[{string.Join(", ", sum.Shape)}]", sum.RequiresGrad));
        Assert.Equal(a[4] + b[3], sum[23]);
    }

    [Fact]
    public void Reads_gradients_and_double_gradients_with_their_absences()
    {
        var add = OpArchive.Read(GoldenFiles.Tier1, name => name == "add").First(c => c.File.DType == "float64");

        var result = Assert.IsType<Expectation.Result>(add.Expected);
        Assert.Equal(2, result.First!.Results.Length);
        Assert.Equal([0, 1], result.Second!.Which);
        Assert.Equal([true, true, false], result.Second.Results.Select(tensor => tensor is null));
    }

    [Fact]
    public void Tells_tuples_from_lists_and_reads_slices()
    {
        var cases = OpArchive.Read(GoldenFiles.Tier1, name => name == "__getitem__").ToList();

        Assert.False(Assert.IsType<PyValue.Sequence>(cases[0].Args[0]).IsTuple);
        Assert.Equal(new PyValue.Slice(0, 3, null), cases[1].Args[0]);
        var view = OpArchive.Read(GoldenFiles.Tier1, name => name == "view").First();
        Assert.True(Assert.IsType<PyValue.Sequence>(view.Args[0]).IsTuple);
    }

    [Fact]
    public void Reads_programs()
    {
        var programs = GraphProgram.ReadLines(GoldenFiles.Programs).Select(GraphProgram.Parse).ToList();

        Assert.Equal(300, programs.Count);
        Assert.Equal("leaf", programs[0].Steps[0].Kind);
        Assert.Equal([0.625, -0.875, 1.0, 1.75, 1.625, 1.0], programs[0].Steps[0].State!.Values);
        Assert.Equal("leaf_flag", programs[0].Steps.First(step => step.Error is not null).Error![0]);
        Assert.Null(programs[0].Grads["t2"]);
    }
}
