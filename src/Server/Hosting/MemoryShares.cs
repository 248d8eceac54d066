using System.Globalization;

namespace AutogradService.Server.Hosting;

/// <summary>
/// What there is of memory, and who may have how much of it where nobody has said. In a container, apart from 128 MiB for the program: three quarters for tensors, an eighth for messages under way,
/// an eighth for everything else. On a machine of its own: three quarters and an eighth of all.
/// </summary>
internal static class MemoryShares
{
    private const long ProgramBytes = 128L << 20;
    private const long LeastHeapBytes = 32L << 20;
    private const string CgroupFiles = "/sys/fs/cgroup";

    /// <summary>What .NET's heap may grow to, as .NET was told or found out.</summary>
    public static long Heap { get; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>For tensors.</summary>
    public static long Tensors => ForTensors(Container, Heap);

    /// <summary>For messages under way.</summary>
    public static long Messages => ForMessages(Container, Heap);

    // Looked up once: it does not change while the process lives, or .NET would not know either.
    private static long? Container { get; } = ContainerLimit("/proc/self/cgroup", CgroupFiles);

    /// <inheritdoc cref="Tensors"/>
    public static long ForTensors(long? container, long heap) => container is { } limit ? Math.Max((limit - ProgramBytes) / 4 * 3, limit / 4) : heap / 4 * 3;

    /// <inheritdoc cref="Messages"/>
    public static long ForMessages(long? container, long heap)
    {
        long share = container is { } limit ? Math.Max((limit - ProgramBytes) / 8, limit / 16) : heap / 8;
        // Whatever the container has, .NET may have been told to take less.
        return Math.Max(Math.Min(share, (heap - LeastHeapBytes) / 2), heap / 8);
    }

    /// <summary>The smallest limit of the control groups that the process is in; null if there is none.</summary>
    /// <param name="groups">/proc/self/cgroup.</param>
    /// <param name="root">Where control groups are mounted.</param>
    public static long? ContainerLimit(string groups, string root)
    {
        if (!OperatingSystem.IsLinux() || !File.Exists(groups)) return null;
        long? least = null;
        foreach (string line in File.ReadLines(groups))
        {
            // 0::/path in version 2; 4:memory:/path in version 1.
            if (line.Split(':', 3) is not [_, var controllers, var path]) continue;
            bool isFirst = controllers.Split(',').Contains("memory");
            if (!isFirst && controllers.Length > 0) continue;
            string mounted = isFirst ? Path.Combine(root, "memory") : root;
            string file = isFirst ? "memory.limit_in_bytes" : "memory.max";
            // What is above counts too. Where the mount shows less than the path says, its root is the process's own group.
            for (string? at = path.Trim('/'); at is not null; at = at.Length == 0 ? null : Path.GetDirectoryName(at))
                if (Limit(Path.Combine(mounted, at, file)) is { } limit && limit < (least ?? long.MaxValue)) least = limit;
        }
        return least;
    }

    // "max", and near the largest number, mean none.
    private static long? Limit(string file)
    {
        const long none = 1L << 60;
        if (!File.Exists(file)) return null;
        return long.TryParse(File.ReadAllText(file), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out long limit) && limit is > 0 and < none ? limit : null;
    }
}
