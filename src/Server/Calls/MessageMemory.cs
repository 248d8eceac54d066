using AutogradService.Server.Errors;
using AutogradService.Server.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace AutogradService.Server.Calls;

/// <summary>
/// .NET's heap as far as messages take it: what was received and is not yet done with, what was made and is not yet sent. Bounded for all calls together, because a heap that is full fails
/// wherever somebody asks next, which may be the code that holds a connection with everybody's calls on it.
/// </summary>
internal sealed class MessageMemory(IOptions<ServerOptions> options)
{
    private static readonly TimeSpan s_delay = TimeSpan.FromMilliseconds(200);
    private readonly long _bytesMax = options.Value.Limits.MessageHeapBytes;
    // A single large message is better served than refused for ever.
    private readonly long _aloneMax = Math.Max(options.Value.Limits.MessageHeapBytes, MemoryShares.Heap / 2);
    private long _used;

    /// <summary>Bytes taken.</summary>
    public long Used => Volatile.Read(ref _used);

    /// <summary>Bytes that may be taken.</summary>
    public long BytesMax => _bytesMax;

    /// <summary>Counts what a call takes, from its first byte until its answer has left.</summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        using var charge = new MessageCharge(this, context.Features.GetRequiredFeature<IRequestBodyPipeFeature>());
        context.Features.Set<IRequestBodyPipeFeature>(charge);
        await next(context);
        if (!charge.HasMade || context.Response.Headers.ContainsKey("grpc-status")) return;
        try
        {
            // What is still in the way out counts until the client has taken it.
            await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // It went away.
        }
    }

    /// <summary>Takes bytes for a call.</summary>
    /// <param name="bytes">How many more.</param>
    /// <param name="own">How many the same call has.</param>
    /// <exception cref="Refusal">QUOTA_SERVER_MEMORY.</exception>
    public void Take(long bytes, long own)
    {
        while (true)
        {
            long used = Used;
            if (used + bytes > (used == own ? _aloneMax : _bytesMax))
                throw Refusal.Quota(Wire.ErrorReason.QuotaServerMemory, $"messages under way may take {_bytesMax} bytes of the server's heap: they take {used} and {bytes} more were asked for; send less at once, or use the chunked calls", _bytesMax, s_delay);
            if (Interlocked.CompareExchange(ref _used, used + bytes, used) == used) return;
        }
    }

    /// <summary>Gives bytes back.</summary>
    public void Give(long bytes) => Interlocked.Add(ref _used, -bytes);
}
