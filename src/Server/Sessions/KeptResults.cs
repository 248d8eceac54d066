using AutogradService.Server.Errors;

namespace AutogradService.Server.Sessions;

/// <summary>
/// What makes a numbered command apply once: the last applied number, and the answers to the latest commands, bounded in number
/// and bytes. Numbers ascend, so the ring is sorted. Of an answer too large to keep, what was read is kept.
/// </summary>
/// <param name="resultsMax">Answers that are kept.</param>
/// <param name="bytesMax">Bytes of them.</param>
/// <param name="readBytesMax">Bytes of the tensors that are held for answers too large to keep.</param>
internal sealed class KeptResults(int resultsMax, long bytesMax, long readBytesMax)
{
    private readonly record struct Kept(ulong Seq, ulong Fingerprint, Wire.CommandResult? Result, int Bytes, bool TooLarge, KeptRead? Read);

    private const int SmallestRing = 16;
    private Kept[] _ring = new Kept[Math.Min(SmallestRing, resultsMax)];
    private int _start;
    private int _count;
    private long _bytes;
    private long _readBytes;
    // So many of the oldest were asked already whether their bytes can be given up.
    private int _shrunk;
    private ulong _lastChange;

    /// <summary>The highest number applied; 0 if none was.</summary>
    public ulong LastApplied { get; private set; }

    /// <summary>Whether a command was applied before; then its answer.</summary>
    /// <param name="seq">The command's number; not 0.</param>
    /// <param name="fingerprint">Of the command.</param>
    /// <param name="result">The answer given then; null if it succeeded and none was wanted.</param>
    /// <param name="read">What it read, if its answer was too large to keep: the answer is to be made of it.</param>
    /// <param name="again">Whether it is to be run again: it only read, its answer was too large to keep, and nothing has changed since.</param>
    /// <exception cref="Refusal">SEQUENCE_REUSED or SEQUENCE_STALE.</exception>
    public bool TryFind(ulong seq, ulong fingerprint, out Wire.CommandResult? result, out KeptRead? read, out bool again)
    {
        result = null;
        read = null;
        again = false;
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
                if (kept.TooLarge && kept.Read is { IsModified: false }) read = kept.Read;
                else if (kept.TooLarge && _lastChange > seq) break;
                else again = kept.TooLarge;
                result = kept.Result;
                return !again;
            }
            if (kept.Seq < seq) low = middle + 1;
            else high = middle - 1;
        }
        throw new Refusal(Wire.ErrorReason.SequenceStale, $"command {seq} comes after command {LastApplied} was applied, and no answer to it is kept") { Field = "seq" }.With("last_applied_seq", LastApplied);
    }

    /// <summary>Notes that a command was applied.</summary>
    /// <param name="seq">Its number; 0 if it has none.</param>
    /// <param name="fingerprint">Of the command.</param>
    /// <param name="result">Its answer.</param>
    /// <param name="isRead">Whether it changes nothing.</param>
    /// <param name="read">What it read, where that can be held.</param>
    public void Add(ulong seq, ulong fingerprint, Wire.CommandResult? result, bool isRead, KeptRead? read)
    {
        if (!isRead) _lastChange = seq == 0 ? LastApplied + 1 : seq;
        if (seq == 0) return;
        LastApplied = seq;
        int bytes = result?.CalculateSize() ?? 0;
        bool tooLarge = bytes > bytesMax;
        // What is too large is kept only if reading again gives the same; the number then says which command that was.
        if (tooLarge && !isRead) return;
        if (tooLarge) (result, bytes) = (null, 0);
        if (read is not null && read.Bytes > readBytesMax)
        {
            read.Dispose();
            read = null;
        }
        while (_bytes + bytes > bytesMax && _shrunk < _count) Shrink(ref At(_shrunk++));
        while (_count > 0 && (_count == resultsMax || _bytes + bytes > bytesMax || _readBytes + (read?.Bytes ?? 0) > readBytesMax)) DropOldest();
        if (_count == _ring.Length) Resize(Math.Min(_ring.Length * 2, resultsMax));
        At(_count++) = new Kept(seq, fingerprint, result, bytes, tooLarge, read);
        _bytes += bytes;
        _readBytes += read?.Bytes ?? 0;
    }

    /// <summary>Forgets the answers up to a number: the client has them.</summary>
    public void Forget(ulong seq)
    {
        while (_count > 0 && At(0).Seq <= seq) DropOldest();
    }

    /// <summary>Gives back memory that is not needed for what is kept.</summary>
    public void Trim()
    {
        int size = Math.Min(SmallestRing, resultsMax);
        while (size < _count) size = Math.Min(size * 2, resultsMax);
        if (size < _ring.Length) Resize(size);
    }

    private ref Kept At(int index) => ref _ring[_start + index < _ring.Length ? _start + index : _start + index - _ring.Length];

    // Its answer can be made again of what was read.
    private void Shrink(ref Kept kept)
    {
        if (kept.Read is not { IsModified: false }) return;
        _bytes -= kept.Bytes;
        kept = kept with { Result = null, Bytes = 0, TooLarge = true };
    }

    private void DropOldest()
    {
        ref var oldest = ref At(0);
        _bytes -= oldest.Bytes;
        if (oldest.Read is { } read)
        {
            _readBytes -= read.Bytes;
            read.Dispose();
        }
        if (_shrunk > 0) _shrunk--;
        oldest = default;
        if (++_start == _ring.Length) _start = 0;
        _count--;
    }

    private void Resize(int size)
    {
        var ring = new Kept[size];
        for (int i = 0; i < _count; i++) ring[i] = At(i);
        _ring = ring;
        _start = 0;
    }
}
