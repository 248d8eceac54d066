namespace AutogradService.Client;

/// <summary>Failures that nobody has been told of, and those that later ones may be a consequence of. Bounded; guarded by its pipeline.</summary>
internal sealed class FailureLog
{
    private const int UntoldMax = 64;
    private const int RootsMax = 1024;

    private readonly List<Failure> _untold = [];
    private readonly Dictionary<ulong, Failure> _roots = [];
    private readonly Queue<ulong> _rootsByAge = new();

    /// <summary>Keeps a failure as a possible root of later ones.</summary>
    public void Remember(Failure failure)
    {
        if (failure.IsConsequence || !_roots.TryAdd(failure.Seq, failure)) return;
        _rootsByAge.Enqueue(failure.Seq);
        if (_rootsByAge.Count > RootsMax) _roots.Remove(_rootsByAge.Dequeue());
    }

    /// <summary>Keeps a failure until somebody awaits something.</summary>
    public void Add(Failure failure)
    {
        Remember(failure);
        // What follows from a failure that will be told anyway need not be told.
        if (failure.IsConsequence && _untold.Exists(f => f.RootSeq == failure.RootSeq)) return;
        if (_untold.Count < UntoldMax) _untold.Add(failure);
    }

    /// <summary>The exception that a caller should get, or null: earlier failures that nobody was told of first, then the awaited command's own.</summary>
    /// <param name="seq">The awaited command.</param>
    /// <param name="own">Its failure, if it failed.</param>
    public AutogradException? Take(ulong seq, Failure? own)
    {
        var told = _untold.FindAll(f => f.Seq <= seq);
        if (told.Count == 0) return own?.ToException(_roots.GetValueOrDefault(own.RootSeq));
        _untold.RemoveAll(f => f.Seq <= seq);
        bool follows = own is not null && own.RootSeq == told[0].RootSeq;
        if (own is not null && !told.Exists(f => f.RootSeq == own.RootSeq)) told.Add(own);
        var others = told.Skip(1).Select(f => f.ToException(_roots.GetValueOrDefault(f.RootSeq))).ToArray();
        var first = told[0].IsConsequence ? _roots.GetValueOrDefault(told[0].RootSeq) : told[0];
        return (follows ? own! : told[0]).ToException(first, others);
    }
}
