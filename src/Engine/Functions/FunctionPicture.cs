using System.Globalization;
using System.Text;

namespace AutogradService.Engine.Functions;

/// <summary>A plan for people: as text, and as a graph for Graphviz.</summary>
internal static class FunctionPicture
{
    private const int LinesMax = 2000;

    public static string Text(FunctionPlan plan, bool optimized)
    {
        var text = new StringBuilder();
        var cost = plan.Cost;
        var invariant = CultureInfo.InvariantCulture;
        for (int i = 0; i < plan.Program.Parameters.Length; i++)
            text.Append(invariant, $"{Name(plan.Program.ParameterBlocks[i])} = parameter {i}: {Type(plan.Program.Parameters[i].DType, plan.Program.Parameters[i].Shape)}\n");
        int lines = 0;
        if (optimized)
        {
            foreach (var stage in plan.Stages)
            {
                if (stage.IsLoop)
                    text.Append(invariant, $"loop over {stage.Steps[0].Writes[0].Numel} elements, {stage.Steps.Count} operations  # {Flops(stage.Steps.Sum(s => s.Flops))}, {Bytes(plan.BytesMoved(stage))} moved\n");
                foreach (var step in stage.Steps)
                    if (lines++ < LinesMax) text.Append(stage.IsLoop ? "  " : "").Append(Line(step, plan)).Append('\n');
            }
            if (lines > LinesMax) text.Append(invariant, $"... and {lines - LinesMax} more\n");
            text.Append(invariant, $"# {plan.Program.Steps.Count} steps in {plan.Stages.Count} stages, {Flops(cost.Flops)}, {Bytes(cost.BytesMoved)} moved, {Bytes(cost.MemoryBytes)} of memory, about {cost.Time.TotalMicroseconds:0.#} us\n");
        }
        else
        {
            foreach (var step in plan.Recorded.Steps)
                if (lines++ < LinesMax) text.Append(Line(step, null)).Append('\n');
            if (lines > LinesMax) text.Append(invariant, $"... and {lines - LinesMax} more\n");
            text.Append(invariant, $"# {plan.Recorded.Steps.Count} steps, {Flops(plan.Recorded.Steps.Sum(s => s.Flops))}, {Bytes(plan.Recorded.Steps.Sum(s => s.Reads.Sum(r => r?.Bytes ?? 0) + s.Writes.Sum(w => w.Bytes)))} moved, {Bytes(plan.Recorded.RecordedPeakBytes)} held at once\n");
        }
        var results = optimized ? plan.Program.Results : plan.Recorded.Results;
        text.Append("return ").AppendJoin(", ", results.Select(Describe)).Append('\n');
        return text.ToString();
    }

    public static string Graph(FunctionPlan plan, bool optimized)
    {
        var text = new StringBuilder("digraph function {\n  node [shape=box, fontname=\"sans-serif\"];\n");
        var invariant = CultureInfo.InvariantCulture;
        var makers = new Dictionary<Block, string>();
        for (int i = 0; i < plan.Program.ParameterBlocks.Length; i++)
        {
            makers[plan.Program.ParameterBlocks[i]] = $"p{i}";
            text.Append(invariant, $"  p{i} [shape=ellipse, label=\"parameter {i}\\n{Type(plan.Program.Parameters[i].DType, plan.Program.Parameters[i].Shape)}\"];\n");
        }
        int number = 0;
        IEnumerable<Stage> stages = optimized ? plan.Stages : plan.Recorded.Steps.Select(s => new Stage([s], IsLoop: false));
        foreach (var stage in stages.Take(LinesMax))
        {
            string node = $"s{number++}";
            var label = new StringBuilder();
            if (stage.IsLoop) label.Append(invariant, $"loop over {stage.Steps[0].Writes[0].Numel}\\n");
            label.AppendJoin("\\n", stage.Steps.Take(12).Select(s => s.Name));
            if (stage.Steps.Count > 12) label.Append(invariant, $"\\n... {stage.Steps.Count - 12} more");
            label.Append(invariant, $"\\n{Flops(stage.Steps.Sum(s => s.Flops))}, {Bytes(plan.BytesMoved(stage))}");
            text.Append(invariant, $"  {node} [label=\"{label}\"];\n");
            var edges = new HashSet<string>();
            foreach (var step in stage.Steps)
                foreach (var x in step.Reads)
                    if (x is not null && makers.TryGetValue(x.Block, out string? from) && from != node && edges.Add(from))
                        text.Append(invariant, $"  {from} -> {node} [label=\"{Type(x.DType, x.Shape)}\"];\n");
            foreach (var step in stage.Steps)
                foreach (var y in step.Writes) makers[y.Block] = node;
        }
        var results = optimized ? plan.Program.Results : plan.Recorded.Results;
        for (int i = 0; i < results.Length; i++)
        {
            text.Append(invariant, $"  r{i} [shape=ellipse, label=\"result {i}\\n{Type(results[i].DType, results[i].Shape)}\"];\n");
            if (makers.TryGetValue(results[i].Block, out string? from)) text.Append(invariant, $"  {from} -> r{i};\n");
        }
        return text.Append("}\n").ToString();
    }

    private static string Line(Step step, FunctionPlan? plan)
    {
        var text = new StringBuilder();
        text.AppendJoin(", ", step.Writes.Select(Describe)).Append(" = ").Append(step is OpStep op ? op.Op.ToString() : step.Name).Append('(').AppendJoin(", ", step.Reads.Select(r => r is null ? "-" : Describe(r))).Append(')');
        text.Append(CultureInfo.InvariantCulture, $"  # {Flops(step.Flops)}");
        if (plan is not null)
            foreach (var y in step.Writes)
                text.Append(plan.Memory.OffsetOf(y.Block) is >= 0 and var at ? string.Create(CultureInfo.InvariantCulture, $", {Bytes(y.Bytes)} at {at}") : ", in the tile");
        return text.ToString();
    }

    private static string Describe(Place place)
    {
        string name = place.Block.Constant is { } c && place.Numel == 1 ? Value(c, place.DType) : Name(place.Block);
        return place.FillsBlock && place.IsContiguous ? $"{name}:{Type(place.DType, place.Shape)}" : $"{name}[+{place.Offset}, {string.Join('x', place.Strides)}]:{Type(place.DType, place.Shape)}";
    }

    private static string Value(byte[] bytes, DType dtype) => dtype switch
    {
        DType.Float32 => BitConverter.ToSingle(bytes).ToString("R", CultureInfo.InvariantCulture),
        DType.Float64 => BitConverter.ToDouble(bytes).ToString("R", CultureInfo.InvariantCulture),
        DType.Int64 => BitConverter.ToInt64(bytes).ToString(CultureInfo.InvariantCulture),
        _ => "constant",
    };

    private static string Name(Block block) => block.Parameter >= 0 ? $"p{block.Parameter}" : block.Constant is not null ? $"c{block.Id}" : $"%{block.Id}";

    private static string Type(DType dtype, Shape shape) => $"{dtype.Name}[{string.Join(',', shape.Sizes.ToArray())}]";

    private static string Flops(long n) => n switch
    {
        < 10_000 => $"{n} FLOP",
        < 10_000_000 => string.Create(CultureInfo.InvariantCulture, $"{n / 1e3:0.#} kFLOP"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{n / 1e6:0.#} MFLOP"),
    };

    private static string Bytes(long n) => n switch
    {
        < 10_000 => $"{n} B",
        < 10_000_000 => string.Create(CultureInfo.InvariantCulture, $"{n / 1024.0:0.#} KiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{n / 1024.0 / 1024:0.#} MiB"),
    };
}
