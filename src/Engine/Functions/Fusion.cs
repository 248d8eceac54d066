namespace AutogradService.Engine.Functions;

/// <summary>What is run at once: one step, or a loop over tiles that does several elementwise ones.</summary>
/// <param name="Steps">The steps, in order; those of a loop all have one number of elements.</param>
/// <param name="IsLoop">Whether it is a loop over tiles.</param>
internal sealed record Stage(IReadOnlyList<Step> Steps, bool IsLoop);

/// <summary>
/// Puts steps in an order in which elementwise ones over equally many elements meet, and joins them to loops over tiles that fit the first-level cache: what only the loop
/// needs never reaches memory. Reorders whole steps, never the operations within one, so that results keep their bits.
/// </summary>
internal static class Fusion
{
    // So that the table of a loop's slots stays small.
    private const int StepsMax = 4096;

    public static List<Stage> Schedule(FunctionProgram program)
    {
        var steps = program.Steps;
        var waits = new int[steps.Count];
        var followers = Dependencies(steps, waits);
        var ready = new SortedSet<int>();
        var loops = new SortedSet<int>();
        for (int i = 0; i < waits.Length; i++)
            if (waits[i] == 0) Release(i);
        var stages = new List<Stage>();
        while (ready.Count + loops.Count > 0)
        {
            if (ready.Count > 0)
            {
                int next = ready.Min;
                ready.Remove(next);
                stages.Add(new Stage([steps[next]], IsLoop: false));
                Finish(next);
                continue;
            }
            long numel = steps[loops.Min].Writes[0].Numel;
            var members = new List<Step>();
            var made = new HashSet<Block>();
            for (bool any = true; any && members.Count < StepsMax;)
            {
                any = false;
                foreach (int i in loops.ToArray())
                {
                    if (steps[i].Writes[0].Numel != numel || members.Count == StepsMax || !Joins(steps[i], made)) continue;
                    loops.Remove(i);
                    members.Add(steps[i]);
                    made.Add(steps[i].Writes[0].Block);
                    Finish(i);
                    any = true;
                }
            }
            // Sums of what the loop makes are taken on its way. What waits for them waits for the whole loop.
            foreach (int i in ready.ToArray())
            {
                if (!EndsLoop(steps[i], numel) || !made.Contains(steps[i].Reads[0]!.Block)) continue;
                ready.Remove(i);
                members.Add(steps[i]);
                Finish(i);
            }
            stages.Add(new Stage(members, IsLoop: true));
        }
        return stages;

        void Finish(int step)
        {
            foreach (int follower in followers[step])
                if (--waits[follower] == 0) Release(follower);
        }

        void Release(int step) => (Fuses(steps[step]) ? loops : ready).Add(step);
    }

    /// <summary>Whether an operand's elements lie as the result's do.</summary>
    public static bool LiesAs(Place operand, Place result) =>
        operand.Numel == result.Numel && operand.Shape.Equals(result.Shape) && operand.Strides.AsSpan().SequenceEqual(result.Strides) || operand.IsContiguous && result.IsContiguous && operand.Numel == result.Numel;

    // What the loop itself makes is there one tile at a time: it can be read as it lies, and in no other way.
    private static bool Joins(Step step, HashSet<Block> made)
    {
        foreach (var x in step.Reads)
            if (made.Contains(x!.Block) && !(x.FillsBlock && LiesAs(x, step.Writes[0]))) return false;
        return true;
    }

    private static bool EndsLoop(Step step, long numel) =>
        step is KernelStep { Kernel.SumsAll: true, IsPinned: false, Reads: [{ FillsBlock: true, IsContiguous: true, DType: DType.Float32 or DType.Float64 } x], Writes: [{ FillsBlock: true }] } && x.Numel == numel;

    private static bool Fuses(Step step)
    {
        if (step.IsPinned || step is not (ElementStep or CopyStep)) return false;
        var y = step.Writes[0];
        if (!y.FillsBlock || y.Numel == 0) return false;
        if (step is CopyStep && (step.Reads[0]!.DType != y.DType || !y.IsContiguous)) return false;
        // Operands in another layout are brought into the result's row-major order, tile by tile.
        foreach (var x in step.Reads)
            if (!y.IsContiguous && x!.Numel != 1 && !LiesAs(x, y)) return false;
        return true;
    }

    // Who waits for whom: readers for the writer, and around pinned blocks and random draws everybody for the one before.
    private static List<int>[] Dependencies(IReadOnlyList<Step> steps, int[] waits)
    {
        var followers = new List<int>[steps.Count];
        var writer = new Dictionary<Block, int>();
        int drew = -1;
        for (int i = 0; i < followers.Length; i++)
        {
            followers[i] = [];
            foreach (var x in steps[i].Reads)
                if (x is not null) After(x.Block, i);
            foreach (var y in steps[i].Writes)
                if (y.Block.IsPinned) After(y.Block, i);
            foreach (var x in steps[i].Reads)
                if (x is { Block.IsPinned: true }) writer[x.Block] = i;
            foreach (var y in steps[i].Writes) writer[y.Block] = i;
            if (!steps[i].IsRandom) continue;
            if (drew >= 0) Wait(drew, i);
            drew = i;
        }
        return followers;

        void After(Block block, int step)
        {
            if (writer.TryGetValue(block, out int before)) Wait(before, step);
        }

        void Wait(int before, int step)
        {
            followers[before].Add(step);
            waits[step]++;
        }
    }
}
