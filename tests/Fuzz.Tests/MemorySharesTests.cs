using AutogradService.Server.Hosting;

namespace AutogradService.Fuzz.Tests;

/// <summary>Who may have how much of a container's memory, and where the limit is read from.</summary>
public sealed class MemorySharesTests
{
    private const long Mebibyte = 1 << 20;

    [Theory]
    [InlineData("0::/\n", "memory.max", "536870912\n", 512 * Mebibyte)]
    [InlineData("0::/a/b\n", "a/memory.max", "268435456\n", 256 * Mebibyte)] // what is above counts
    [InlineData("0::/a/b\n", "memory.max", "max\n", null)]
    [InlineData("1:cpu:/x\n4:memory:/docker/1\n", "memory/memory.limit_in_bytes", "134217728\n", 128 * Mebibyte)] // the mount shows the container's own group as its root
    [InlineData("4:memory:/\n", "memory/memory.limit_in_bytes", "9223372036854771712\n", null)]
    [InlineData("", "memory.max", "1048576\n", null)]
    public void The_limit_is_read_from_the_control_groups(string groups, string file, string content, long? expected)
    {
        string folder = Directory.CreateTempSubdirectory("cgroup-").FullName;
        try
        {
            string path = Path.Combine(folder, "root", file);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, content);
            File.WriteAllText(Path.Combine(folder, "groups"), groups);
            Assert.Equal(expected, MemoryShares.ContainerLimit(Path.Combine(folder, "groups"), Path.Combine(folder, "root")));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData(128)]
    [InlineData(256)]
    [InlineData(512)]
    [InlineData(4096)]
    [InlineData(262_144)]
    public void A_containers_shares_leave_room_for_the_program(long mebibytes)
    {
        long limit = mebibytes * Mebibyte, heap = limit / 4 * 3;
        long tensors = MemoryShares.ForTensors(limit, heap), messages = MemoryShares.ForMessages(limit, heap);
        Assert.True(tensors >= limit / 4 && messages >= limit / 16, $"{tensors} {messages}");
        Assert.True(tensors + messages <= limit - Math.Min(limit / 2, 128 * Mebibyte), $"{tensors} and {messages} of {limit}");
    }

    [Fact]
    public void Without_a_container_the_shares_are_of_the_machine()
    {
        Assert.Equal(12 << 10, MemoryShares.ForTensors(null, 16384 * Mebibyte) / Mebibyte);
        Assert.Equal(2 << 10, MemoryShares.ForMessages(null, 16384 * Mebibyte) / Mebibyte);
    }
}
