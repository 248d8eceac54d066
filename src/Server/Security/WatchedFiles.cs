using AutogradService.Server.Hosting;
using Microsoft.Extensions.Options;

namespace AutogradService.Server.Security;

/// <summary>
/// Files of keys and certificates, read again when they change. What they say is compared rather than their time, and they are looked at rather than watched: that is what works with
/// the links that containers mount secrets as. Content that is no good leaves what was read before in force.
/// </summary>
internal sealed class WatchedFiles(IOptions<ServerOptions> options, AuditLog audit) : BackgroundService
{
    private const int BytesMax = 32 << 20;
    private readonly List<Watched> _watched = [];
    private int _generation;

    /// <summary>Raised after a change has come into force.</summary>
    public event Action? Changed;

    /// <summary>Counts changes: what was found out from a credential before the last one has to be found out again.</summary>
    public int Generation => Volatile.Read(ref _generation);

    /// <summary>Reads files now, and again whenever one of them changes.</summary>
    /// <param name="what">What they are, for people.</param>
    /// <param name="paths">Where they are.</param>
    /// <param name="load">Puts their contents into force, all of it or, by an exception, nothing; tells in words what there is now.</param>
    /// <exception cref="InvalidOperationException">They cannot be read, or say nothing sensible: a server must not start without them.</exception>
    public void Add(string what, IReadOnlyList<string> paths, Func<IReadOnlyList<byte[]>, string> load)
    {
        var watched = new Watched(what, paths, load);
        try
        {
            watched.Contents = Read(paths);
            load(watched.Contents);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{what} ({string.Join(", ", paths)}): {e.Message}", e);
        }
        lock (_watched) _watched.Add(watched);
    }

    /// <summary>Looks at all files now.</summary>
    public void Look()
    {
        lock (_watched)
            foreach (var watched in _watched) Look(watched);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.Value.Security.ReloadSeconds));
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) Look();
        }
        catch (OperationCanceledException)
        {
            // The server stops.
        }
    }

    private void Look(Watched watched)
    {
        try
        {
            var contents = Read(watched.Paths);
            bool same = true;
            for (int i = 0; same && i < contents.Length; i++) same = contents[i].AsSpan().SequenceEqual(watched.Contents[i]);
            if (same && watched.Fault.Length == 0) return;
            // What was refused is told once, not each time it is seen.
            if (same && watched.IsRefused) return;
            watched.Contents = contents;
            watched.IsRefused = true;
            string now = watched.Load(contents);
            watched.IsRefused = false;
            watched.Fault = "";
            Interlocked.Increment(ref _generation);
            audit.Reloaded(watched.What, now);
            Changed?.Invoke();
        }
        // Whatever is wrong with a file, the server goes on with what it has.
        catch (Exception e)
        {
            if (watched.Fault == e.Message) return;
            watched.Fault = e.Message;
            audit.ReloadFailed(watched.What, e.Message);
        }
    }

    private static byte[][] Read(IReadOnlyList<string> paths) => [.. paths.Select(static path =>
    {
        if (new FileInfo(path) is { Exists: true, Length: > BytesMax }) throw new IOException($"{path} has more than {BytesMax} bytes");
        return File.ReadAllBytes(path);
    })];

    private sealed class Watched(string what, IReadOnlyList<string> paths, Func<IReadOnlyList<byte[]>, string> load)
    {
        public string What => what;

        public IReadOnlyList<string> Paths => paths;

        public Func<IReadOnlyList<byte[]>, string> Load => load;

        public byte[][] Contents { get; set; } = [];

        /// <summary>Whether those contents were no good.</summary>
        public bool IsRefused { get; set; }

        /// <summary>What was last said to be wrong.</summary>
        public string Fault { get; set; } = "";
    }
}
