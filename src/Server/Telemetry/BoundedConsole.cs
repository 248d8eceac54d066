using Microsoft.Extensions.Logging.Console;

namespace AutogradService.Server.Telemetry;

/// <summary>The console's log, of which only so much is written in a second: errors that a client can cause as fast as it can call must not fill a disk.</summary>
[ProviderAlias("Console")]
internal sealed class BoundedConsole(ConsoleLoggerProvider console, ServerMeter meter, int perSecond, TimeProvider time) : ILoggerProvider, ISupportExternalScope
{
    // What a start or a stop writes at once.
    private const int SecondsSaved = 5;
    private readonly Lock _lock = new();
    private double _room = perSecond * SecondsSaved;
    private long _lastTicks = time.GetTimestamp();
    private long _dropped;

    public ILogger CreateLogger(string categoryName) => new Logger(this, console.CreateLogger(categoryName));

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => console.SetScopeProvider(scopeProvider);

    public void Dispose() => console.Dispose();

    /// <summary>Whether an entry may be written.</summary>
    /// <param name="dropped">How many were not, since the last one that was.</param>
    private bool TryTake(out long dropped)
    {
        lock (_lock)
        {
            long now = time.GetTimestamp();
            _room = Math.Min(_room + time.GetElapsedTime(_lastTicks, now).TotalSeconds * perSecond, perSecond * SecondsSaved);
            _lastTicks = now;
            if (_room < 1)
            {
                _dropped++;
                dropped = 0;
                meter.EntryDropped();
                return false;
            }
            _room--;
            dropped = _dropped;
            _dropped = 0;
            return true;
        }
    }

    private sealed class Logger(BoundedConsole console, ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => inner.BeginScope(state);

        public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!inner.IsEnabled(logLevel)) return;
            if (!console.TryTake(out long dropped)) return;
            if (dropped > 0) inner.EntriesDropped(dropped);
            inner.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
