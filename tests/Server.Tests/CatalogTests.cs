using AutogradService.Engine;

namespace AutogradService.Server.Tests;

/// <summary>What the server tells about itself.</summary>
public sealed class CatalogTests(ServerFixture fixture) : IClassFixture<ServerFixture>
{
    private Wire.CatalogService.CatalogServiceClient Catalog => new(fixture.Server.Channel);

    [Fact]
    public async Task Every_op_that_is_offered_is_listed_with_its_schema()
    {
        var response = await Catalog.ListOpsAsync(new Wire.ListOpsRequest());
        var offered = OpTable.Entries.Where(e => !e.Schema.Hidden).ToList();
        Assert.Equal(offered.Select(e => e.Schema.Name), response.Ops.Select(o => o.Name));
        foreach (var (entry, op) in offered.Zip(response.Ops))
        {
            Assert.Equal((entry.Schema.Id, entry.Schema.Doc, entry.Schema.CanInPlace, entry.Schema.IsView), (op.Id, op.Doc, op.CanInPlace, op.IsView));
            Assert.Equal(entry.Schema.Parameters.Select(p => (p.Name, p.Kind.ToString().ToUpperInvariant(), p.Optional)), op.Parameters.Select(p => (p.Name, p.Kind.ToString().ToUpperInvariant(), p.Optional)));
            Assert.Equal(entry.Schema.Outputs.Select(o => o.IsList), op.Outputs.Select(o => o.IsList));
            Assert.NotEmpty(op.Doc);
            // A default is either told or is None.
            Assert.Equal(entry.Schema.Parameters.Select(p => p.Default is not null), op.Parameters.Select(p => p.DefaultValue is not null));
        }
    }

    [Fact]
    public async Task What_is_called_differentiable_is()
    {
        var ops = (await Catalog.ListOpsAsync(new Wire.ListOpsRequest())).Ops.ToDictionary(op => op.Name);
        foreach (string name in new[] { "add", "exp", "view", "matmul" }) Assert.True(ops[name].Differentiable, name);
        foreach (string name in new[] { "eq", "argmax", "isnan", "arange" }) Assert.False(ops[name].Differentiable, name);
    }

    [Fact]
    public async Task Ops_can_be_listed_by_prefix_and_called_by_id()
    {
        var response = await Catalog.ListOpsAsync(new Wire.ListOpsRequest { NamePrefix = "exp" });
        Assert.All(response.Ops, op => Assert.StartsWith("exp", op.Name, StringComparison.Ordinal));
        var exp = response.Ops.Single(op => op.Name == "exp");
        var s = await fixture.SessionAsync();
        ulong a = await s.CreateAsync([0], [1]);
        await s.RunOneAsync(new Wire.Command { ApplyOp = new Wire.ApplyOp { OpId = exp.Id, A = a, Out = 9 } });
        float[] expected = [1];
        Assert.Equal(expected, await s.ReadAsync(9));
    }

    [Fact]
    public async Task Ops_that_are_not_offered_cannot_be_called()
    {
        var s = await fixture.SessionAsync();
        ulong a = await s.OnesAsync(1);
        foreach (var hidden in OpTable.Entries.Where(e => e.Schema.Hidden))
        {
            await Refusals.OfAsync(Grpc.Core.StatusCode.Unimplemented, "OP_UNSUPPORTED", () => s.OpAsync(hidden.Schema.Name, a));
            await Refusals.OfAsync(Grpc.Core.StatusCode.Unimplemented, "OP_UNSUPPORTED", () => s.RunOneAsync(new Wire.Command { ApplyOp = new Wire.ApplyOp { OpId = hidden.Schema.Id, A = a } }));
        }
    }

    [Fact]
    public async Task Limits_dtypes_and_versions_are_told()
    {
        var info = await Catalog.GetServerInfoAsync(new Wire.GetServerInfoRequest());
        Assert.Equal("autograd.v1", info.ApiVersion);
        Assert.Equal((await Catalog.ListOpsAsync(new Wire.ListOpsRequest())).CatalogDigest, info.CatalogDigest);
        Assert.Matches("^[0-9a-f]{16}$", info.CatalogDigest);
        Assert.Equal(Enum.GetValues<Wire.DataType>().Skip(1), info.Dtypes);
        Assert.Equal(((ulong)ServerFixture.MessageBytesMax, (ulong)ServerFixture.ChunkBytesMax, (uint)ServerFixture.BatchCommandsMax), (info.Limits.MessageBytesMax, info.Limits.ChunkBytesMax, info.Limits.BatchCommandsMax));
        Assert.Equal(((ulong)ServerFixture.BytesMax, (ulong)ServerFixture.TensorsMax, (ulong)ServerFixture.NodesMax), (info.SessionLimits.BytesMax, info.SessionLimits.TensorsMax, info.SessionLimits.NodesMax));
    }

    [Fact]
    public void The_engines_reasons_and_dtypes_are_the_contracts()
    {
        foreach (var reason in Enum.GetNames<ErrorReason>()) Assert.True(Enum.TryParse<Wire.ErrorReason>(reason, out _), reason);
        foreach (var dtype in Enum.GetValues<DType>()) Assert.Equal(dtype.ToString().ToUpperInvariant(), ((Wire.DataType)((int)dtype + 1)).ToString().ToUpperInvariant());
    }
}
