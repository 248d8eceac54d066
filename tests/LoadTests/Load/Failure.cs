using AutogradService.Client;

namespace AutogradService.LoadTests.Load;

/// <summary>What a failed request means.</summary>
internal enum FailureKind
{
    /// <summary>The server said that it would not, and why: what it should do under too much load.</summary>
    Refused,
    /// <summary>Anything else: a bug, a lost connection, a deadline.</summary>
    Failed,
}

/// <summary>Why a request did not succeed.</summary>
/// <param name="Reason">The typed reason, or what stands in for one.</param>
/// <param name="Kind">What it means.</param>
/// <param name="Text">What the exception says.</param>
/// <param name="IsDependency">Whether the request failed only because another had.</param>
internal sealed record Failure(string Reason, FailureKind Kind, string Text, bool IsDependency = false)
{
    /// <summary>The reason of requests that were not answered within the client's patience.</summary>
    public const string TimedOut = "client timeout";

    /// <summary>The reason of requests that were still under way when the load had ended and nobody waited any longer.</summary>
    public const string Unanswered = "unanswered at the end";

    /// <summary>What an exception of the client means.</summary>
    public static Failure Of(Exception exception) => exception switch
    {
        AutogradException e => new Failure(e.Reason == ErrorReason.Unspecified ? $"gRPC {e.Code}" : e.Reason.ToString(), IsRefusal(e) ? FailureKind.Refused : FailureKind.Failed, e.Message, e.IsDependency),
        OperationCanceledException => new Failure(TimedOut, FailureKind.Failed, exception.Message),
        _ => new Failure(exception.GetType().Name, FailureKind.Failed, exception.Message),
    };

    // Those that waiting helps with carry a time to wait; those of the server as a whole do by their nature.
    private static bool IsRefusal(AutogradException e) =>
        e.Reason is ErrorReason.Overloaded or ErrorReason.Draining or ErrorReason.QuotaQueue or ErrorReason.QuotaSessions or ErrorReason.QuotaServerMemory || (e.RetryAfter is not null && e.Reason != ErrorReason.Unspecified);
}
