using System.Diagnostics;

namespace AutogradService.Server.Tests;

/// <summary>The protos pass buf's lint, comments on everything included.</summary>
public sealed class ProtoLintTests
{
    [Fact]
    public async Task Buf_finds_nothing_to_say()
    {
        string buf = Path.Combine(Repository.Root, "tests/.cache/buf/node_modules/.bin/buf");
        Assert.True(File.Exists(buf), "buf is not installed: run tests/tools/install-buf.sh (test.sh does)");
        foreach (string[] arguments in new string[][] { ["lint"], ["build", "-o", "/dev/null"] })
        {
            var start = new ProcessStartInfo(buf, arguments) { WorkingDirectory = Repository.Root, RedirectStandardOutput = true, RedirectStandardError = true };
            using var process = Process.Start(start)!;
            string said = await process.StandardOutput.ReadToEndAsync() + await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0, said);
        }
    }

    [Fact]
    public void The_common_command_has_no_list_and_no_map()
    {
        // Each is allocated with every message: see ApplyOp in command.proto.
        foreach (var message in new[] { Wire.Command.Descriptor, Wire.ApplyOp.Descriptor })
            Assert.All(message.Fields.InDeclarationOrder(), field => Assert.False(field.IsRepeated, field.FullName));
    }

    [Theory]
    [InlineData("TensorData", "data")]
    [InlineData("TensorChunk", "data")]
    public void Payloads_come_last(string message, string field)
    {
        var descriptor = Wire.TensorReflection.Descriptor.MessageTypes.Single(m => m.Name == message);
        Assert.Equal(field, descriptor.Fields.InFieldNumberOrder().Last().Name);
    }
}
