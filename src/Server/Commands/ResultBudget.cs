using AutogradService.Server.Calls;
using AutogradService.Server.Errors;

namespace AutogradService.Server.Commands;

/// <summary>Bytes that the answer to one batch may still take: results are refused before they are made too large to send.</summary>
internal sealed class ResultBudget(long bytesMax, MessageCharge? charge = null)
{
    // What an answer needs beside the results, and room for shortened errors of the commands that follow.
    private const long Reserve = 8192;
    private long _left = bytesMax - Reserve;
    private long _uncharged;

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
}
