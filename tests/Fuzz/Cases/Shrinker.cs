namespace AutogradService.Fuzz.Cases;

/// <summary>Makes a case smaller that still has its fault: fewer messages, fewer commands, fewer bytes. A bounded number of tries.</summary>
internal static class Shrinker
{
    private const int TriesMax = 150;

    /// <summary>The smallest case found.</summary>
    /// <param name="given">The case.</param>
    /// <param name="fails">Whether a case still has the fault.</param>
    public static async Task<FuzzCase> ShrinkAsync(FuzzCase given, Func<FuzzCase, Task<bool>> fails)
    {
        int tries = 0;
        async Task<bool> TryAsync(FuzzCase smaller)
        {
            if (++tries > TriesMax || !await fails(smaller)) return false;
            given = smaller;
            return true;
        }
        for (int i = given.Messages.Count - 1; i >= 0 && given.Messages.Count > 1; i--)
            if (i < given.Messages.Count) await TryAsync(given with { Messages = [.. given.Messages.Where((_, at) => at != i)] });
        for (int m = 0; m < given.Messages.Count; m++)
        {
            if (Mutation.WireField.TryRead(given.Messages[m], 0, out var fields))
                for (int i = fields.Count - 1; i >= 0; i--)
                    if (await TryAsync(With(m, Mutation.WireField.Write(fields.Where((_, at) => at != i))))) fields.RemoveAt(i);
            for (int size = given.Messages[m].Length / 2; size > 0; size /= 2)
                for (int at = given.Messages[m].Length - size; at >= 0 && tries < TriesMax; at -= size)
                {
                    byte[] bytes = given.Messages[m];
                    if (at + size <= bytes.Length) await TryAsync(With(m, [.. bytes[..at], .. bytes[(at + size)..]]));
                }
        }
        return given;

        FuzzCase With(int m, byte[] bytes) => given with { Messages = [.. given.Messages.Select((old, i) => i == m ? bytes : old)] };
    }
}
