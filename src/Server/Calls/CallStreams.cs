using AutogradService.Server.Errors;
using Grpc.Core;

namespace AutogradService.Server.Calls;

/// <summary>
/// A call's requests. The framework's words for what a client did become ours: a stream that is over, because the client reset it this moment, is a call that was cancelled, and bytes
/// that frame no message are refused. Neither is a bug, which is what the same exceptions are anywhere else.
/// </summary>
internal sealed class CallReader<T>(IAsyncStreamReader<T> inner) : IAsyncStreamReader<T>
{
    public T Current => inner.Current;

    public Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        var next = inner.MoveNext(cancellationToken);
        return next.IsCompletedSuccessfully ? next : NextAsync(next);
    }

    private static async Task<bool> NextAsync(Task<bool> next)
    {
        try
        {
            return await next;
        }
        catch (InvalidOperationException e)
        {
            throw new OperationCanceledException(e.Message, e);
        }
        catch (InvalidDataException e)
        {
            throw Refusal.Malformed(e.Message);
        }
    }
}

/// <summary>A call's responses, in the same way: the client of a stream that is over has gone.</summary>
internal sealed class CallWriter<T>(IServerStreamWriter<T> inner) : IServerStreamWriter<T>
{
    public WriteOptions? WriteOptions
    {
        get => inner.WriteOptions;
        set => inner.WriteOptions = value;
    }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        var written = inner.WriteAsync(message, cancellationToken);
        return written.IsCompletedSuccessfully ? written : WrittenAsync(written);
    }

    private static async Task WrittenAsync(Task written)
    {
        try
        {
            await written;
        }
        catch (InvalidOperationException e)
        {
            throw new OperationCanceledException(e.Message, e);
        }
    }
}
