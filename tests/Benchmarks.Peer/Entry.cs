using TorchSharp;

namespace AutogradService.Benchmarks.Peer;

/// <summary>
/// What the benchmark loads. It has no type in common with this assembly: it finds these three methods by name, and rows by the names they go by
/// in the table.
/// </summary>
public static class Entry
{
    private static readonly Dictionary<string, Func<Action>> s_rows = Rows.All();
    private static DisposeScope? s_held;

    /// <summary>Loads libtorch.</summary>
    /// <returns>Its name and version.</returns>
    public static string Open()
    {
        torch.InitializeDeviceType(DeviceType.CPU);
        return $"libtorch {torch.__version__}";
    }

    /// <summary>How many threads a kernel may use.</summary>
    public static void SetThreads(int count) => torch.set_num_threads(count);

    /// <summary>Prepares a row; what an earlier one held is given back.</summary>
    /// <returns>A loop of as many calls as it is told; null: there is no such row here.</returns>
    public static Action<long>? Prepare(string row)
    {
        s_held?.Dispose();
        s_held = null;
        if (!s_rows.TryGetValue(row, out var prepare)) return null;
        s_held = torch.NewDisposeScope();
        var call = prepare();
        return calls =>
        {
            for (long i = 0; i < calls; i++) call();
        };
    }
}
