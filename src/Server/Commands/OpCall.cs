using AutogradService.Engine;

namespace AutogradService.Server.Commands;

/// <summary>What an ApplyOp says, whether it was read into a message or straight from the bytes.</summary>
internal struct OpCall
{
    // Of a call that was read into a message: most are not.
    private Wire.ApplyOp? Message { readonly get; set; }

    /// <summary>The op, by id; 0: <see cref="Op"/> names it.</summary>
    public uint OpId { readonly get; private set; }

    /// <summary>The op, by name.</summary>
    public readonly string? Op => Message?.Op;

    /// <summary>First operand.</summary>
    public ulong A { readonly get; private set; }

    /// <summary>Second operand, if it is a tensor.</summary>
    public ulong B { readonly get; private set; }

    /// <summary>Second operand, if it is a number.</summary>
    public NumberKind Number { readonly get; private set; }

    /// <summary>The number: the bits of a double, an integer, or 0 or 1.</summary>
    public long NumberBits { readonly get; private set; }

    /// <summary>Handle for the first output.</summary>
    public ulong Out { readonly get; private set; }

    /// <summary>Whether the op's in-place form is meant.</summary>
    public bool InPlace { readonly get; private set; }

    /// <summary>Everything rarer.</summary>
    public readonly Wire.ApplyOpExtra? Extra => Message?.Extra;

    /// <summary>The number as the engine has it.</summary>
    public readonly Scalar Scalar => Number switch
    {
        NumberKind.Float => BitConverter.Int64BitsToDouble(NumberBits),
        NumberKind.Integer => NumberBits,
        _ => NumberBits != 0,
    };

    /// <summary>Becomes a call that was read from the bytes.</summary>
    public void Become(uint opId, ulong a, ulong b, NumberKind number, long numberBits, ulong output, bool inPlace)
    {
        Message = null;
        OpId = opId;
        A = a;
        B = b;
        Number = number;
        NumberBits = numberBits;
        Out = output;
        InPlace = inPlace;
    }

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
            A = call.A,
            B = call.B,
            Number = number,
            NumberBits = bits,
            Out = call.Out,
            InPlace = call.InPlace,
            Message = call,
        };
    }

    /// <summary>Hashes all that it says into a fingerprint.</summary>
    public readonly ulong Mix(ulong hash)
    {
        // Two chains side by side: a product takes its time.
        ulong other = Fingerprints.Mix(Fingerprints.Mix(hash + B, (ulong)NumberBits), Out);
        hash = Fingerprints.Mix(Fingerprints.Mix(hash, OpId | (ulong)Number << 32 | (InPlace ? 1UL << 40 : 0)), A);
        hash = Fingerprints.Mix(hash, other);
        if (Message is null) return hash;
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
