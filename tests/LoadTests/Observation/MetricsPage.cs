using System.Globalization;

namespace AutogradService.LoadTests.Observation;

/// <summary>The server's metrics in Prometheus' text form, where it serves them.</summary>
/// <param name="address">The page; null: none is known.</param>
internal sealed class MetricsPage(Uri? address) : IDisposable
{
    private static readonly string[] s_heap = ["dotnet_gc_last_collection_heap_size_bytes", "process_runtime_dotnet_gc_heap_size_bytes", "dotnet_gc_heap_size_bytes"];
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(2), MaxResponseContentBufferSize = 8 << 20 };
    private bool _absent = address is null;

    /// <summary>Bytes of the garbage-collected heap, all generations together; null if the server does not say.</summary>
    public async Task<double?> HeapBytesAsync(CancellationToken cancellation)
    {
        if (_absent) return null;
        try
        {
            using var response = await _http.GetAsync(address, cancellation);
            if (!response.IsSuccessStatusCode)
            {
                _absent = true;
                return null;
            }
            string text = await response.Content.ReadAsStringAsync(cancellation);
            foreach (string name in s_heap)
                if (Sum(text, name) is { } bytes) return bytes;
            return null;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or InvalidOperationException)
        {
            // Too busy at the moment, or not there: the chart has a gap.
            return null;
        }
    }

    /// <summary>The sum of all series of a metric; null if there is none.</summary>
    internal static double? Sum(string text, string name)
    {
        double? sum = null;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (!line.StartsWith(name, StringComparison.Ordinal) || line.Length <= name.Length || line[name.Length] is not ('{' or ' ')) continue;
            int labels = line.LastIndexOf('}');
            var rest = line[(labels < 0 ? name.Length : labels + 1)..].Trim();
            int end = rest.IndexOf(' ');
            if (double.TryParse(end < 0 ? rest : rest[..end], NumberStyles.Float, CultureInfo.InvariantCulture, out double value)) sum = (sum ?? 0) + value;
        }
        return sum;
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();
}
