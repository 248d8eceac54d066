using AutogradService.Server.Errors;
using Grpc.Core;

namespace AutogradService.Server.Calls;

/// <summary>
/// The half of a stream that sends while the other reads, and what ends the reading: the client's going, the server's closing, and a failure to send, because a client that waits for the answer
/// that failed will send nothing more.
/// </summary>
internal sealed class SendingSide(CancellationToken cancelled, CancellationToken closing) : IDisposable
{
    // What a client that was cut off may still take to read the answers it is owed.
    private static readonly TimeSpan s_farewell = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _ending = CancellationTokenSource.CreateLinkedTokenSource(cancelled, closing);

    /// <summary>The latest sending; complete when all that was put in is sent.</summary>
    public Task Sending { get; set; } = Task.CompletedTask;

    /// <summary>Cancelled when nothing more is to be read.</summary>
    public CancellationToken EndingToken => _ending.Token;

    /// <summary>Sending has failed: nothing more is read.</summary>
    public void Fail()
    {
        try
        {
            _ending.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The call ended meanwhile.
        }
    }

    /// <summary>Reads the next message.</summary>
    /// <exception cref="Refusal">DRAINING.</exception>
    /// <exception cref="OperationCanceledException">The client went away.</exception>
    public async Task<bool> NextAsync<T>(IAsyncStreamReader<T> messages)
    {
        try
        {
            return await messages.MoveNext(EndingToken);
        }
        catch (OperationCanceledException) when (!cancelled.IsCancellationRequested)
        {
            throw await WhyAsync();
        }
    }

    /// <summary>Why reading ended although the client is there.</summary>
    public async Task<Exception> WhyAsync()
    {
        // It fails by what it threw, which says more.
        if (!closing.IsCancellationRequested) await Sending;
        return Refusal.Draining();
    }

    /// <summary>What was run is still answered, if the client reads; then an error tells the rest.</summary>
    public async Task BidFarewellAsync()
    {
        await Task.WhenAny(Sending, Task.Delay(s_farewell, cancelled));
        Forget();
    }

    public void Dispose()
    {
        Forget();
        _ending.Dispose();
    }

    // Whoever reads nothing any more has the last message fail when the call is over, and nobody asks why.
    private void Forget() => Sending.ContinueWith(static sending => _ = sending.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
