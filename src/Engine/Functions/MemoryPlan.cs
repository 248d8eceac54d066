namespace AutogradService.Engine.Functions;

/// <summary>Where each block lies in the one piece of memory that a run takes: blocks that are never needed at the same time share a place.</summary>
internal sealed class MemoryPlan
{
    private const long Alignment = 64;

    private readonly Dictionary<Block, long> _offsets = [];
    private readonly List<(long Offset, long Size)> _gaps = [];

    /// <summary>Bytes in all.</summary>
    public long Bytes { get; private set; }

    /// <summary>Where a block begins; -1 for one that only lives inside a loop, or is no memory of the plan's: a parameter, a constant.</summary>
    public long OffsetOf(Block block) => _offsets.GetValueOrDefault(block, -1);

    /// <summary>Lays the blocks out.</summary>
    /// <param name="stages">The stages in order.</param>
    /// <param name="results">What is read afterwards.</param>
    public static MemoryPlan Of(IReadOnlyList<Stage> stages, Place[] results)
    {
        var first = new Dictionary<Block, int>();
        var last = new Dictionary<Block, int>();
        for (int s = 0; s < stages.Count; s++)
            foreach (var step in stages[s].Steps)
            {
                foreach (var x in step.Reads)
                    if (x is not null) Touch(x.Block, s);
                foreach (var y in step.Writes) Touch(y.Block, s);
            }
        foreach (var result in results)
            if (last.ContainsKey(result.Block)) last[result.Block] = stages.Count;

        var plan = new MemoryPlan();
        var ending = last.ToLookup(pair => pair.Value, pair => pair.Key);
        for (int s = 0; s < stages.Count; s++)
        {
            var taken = new HashSet<Block>();
            foreach (var step in stages[s].Steps)
                foreach (var y in step.Writes)
                {
                    if (plan._offsets.ContainsKey(y.Block) || stages[s].IsLoop && last[y.Block] == s) continue;
                    if (stages[s].IsLoop && Overwrites(stages[s], step, y, ending[s], plan, taken) is { } over)
                    {
                        taken.Add(over);
                        plan._offsets[y.Block] = plan._offsets[over];
                    }
                    else
                    {
                        plan._offsets[y.Block] = plan.Take(Size(y.Block));
                    }
                }
            // What a step reads without anybody having written it.
            foreach (var step in stages[s].Steps)
                foreach (var x in step.Reads)
                    if (x is { Block: { Constant: null, Parameter: < 0 } block } && !(stages[s].IsLoop && last[block] == s && first[block] == s)) plan._offsets.TryAdd(block, plan._offsets.TryGetValue(block, out long known) ? known : plan.Take(Size(block)));
            foreach (var block in ending[s])
                if (!taken.Contains(block) && plan._offsets.TryGetValue(block, out long offset)) plan.Give(offset, Size(block));
        }
        return plan;

        void Touch(Block block, int stage)
        {
            first.TryAdd(block, stage);
            last[block] = stage;
        }
    }

    // A block that ends with the loop and is read, place by place, before the result is written there.
    private static Block? Overwrites(Stage stage, Step step, Place y, IEnumerable<Block> ending, MemoryPlan plan, HashSet<Block> taken)
    {
        foreach (var block in ending)
        {
            if (Size(block) != Size(y.Block) || block.IsPinned || taken.Contains(block) || !plan._offsets.ContainsKey(block)) continue;
            bool free = true, written = false;
            foreach (var member in stage.Steps)
            {
                foreach (var x in member.Reads)
                    if (x is not null && ReferenceEquals(x.Block, block)) free &= !written && x.IsWhole && y.IsContiguous && x.Bytes == y.Bytes && x.Numel == y.Numel && member is ElementStep && Fusion.LiesAs(x, member.Writes[0]);
                foreach (var w in member.Writes) free &= !ReferenceEquals(w.Block, block);
                written |= ReferenceEquals(member, step);
            }
            if (free) return block;
        }
        return null;
    }

    private static long Size(Block block) => Math.Max(Alignment, (block.Bytes + Alignment - 1) & ~(Alignment - 1));

    private long Take(long size)
    {
        int best = -1;
        for (int i = 0; i < _gaps.Count; i++)
            if (_gaps[i].Size >= size && (best < 0 || _gaps[i].Size < _gaps[best].Size)) best = i;
        if (best >= 0)
        {
            var (offset, room) = _gaps[best];
            if (room == size) _gaps.RemoveAt(best);
            else _gaps[best] = (offset + size, room - size);
            return offset;
        }
        // The last gap grows if it reaches the end.
        if (_gaps.Count > 0 && _gaps[^1] is var (start, length) && start + length == Bytes)
        {
            _gaps.RemoveAt(_gaps.Count - 1);
            Bytes = start + size;
            return start;
        }
        Bytes += size;
        return Bytes - size;
    }

    private void Give(long offset, long size)
    {
        int at = _gaps.FindIndex(g => g.Offset > offset);
        if (at < 0) at = _gaps.Count;
        _gaps.Insert(at, (offset, size));
        if (at + 1 < _gaps.Count && _gaps[at].Offset + _gaps[at].Size == _gaps[at + 1].Offset) Join(at);
        if (at > 0 && _gaps[at - 1].Offset + _gaps[at - 1].Size == _gaps[at].Offset) Join(at - 1);

        void Join(int i)
        {
            _gaps[i] = (_gaps[i].Offset, _gaps[i].Size + _gaps[i + 1].Size);
            _gaps.RemoveAt(i + 1);
        }
    }
}
