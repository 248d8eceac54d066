using System.Text;

namespace AutogradService.Fuzz.Mutation;

/// <summary>Values at which things break.</summary>
internal static class Values
{
    private static readonly ulong[] s_numbers =
    [
        0, 1, 2, 3, 5, 7, 8, 15, 16, 63, 64, 127, 128, 255, 256, 1000, 1001, 65535, 65536, int.MaxValue, 1UL << 31, uint.MaxValue, 1UL << 32, (1UL << 48) - 1, 1UL << 48, (1UL << 48) + 1, 1UL << 53, 1UL << 61,
        1UL << 62, long.MaxValue, 1UL << 63, ulong.MaxValue - 1, ulong.MaxValue,
    ];

    private static readonly double[] s_reals = [0, -0.0, 1, -1, 0.5, 1e-300, -1e-300, 1e300, double.MaxValue, double.MinValue, double.Epsilon, double.NaN, double.PositiveInfinity, double.NegativeInfinity, 2147483648.0, 9.3e18, -9.3e18, 3];

    private static readonly string[] s_texts =
    [
        "", "a", "add", "mul", "sum", "mean", "none", "reflect", "constant", "replicate", "circular", "nearest", "bilinear", "bicubic", "zeros", "border", "tanh", "ij", "xy", "reduced", "complete", "amax", "prod", "floor",
        "trunc", "linear", "fuzz", "x", "w", "max.dim", "\0", "\u202e", "%n%s", "../../etc/passwd", "' or 1=1", new string('x', 64), new string('x', 65), new string('\u00e9', 5000),
    ];

    public static ulong Number(Random random) => random.Next(8) == 0 ? (ulong)random.NextInt64() : random.Next(3) == 0 ? (ulong)random.Next(40) : s_numbers[random.Next(s_numbers.Length)];

    /// <summary>A signed one: those above, their negatives, and small ones.</summary>
    public static long Signed(Random random) => random.Next(3) switch
    {
        0 => random.Next(-5, 6),
        1 => (long)Number(random),
        _ => unchecked(-(long)Number(random)),
    };

    public static double Real(Random random) => random.Next(3) == 0 ? random.NextDouble() * 20 - 10 : s_reals[random.Next(s_reals.Length)];

    public static string Text(Random random) => s_texts[random.Next(s_texts.Length)];

    public static byte[] Bytes(Random random)
    {
        // UTF-8 that is none: a lone continuation, an overlong slash, a surrogate, a start without its end.
        byte[][] wrong = [[0x80], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf0, 0x9f], [0xff, 0xfe]];
        if (random.Next(3) == 0) return wrong[random.Next(wrong.Length)];
        if (random.Next(3) == 0) return Encoding.UTF8.GetBytes(Text(random));
        byte[] bytes = new byte[random.Next(0, 40)];
        random.NextBytes(bytes);
        return bytes;
    }
}
