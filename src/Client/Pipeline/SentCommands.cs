namespace AutogradService.Client;

/// <summary>What was sent and not yet acknowledged: where each command was given. A ring, indexed by sequence number.</summary>
internal sealed class SentCommands
{
    private Entry[] _ring = new Entry[256];
    private ulong _first = 1;
    private ulong _next = 1;
    private const int KeptMax = 1 << 18;
    private readonly Dictionary<ulong, (string Name, Source Source)> _kept = [];
    private readonly Queue<ulong> _keptByAge = new();
    private Source _lastTraced;

    /// <summary>Whether places are kept beyond acknowledgement, for failures that name an earlier command; the latest 262,144 of them.</summary>
    public bool Keeps { get; set; }

    /// <summary>Notes a command, which must follow the one before.</summary>
    public void Add(ulong seq, string name, in Source source, bool quiet)
    {
        if (_next - _first == (ulong)_ring.Length) Grow();
        _ring[(int)(seq & (ulong)(_ring.Length - 1))] = new Entry(name, source, quiet);
        _next = seq + 1;
    }

    /// <summary>Whether nobody wants to hear of its failure.</summary>
    public bool IsQuiet(ulong seq) => Contains(seq) && At(seq).Quiet;

    /// <summary>The failure of a command.</summary>
    public Failure Fail(ulong seq, Rpc.Status status)
    {
        if (!Contains(seq)) return new Failure(seq, "", default, true, status);
        var entry = At(seq);
        if (entry.Source.IsKnown) return new Failure(seq, entry.Name, entry.Source, true, status) { Recorded = RecordedBy(status) };
        var nearest = _lastTraced;
        for (ulong before = seq - 1; before >= _first && before > 0; before--)
            if (At(before).Source.IsKnown)
            {
                nearest = At(before).Source;
                break;
            }
        return new Failure(seq, entry.Name, nearest, false, status) { Recorded = RecordedBy(status) };
    }

    /// <summary>Forgets commands up to one.</summary>
    public void Acknowledge(ulong seq)
    {
        ulong end = Math.Min(seq + 1, _next);
        if (end <= _first) return;
        if (Keeps)
            for (ulong kept = _first; kept < end; kept++) Keep(kept, At(kept));
        for (ulong last = end - 1; last >= _first && last > 0; last--)
            if (At(last).Source.IsKnown)
            {
                _lastTraced = At(last).Source;
                break;
            }
        int from = (int)(_first & (ulong)(_ring.Length - 1)), count = (int)(end - _first), ahead = Math.Min(count, _ring.Length - from);
        Array.Clear(_ring, from, ahead);
        Array.Clear(_ring, 0, count - ahead);
        _first = end;
    }

    private void Keep(ulong seq, in Entry entry)
    {
        _kept[seq] = (entry.Name, entry.Source);
        _keptByAge.Enqueue(seq);
        if (_keptByAge.Count > KeptMax) _kept.Remove(_keptByAge.Dequeue());
    }

    // The command that recorded the node at which a backward failed.
    private (string Name, Source Source)? RecordedBy(Rpc.Status status)
    {
        if (Failure.RecordedBy(status) is not { } seq || seq == 0) return null;
        if (Contains(seq)) return (At(seq).Name, At(seq).Source);
        return _kept.TryGetValue(seq, out var kept) ? kept : null;
    }

    private bool Contains(ulong seq) => seq >= _first && seq < _next;

    private ref Entry At(ulong seq) => ref _ring[(int)(seq & (ulong)(_ring.Length - 1))];

    private void Grow()
    {
        var larger = new Entry[2 * _ring.Length];
        for (ulong seq = _first; seq < _next; seq++) larger[(int)(seq & (ulong)(larger.Length - 1))] = At(seq);
        _ring = larger;
    }

    private record struct Entry(string Name, Source Source, bool Quiet);
}
