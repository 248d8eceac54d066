using AutogradService.Server.Errors;

namespace AutogradService.Server.Sessions;

/// <summary>
/// What makes a numbered command apply once: the last applied number, and the answers to the latest commands, bounded in number
/// and bytes. Numbers ascend, so the ring is sorted.
/// </summary>
internal sealed class KeptResults(int resultsMax, long bytesMax)
{
    private readonly record struct Kept(ulong Seq, ulong Fingerprint, Wire.CommandResult? Result, int Bytes);

    private Kept[] _ring = new Kept[Math.Min(64, resultsMax)];
    private int _start;
    private int _count;
    private long _bytes;

    /// <summary>The highest number applied; 0 if none was.</summary>
    public ulong LastApplied { get; private set; }

    /// <summary>Whether a command was applied before; then its answer.</summary>
    /// <param name="seq">The command's number; not 0.</param>
    /// <param name="fingerprint">Of the command.</param>
    /// <param name="result">The answer given then; null if it succeeded and none was wanted.</param>
    /// <exception cref="Refusal">SEQUENCE_REUSED or SEQUENCE_STALE.</exception>
    public bool TryFind(ulong seq, ulong fingerprint, out Wire.CommandResult? result)
    {
        result = null;
        if (seq > LastApplied) return false;
        int low = 0, high = _count - 1;
        while (low <= high)
        {
            int middle = (low + high) >> 1;
            ref readonly var kept = ref At(middle);
            if (kept.Seq == seq)
            {
                if (kept.Fingerprint != fingerprint)
                    throw new Refusal(Wire.ErrorReason.SequenceReused, $"command {seq} was sent before with another content") { Field = "seq" }.With("last_applied_seq", LastApplied);
                result = kept.Result;
                return true;
            }
            if (kept.Seq < seq) low = middle + 1;
            else high = middle - 1;
        }
        throw new Refusal(Wire.ErrorReason.SequenceStale, $"command {seq} comes after command {LastApplied} was applied, and no answer to it is kept") { Field = "seq" }.With("last_applied_seq", LastApplied);
    }

    /// <summary>Notes that a command was applied.</summary>
    public void Add(ulong seq, ulong fingerprint, Wire.CommandResult? result)
    {
        LastApplied = seq;
        int bytes = result?.CalculateSize() ?? 0;
        while (_count > 0 && (_count == resultsMax || _bytes + bytes > bytesMax)) DropOldest();
        if (bytes > bytesMax) return;
        if (_count == _ring.Length) Grow();
        At(_count++) = new Kept(seq, fingerprint, result, bytes);
        _bytes += bytes;
    }

    private ref Kept At(int index) => ref _ring[_start + index < _ring.Length ? _start + index : _start + index - _ring.Length];

    private void DropOldest()
    {
        _bytes -= At(0).Bytes;
        At(0) = default;
        if (++_start == _ring.Length) _start = 0;
        _count--;
    }

    private void Grow()
    {
        var larger = new Kept[Math.Min(_ring.Length * 2, resultsMax)];
        for (int i = 0; i < _count; i++) larger[i] = At(i);
        _ring = larger;
        _start = 0;
    }
}
