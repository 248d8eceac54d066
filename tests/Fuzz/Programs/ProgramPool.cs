using AutogradService.Fuzz.Cases;

namespace AutogradService.Fuzz.Programs;

/// <summary>Handles that a program may name: those that stand for tensors, and now and then one that does not.</summary>
internal sealed class ProgramPool(Random random)
{
    private static readonly ulong[] s_wrong = [0, SessionSeed.Poisoned, SessionSeed.Released, 1UL << 48, ulong.MaxValue, 999_999, (1UL << 48) - 1];
    private readonly List<ulong> _live = [.. Enumerable.Range(1, SessionSeed.Tensors).Select(static i => (ulong)i)];
    private ulong _next = SessionSeed.Free;

    public IReadOnlyList<ulong> Live => _live;

    /// <summary>A tensor's handle, or rarely one that is none's. The newer the likelier.</summary>
    public ulong Tensor()
    {
        if (random.Next(50) == 0) return s_wrong[random.Next(s_wrong.Length)];
        return random.Next(3) == 0 ? _live[^(1 + random.Next(Math.Min(5, _live.Count)))] : _live[random.Next(_live.Count)];
    }

    /// <summary>A handle for an output: nearly always one that was not used.</summary>
    public ulong Next() => random.Next(60) switch { 0 => Tensor(), 1 => 0, _ => _next++ };

    /// <summary>Notes what a command made.</summary>
    public void Learn(Wire.CommandResult result)
    {
        foreach (var tensor in result.Outputs?.Tensors ?? [])
            if (!_live.Contains(tensor.Handle)) _live.Add(tensor.Handle);
    }
}
