using OpTable = AutogradService.Engine.OpTable;
using AutogradService.Generate;

namespace AutogradService.Client.Tests;

/// <summary>What is generated is current, and nobody references what they should not.</summary>
public sealed class GeneratedFilesTests
{
    private static readonly string s_root = GeneratedFile.FindRoot(AppContext.BaseDirectory);

    [Fact]
    public void Generated_files_are_current()
    {
        foreach (var file in GeneratedFile.All(s_root)) Assert.True(file.IsCurrent(s_root), $"{file.Path} is stale: dotnet run --project tools/Generate");
    }

    [Fact]
    public void Every_op_has_a_method()
    {
        string code = File.ReadAllText(Path.Combine(s_root, "src/Client/Tensor.Ops.g.cs")) + File.ReadAllText(Path.Combine(s_root, "src/Client/Session.Ops.g.cs"));
        foreach (var entry in OpTable.Entries)
            Assert.Equal(!entry.Schema.Hidden, code.Contains($"\"{entry.Schema.Name}\")", StringComparison.Ordinal));
    }

    [Fact]
    public void The_client_does_not_know_the_engine() => Assert.DoesNotContain(References(typeof(AutogradSession)), r => r is "AutogradService.Engine" or "AutogradService.Server");

    [Fact]
    public void The_engine_knows_neither_protobuf_nor_the_web() => Assert.DoesNotContain(
        References(typeof(OpTable)), r => r.StartsWith("Google.", StringComparison.Ordinal) || r.StartsWith("Grpc.", StringComparison.Ordinal) || r.StartsWith("Microsoft.", StringComparison.Ordinal) || r.StartsWith("AutogradService.", StringComparison.Ordinal));

    [Fact]
    public void The_server_does_not_know_the_client() => Assert.DoesNotContain("AutogradService.Client", References(typeof(Server.Hosting.ServerHost)));

    [Fact]
    public void The_clients_enums_are_the_contracts()
    {
        foreach (var dtype in Enum.GetValues<DType>()) Assert.Equal(dtype.ToString(), ((Autograd.V1.DataType)dtype).ToString(), ignoreCase: true);
        Assert.Equal(Enum.GetValues<Autograd.V1.DataType>().Length - 1, Enum.GetValues<DType>().Length);
        foreach (var reason in Enum.GetValues<Autograd.V1.ErrorReason>()) Assert.Equal(reason.ToString(), ((ErrorReason)(int)reason).ToString());
    }

    private static IEnumerable<string> References(Type type) => type.Assembly.GetReferencedAssemblies().Select(a => a.Name!);
}
