using System.Runtime.CompilerServices;

namespace AutogradService.Engine;

/// <summary>
/// Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC'11): a function of seed and counter, so that element i of a draw
/// is the same whoever computes it, and in whatever order.
/// </summary>
public sealed class Philox(ulong seed)
{
    /// <summary>The seed.</summary>
    public ulong Seed { get; private set; } = seed;

    /// <summary>How many blocks of four words were given out.</summary>
    public ulong Counter { get; private set; }

    /// <summary>Where the generator stands; setting it gives the same numbers again.</summary>
    public PhiloxState State
    {
        get => new(Seed, Counter);
        set => (Seed, Counter) = (value.Seed, value.Counter);
    }

    /// <summary>Starts over from a seed (torch.manual_seed).</summary>
    public void ManualSeed(ulong seed)
    {
        Seed = seed;
        Counter = 0;
    }

    /// <summary>Reserves blocks for a draw of some elements, one block an element.</summary>
    /// <returns>The first block's number.</returns>
    internal ulong Reserve(long elements)
    {
        ulong first = Counter;
        Counter += (ulong)elements;
        return first;
    }

    /// <summary>A uniform float64 in [0, 1) with 53 random bits.</summary>
    internal double Uniform(ulong block)
    {
        var (a, b, _, _) = Block(block);
        return (((ulong)a << 32 | b) >> 11) * (1.0 / (1UL << 53));
    }

    /// <summary>A standard normal number, by Box and Muller's transform.</summary>
    internal double Normal(ulong block)
    {
        var (a, b, c, d) = Block(block);
        double u = ((((ulong)a << 32 | b) >> 11) + 1) * (1.0 / (1UL << 53)); // (0, 1]: its logarithm is finite
        double v = (((ulong)c << 32 | d) >> 11) * (1.0 / (1UL << 53));
        return Math.Sqrt(-2 * Math.Log(u)) * Math.Cos(2 * Math.PI * v);
    }

    /// <summary>An integer in [0, bound).</summary>
    internal long Integer(ulong block, long bound)
    {
        var (a, b, _, _) = Block(block);
        return (long)((UInt128)((ulong)a << 32 | b) * (ulong)bound >> 64);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private (uint A, uint B, uint C, uint D) Block(ulong block)
    {
        uint c0 = (uint)block, c1 = (uint)(block >> 32), c2 = 0, c3 = 0;
        uint k0 = (uint)Seed, k1 = (uint)(Seed >> 32);
        for (int round = 0; round < 10; round++)
        {
            ulong p0 = 0xD2511F53UL * c0, p1 = 0xCD9E8D57UL * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }
        return (c0, c1, c2, c3);
    }
}

/// <summary>Where a generator stands.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Counter">How many blocks of four words were given out.</param>
public readonly record struct PhiloxState(ulong Seed, ulong Counter);
