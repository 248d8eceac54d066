namespace AutogradService.Engine.Functions;

/// <summary>A function's stages in order, where their memory lies, and what they cost.</summary>
internal sealed class FunctionPlan
{
    // Reading a step's operands, calling it, and what a tiny one does.
    private const double StageSeconds = 60e-9;

    private FunctionPlan(FunctionProgram recorded, FunctionProgram program, IReadOnlyList<Stage> stages)
    {
        Recorded = recorded;
        Program = program;
        Stages = stages;
        Memory = MemoryPlan.Of(stages, program.Results);
        Code = [.. stages.Select(s => s.IsLoop ? LoopCode.Of(s, block => Memory.OffsetOf(block) >= 0) : null)];
        ResultSpecs = Array.ConvertAll(program.Results, r => new TensorSpec(r.Shape, r.DType));
        MemoryBytes = Memory.Bytes + Code.Sum(c => c?.RoomBytes ?? 0);
        Constants = [.. Places().Select(p => p.Block).Where(b => b.Constant is not null).Distinct()];
        double seconds = 0;
        long flops = 0, moved = 0;
        foreach (var stage in stages)
        {
            long own = stage.Steps.Sum(s => s.Flops), bytes = BytesMoved(stage);
            flops += own;
            moved += bytes;
            seconds += StageSeconds + Math.Max(own / MachineRates.Current.FlopsPerSecond, bytes / MachineRates.Current.BytesPerSecond);
        }
        Cost = new Cost(flops, moved, MemoryBytes, stages.Count, TimeSpan.FromSeconds(seconds));
    }

    /// <summary>As it was recorded.</summary>
    public FunctionProgram Recorded { get; }

    /// <summary>After the passes.</summary>
    public FunctionProgram Program { get; }

    public IReadOnlyList<Stage> Stages { get; }

    public MemoryPlan Memory { get; }

    /// <summary>The code of the stages that are loops.</summary>
    public IReadOnlyList<LoopCode?> Code { get; }

    public TensorSpec[] ResultSpecs { get; }

    public long MemoryBytes { get; }

    /// <summary>Blocks whose bytes are known.</summary>
    public IReadOnlyList<Block> Constants { get; }

    public Cost Cost { get; }

    public static FunctionPlan Of(ReadOnlySpan<TensorSpec> parameters, Func<Workspace, Tensor[], Tensor[]> body, CompileOptions options)
    {
        var recorded = Recorder.Record(parameters, body, new WorkspaceLimits { NodesMax = options.NodesMax }).WithPlainResults();
        var program = recorded.Optimize();
        return new FunctionPlan(recorded, program, Fusion.Schedule(program));
    }

    /// <summary>Bytes that a stage reads from memory and writes to it.</summary>
    public long BytesMoved(Stage stage)
    {
        var touched = new HashSet<Place>();
        foreach (var step in stage.Steps)
        {
            foreach (var x in step.Reads)
                if (x is not null && (x.Block.Constant is not null || x.Block.Parameter >= 0 || Memory.OffsetOf(x.Block) >= 0)) touched.Add(x);
            foreach (var y in step.Writes)
                if (Memory.OffsetOf(y.Block) >= 0) touched.Add(y);
        }
        return touched.Sum(p => p.Bytes);
    }

    private IEnumerable<Place> Places()
    {
        foreach (var stage in Stages)
            foreach (var step in stage.Steps)
                foreach (var place in step.Reads)
                    if (place is not null) yield return place;
        foreach (var result in Program.Results) yield return result;
    }
}
