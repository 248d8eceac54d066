namespace AutogradService.Engine.Functions;

/// <summary>Follows the rows of the batched parameters through the steps. A block has rows if its memory is as many equal parts, each made of the same row of what it comes from.</summary>
internal static class BatchAnalysis
{
    private enum Content
    {
        Shared,
        Rows,
        Mixed,
    }

    public static bool[] Run(FunctionProgram program, IReadOnlyList<bool> batched)
    {
        var no = new bool[program.Results.Length];
        var content = new Dictionary<Block, Content>();
        long rows = -1;
        for (int i = 0; i < program.Parameters.Length; i++)
        {
            if (!batched[i]) continue;
            var shape = program.Parameters[i].Shape;
            if (shape.Rank == 0 || rows >= 0 && shape[0] != rows) return no;
            rows = shape[0];
            content[program.ParameterBlocks[i]] = Content.Rows;
        }
        if (rows < 2) return no;
        foreach (var step in program.Steps)
        {
            var written = After(step, rows, content);
            foreach (var y in step.Writes)
                content[y.Block] = y.Block.IsPinned && written != Content.Shared ? Content.Mixed : written;
        }
        return Array.ConvertAll(program.Results, r => Of(r, content) == Content.Rows && HasParts(r, rows) && r.Shape.Rank > 0 && r.Shape[0] == rows);
    }

    private static Content Of(Place place, Dictionary<Block, Content> content) => content.GetValueOrDefault(place.Block, Content.Shared);

    private static bool HasParts(Place place, long rows) => place.IsWhole && place.Numel % rows == 0;

    private static Content After(Step step, long rows, Dictionary<Block, Content> content)
    {
        bool any = step.IsRandom;
        var hasParts = new bool[step.Reads.Length];
        for (int i = 0; i < hasParts.Length; i++)
        {
            if (step.Reads[i] is not { } x || Of(x, content) == Content.Shared) continue;
            any = true;
            if (Of(x, content) == Content.Mixed || !HasParts(x, rows)) return Content.Mixed;
            hasParts[i] = true;
        }
        if (!any) return Content.Shared;
        if (step.IsRandom || step.Writes.Length != 1 || !HasParts(step.Writes[0], rows)) return Content.Mixed;
        var y = step.Writes[0];
        return step switch
        {
            ElementStep or CopyStep => Spreads(step, y, hasParts, rows),
            KernelStep kernel when kernel.Kernel.KeepsParts(rows, hasParts) => Content.Rows,
            _ => Content.Mixed,
        };
    }

    // Element by element: what has rows lies as the result does, and what has none is the same for every row.
    private static Content Spreads(Step step, Place y, bool[] hasParts, long rows)
    {
        for (int i = 0; i < hasParts.Length; i++)
        {
            var x = step.Reads[i]!;
            bool fits = hasParts[i] ? Fusion.LiesAs(x, y) : x.Numel == 1 || x.Shape.Rank < y.Shape.Rank && y.Shape[0] % rows == 0 || x.Shape.Rank == y.Shape.Rank && y.Shape[0] % rows == 0 && (x.Shape[0] == 1 || x.Strides[0] == 0);
            if (!fits) return Content.Mixed;
        }
        return Content.Rows;
    }
}
