using AutogradService.Engine;

namespace AutogradService.Server.Commands;

/// <summary>What an ApplyOp says, whether it was read into a message or straight from the bytes.</summary>
internal readonly struct OpCall
{
    /// <summary>The op, by id; 0: <see cref="Op"/> names it.</summary>
    public uint OpId { get; init; }

    /// <summary>The op, by name.</summary>
    public string? Op { get; init; }

    /// <summary>First operand.</summary>
    public ulong A { get; init; }

    /// <summary>Second operand, if it is a tensor.</summary>
    public ulong B { get; init; }

    /// <summary>Second operand, if it is a number.</summary>
    public NumberKind Number { get; init; }

    /// <summary>The number: the bits of a double, an integer, or 0 or 1.</summary>
    public long NumberBits { get; init; }

    /// <summary>Handle for the first output.</summary>
    public ulong Out { get; init; }

    /// <summary>Whether the op's in-place form is meant.</summary>
    public bool InPlace { get; init; }

    /// <summary>Everything rarer.</summary>
    public Wire.ApplyOpExtra? Extra { get; init; }

    /// <summary>The number as the engine has it.</summary>
    public Scalar Scalar => Number switch
    {
        NumberKind.Float => BitConverter.Int64BitsToDouble(NumberBits),
        NumberKind.Integer => NumberBits,
        _ => NumberBits != 0,
    };

    /// <summary>What a message says.</summary>
    public static OpCall Of(Wire.ApplyOp call)
    {
        var (number, bits) =
            call.HasScalar ? (NumberKind.Float, BitConverter.DoubleToInt64Bits(call.Scalar))
            : call.HasIntegerScalar ? (NumberKind.Integer, call.IntegerScalar)
            : call.HasBoolScalar ? (NumberKind.Bool, call.BoolScalar ? 1L : 0)
            : (NumberKind.None, 0L);
        return new OpCall
        {
            OpId = call.OpId,
            Op = call.Op,
            A = call.A,
            B = call.B,
            Number = number,
            NumberBits = bits,
            Out = call.Out,
            InPlace = call.InPlace,
            Extra = call.Extra,
        };
    }

    /// <summary>Hashes all that it says into a fingerprint.</summary>
    public ulong Mix(ulong hash)
    {
        hash = Fingerprints.Mix(hash, OpId | (ulong)Number << 32 | (InPlace ? 1UL << 40 : 0));
        hash = Fingerprints.Mix(hash, A);
        hash = Fingerprints.Mix(hash, B);
        hash = Fingerprints.Mix(hash, (ulong)NumberBits);
        hash = Fingerprints.Mix(hash, Out);
        if (!string.IsNullOrEmpty(Op)) hash = Fingerprints.Mix(hash, (uint)Op.GetHashCode(StringComparison.Ordinal));
        return Extra is null ? hash : Fingerprints.Mix(hash, (uint)Extra.GetHashCode());
    }
}

/// <summary>Which of an ApplyOp's numbers is given.</summary>
internal enum NumberKind : byte
{
    None,
    Float,
    Integer,
    Bool,
}

/// <summary>Hashes by which a command that is sent again is known. They last no longer than the process.</summary>
internal static class Fingerprints
{
    private static readonly ulong s_start = (ulong)Random.Shared.NextInt64() | 1;

    /// <summary>Of nothing.</summary>
    public static ulong Start => s_start;

    /// <summary>Adds a word: the two halves of a 128-bit product, folded.</summary>
    public static ulong Mix(ulong hash, ulong word)
    {
        ulong high = Math.BigMul(hash ^ word, 0x9E37_79B9_7F4A_7C15, out ulong low);
        return high ^ low ^ System.Numerics.BitOperations.RotateLeft(hash, 23);
    }
}
