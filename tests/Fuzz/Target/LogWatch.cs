using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace AutogradService.Fuzz.Target;

/// <summary>Keeps what a server logs at Error or above, and what its process let go unobserved: each is a finding.</summary>
internal sealed class LogWatch : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _errors = new();

    public LogWatch()
    {
        AppDomain.CurrentDomain.UnhandledException += OnUnhandled;
        TaskScheduler.UnobservedTaskException += OnUnobserved;
    }

    /// <summary>Takes what was logged since the last time.</summary>
    public List<string> Take()
    {
        var taken = new List<string>();
        while (_errors.TryDequeue(out string? error)) taken.Add(error);
        return taken;
    }

    public ILogger CreateLogger(string categoryName) => new Watched(this, categoryName);

    public void Dispose()
    {
        AppDomain.CurrentDomain.UnhandledException -= OnUnhandled;
        TaskScheduler.UnobservedTaskException -= OnUnobserved;
    }

    private void OnUnhandled(object sender, UnhandledExceptionEventArgs e) => _errors.Enqueue($"unhandled: {e.ExceptionObject}");

    // Whoever sent a request that was cut short may leave the client's own task unobserved; the server's tasks are what counts.
    private void OnUnobserved(object? sender, UnobservedTaskExceptionEventArgs e)
    {
        string text = e.Exception.ToString();
        if (text.Contains("AutogradService.Server", StringComparison.Ordinal) || text.Contains("AutogradService.Engine", StringComparison.Ordinal)) _errors.Enqueue($"unobserved: {text}");
    }

    private sealed class Watched(LogWatch watch, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel)) watch._errors.Enqueue($"{category}: {formatter(state, exception)} {exception}");
        }
    }
}
