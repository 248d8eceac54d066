namespace AutogradService.Engine.Functions;

/// <summary>The steps of a function in order, in static single assignment form but for pinned blocks.</summary>
/// <param name="Parameters">Shapes and dtypes of the parameters.</param>
/// <param name="ParameterBlocks">Their blocks.</param>
/// <param name="Steps">The steps.</param>
/// <param name="Results">What comes out.</param>
/// <param name="RecordedPeakBytes">What the engine would have held at once, running it without a plan.</param>
internal sealed record FunctionProgram(TensorSpec[] Parameters, Block[] ParameterBlocks, IReadOnlyList<Step> Steps, Place[] Results, long RecordedPeakBytes)
{
    /// <summary>The same results for less work.</summary>
    public FunctionProgram Optimize() => Simplification.Run(this).WithoutDead();

    /// <summary>With results that are row-major and begin where their memory begins to be theirs.</summary>
    public FunctionProgram WithPlainResults()
    {
        var steps = new List<Step>(Steps);
        int next = Steps.Sum(s => s.Writes.Length) + Parameters.Length;
        var results = new Place[Results.Length];
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = Results[i];
            if (results[i].IsContiguous && !results[i].Block.IsPinned) continue;
            var shape = results[i].Shape;
            var copy = new Place(new Block(++next, results[i].Bytes), shape, shape.ContiguousStrides, 0, results[i].DType);
            steps.Add(new CopyStep([results[i]], [copy]));
            results[i] = copy;
        }
        return this with { Steps = steps, Results = results };
    }

    /// <summary>Without the steps whose results nobody reads. Random draws stay, so that those after them draw the same numbers.</summary>
    public FunctionProgram WithoutDead()
    {
        var live = new HashSet<Block>();
        foreach (var place in Results) live.Add(place.Block);
        var kept = new List<Step>();
        for (int i = Steps.Count - 1; i >= 0; i--)
        {
            var step = Steps[i];
            bool used = step.IsRandom || step is CheckStep;
            foreach (var place in step.Writes) used |= live.Contains(place.Block);
            if (!used) continue;
            kept.Add(step);
            foreach (var place in step.Reads)
                if (place is not null) live.Add(place.Block);
        }
        kept.Reverse();
        return this with { Steps = kept };
    }
}

/// <summary>One pass over the steps: copies and operations with a neutral number become names for what is there already, and a step that repeats an earlier one becomes that one.</summary>
internal static class Simplification
{
    public static FunctionProgram Run(FunctionProgram program)
    {
        var names = new Dictionary<Block, Block>();
        var seen = new Dictionary<Key, Step>();
        var kept = new List<Step>();
        foreach (var recorded in program.Steps)
        {
            var step = Rename(recorded, names);
            if (step.IsPinned || step.IsRandom || step is CheckStep)
            {
                kept.Add(step);
                continue;
            }
            if (Same(step) is { } source)
            {
                names[step.Writes[0].Block] = source.Block;
                continue;
            }
            var key = new Key(step);
            if (seen.TryGetValue(key, out var earlier))
            {
                for (int i = 0; i < step.Writes.Length; i++) names[step.Writes[i].Block] = earlier.Writes[i].Block;
                continue;
            }
            seen.Add(key, step);
            kept.Add(step);
        }
        return program with { Steps = kept, Results = Array.ConvertAll(program.Results, p => Rename(p, names)!) };
    }

    // What the step's result is bit for bit, if it is there already.
    private static Place? Same(Step step)
    {
        var y = step.Writes[0];
        if (step is CopyStep { Reads: [{ } from] } && from.DType == y.DType) return Fits(from, y) ? from : null;
        if (step is ElementStep { Op: { } op, Reads: [{ } a, { } b] })
        {
            if (op.Identity(0) is { } right && Fits(a, y) && IsAll(b, right)) return a;
            if (op.Identity(1) is { } left && Fits(b, y) && IsAll(a, left)) return b;
        }
        return null;
    }

    // Whether one block can stand for another wherever it is read.
    private static bool Fits(Place source, Place y) => !source.Block.IsPinned && source.FillsBlock && y.FillsBlock && source.DType == y.DType && source.Shape.Equals(y.Shape) && source.Strides.AsSpan().SequenceEqual(y.Strides);

    private static bool IsAll(Place place, double value)
    {
        if (place.Block.Constant is not { } bytes) return false;
        var expected = place.DType switch
        {
            DType.Float32 => BitConverter.GetBytes((float)value),
            DType.Float64 => BitConverter.GetBytes(value),
            _ => null,
        };
        if (expected is null || bytes.Length == 0) return false;
        for (int i = 0; i < bytes.Length; i += expected.Length)
            if (!bytes.AsSpan(i, expected.Length).SequenceEqual(expected)) return false;
        return true;
    }

    private static Step Rename(Step step, Dictionary<Block, Block> names)
    {
        bool changed = false;
        foreach (var place in step.Reads) changed |= place is not null && names.ContainsKey(place.Block);
        if (!changed) return step;
        var reads = Array.ConvertAll(step.Reads, p => Rename(p, names));
        return step with { Reads = reads };
    }

    private static Place? Rename(Place? place, Dictionary<Block, Block> names) => place is not null && names.TryGetValue(place.Block, out var block) ? place with { Block = block } : place;

    // What decides a step's result.
    private readonly record struct Key(Step Step)
    {
        public bool Equals(Key other)
        {
            if (Step.GetType() != other.Step.GetType() || Step.Reads.Length != other.Step.Reads.Length || Step.Writes.Length != other.Step.Writes.Length) return false;
            for (int i = 0; i < Step.Reads.Length; i++)
                if (!Equals(Step.Reads[i], other.Step.Reads[i])) return false;
            for (int i = 0; i < Step.Writes.Length; i++)
            {
                Place a = Step.Writes[i], b = other.Step.Writes[i];
                if (a.DType != b.DType || !a.Shape.Equals(b.Shape) || !a.Strides.AsSpan().SequenceEqual(b.Strides) || a.Block.Bytes != b.Block.Bytes) return false;
            }
            return Step.ComputesAs(other.Step);
        }

        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(Step.Name);
            foreach (var place in Step.Reads) hash.Add(place);
            foreach (var place in Step.Writes) hash.Add(place.Shape);
            return hash.ToHashCode();
        }
    }
}
