using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace AutogradService.Server.Tests.Security;

/// <summary>Keeps what the audit log is told.</summary>
internal sealed class RecordedLog : ILoggerProvider
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyCollection<string> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => new Recorder(categoryName == "Autograd.Audit" ? _lines : null);

    public void Dispose() { }

    private sealed class Recorder(ConcurrentQueue<string>? lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => lines is not null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => lines?.Enqueue(formatter(state, exception));
    }
}
