using AutogradService.Server.Calls;
using AutogradService.Server.Errors;

namespace AutogradService.Server.Commands;

/// <summary>
/// Bytes that the answer to one batch may still take: results are refused before they are made too large to send. And the memory that they take, which is used again once a
/// large one was sent: fresh memory costs as much as all the copying.
/// </summary>
/// <param name="bytesMax">Bytes of the answer.</param>
/// <param name="charge">The call's charge.</param>
/// <param name="lentBytesMin">Results of so many bytes are in nobody's hands once the answer was sent, and <see cref="Dispose"/> is called then.</param>
internal sealed class ResultBudget(long bytesMax, MessageCharge? charge = null, long lentBytesMin = long.MaxValue) : IDisposable
{
    // What an answer needs beside the results, and room for shortened errors of the commands that follow.
    private const long Reserve = 8192;
    private long _left = bytesMax - Reserve;
    private long _uncharged;
    private List<byte[]>? _lent;

    /// <summary>Bytes of results so far.</summary>
    public long Spent => bytesMax - Reserve - _left;

    /// <summary>Bytes of them that the heap's share for messages was charged.</summary>
    public long Charged { get; private set; }

    /// <summary>Whether so little is left that errors must be short.</summary>
    public bool IsNearlySpent => _left < bytesMax / 8;

    /// <summary>Makes room for a result's payload before it is made.</summary>
    /// <exception cref="Refusal">QUOTA_MESSAGE_BYTES, QUOTA_SERVER_MEMORY.</exception>
    public void Charge(long bytes)
    {
        if (bytes > _left)
            throw Refusal.Quota(Wire.ErrorReason.QuotaMessageBytes, $"a result of {bytes} bytes does not fit into an answer of {bytesMax} bytes, of which {Math.Max(_left, 0)} are left; use DownloadTensor, or smaller batches", bytesMax);
        if (charge is not null && _uncharged + bytes > MessageCharge.SmallBytes)
        {
            charge.Make(_uncharged + bytes);
            Charged += _uncharged + bytes;
            _uncharged = -bytes;
        }
        _uncharged += bytes;
        _left -= bytes;
    }

    /// <summary>Counts what is sent in any case.</summary>
    public void Count(long bytes) => _left -= bytes;

    /// <summary>Memory for a result's payload.</summary>
    public Memory<byte> Take(int bytes)
    {
        if (bytes < lentBytesMin) return GC.AllocateUninitializedArray<byte>(bytes);
        var lent = LargeBuffers.Rent(bytes);
        (_lent ??= []).Add(lent);
        return lent.AsMemory(0, bytes);
    }

    /// <summary>Takes the memory of large results back: they were sent.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _lent, null) is not { } lent) return;
        foreach (var memory in lent) LargeBuffers.Return(memory);
    }
}
