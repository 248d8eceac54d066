namespace AutogradService.Engine.Ops;

/// <summary>How many pieces a dim may be taken apart into: each is a tensor, whatever its size, and no quota of bytes knows of it.</summary>
internal static class PieceLimit
{
    private const long Most = 1 << 16;

    /// <summary>The count, unless it is too many.</summary>
    /// <exception cref="AutogradException">INVALID_ATTRIBUTE.</exception>
    public static int Bounded(long count) => count <= Most ? (int)count : throw AutogradException.Attribute($"a dim can be taken apart into at most {Most} pieces, not {count}");
}
