using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;

namespace AutogradService.Server.Security;

/// <summary>
/// The SHA-256 of an API key: all that a server keeps of it. Neither salted nor slow, and need not be: the server accepts keys of its own form only, which hold 256 random bits, so
/// there is nothing to guess and no table to make. In return a call costs one hash however many keys there are.
/// </summary>
[InlineArray(SHA256.HashSizeInBytes)]
internal struct KeyHash : IEquatable<KeyHash>
{
    private byte _first;

    public static KeyHash Of(ReadOnlySpan<char> key)
    {
        Span<byte> bytes = stackalloc byte[ApiKey.TextLength];
        var hash = default(KeyHash);
        SHA256.HashData(bytes[..Encoding.ASCII.GetBytes(key, bytes)], hash);
        return hash;
    }

    public readonly bool Equals(KeyHash other) => CryptographicOperations.FixedTimeEquals(this, other);

    public override readonly bool Equals(object? obj) => obj is KeyHash other && Equals(other);

    public override readonly int GetHashCode() => BinaryPrimitives.ReadInt32LittleEndian(this);

    public override readonly string ToString() => "sha256:" + Convert.ToHexStringLower(this);
}

/// <summary>An API key as the server knows it.</summary>
/// <param name="Principal">Whose it is.</param>
/// <param name="Hash">What tells it.</param>
/// <param name="IsAdmin">Whether it is an admin's.</param>
/// <param name="NotAfter">When it expires.</param>
internal sealed record ApiKey(string Principal, KeyHash Hash, bool IsAdmin, DateTimeOffset NotAfter)
{
    /// <summary>What every key starts with, so that people and scanners for leaked secrets know one when they see it.</summary>
    public const string Prefix = "ag_";

    private const int RandomBytes = 32;
    private const int RandomTextLength = 43;
    private const string HashPrefix = "sha256:";
    private const string RolePrefix = "role=";
    private const string NotAfterPrefix = "not-after=";

    /// <summary>Characters of a key.</summary>
    public const int TextLength = 3 + RandomTextLength;

    /// <summary>A fresh key.</summary>
    public static string Create() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    /// <summary>Whether a text has the form of a key. Nothing else is ever accepted, so nobody can configure the hash of a word.</summary>
    public static bool IsKey(ReadOnlySpan<char> text) => text.Length == TextLength && text.StartsWith(Prefix, StringComparison.Ordinal) && Base64Url.IsValid(text[Prefix.Length..]);

    /// <summary>Reads a line: PRINCIPAL sha256:HASH [role=admin] [not-after=TIME].</summary>
    /// <param name="line">The line.</param>
    /// <param name="key">What it says.</param>
    /// <param name="fault">What is wrong with it; never repeats it, as it may hold a key by mistake.</param>
    public static bool TryParse(string line, [NotNullWhen(true)] out ApiKey? key, out string fault)
    {
        key = null;
        fault = "";
        string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 2) fault = "a principal and sha256:HASH are needed; the command new-key makes both";
        else if (!Caller.IsName(words[0])) fault = "no principal may have this name";
        else if (!TryParseHash(words[1], out var hash)) fault = "the second word must be sha256: and 64 hexadecimal digits; the command new-key makes it";
        else
        {
            bool isAdmin = false;
            var notAfter = DateTimeOffset.MaxValue;
            foreach (string word in words.AsSpan(2))
            {
                if (word is RolePrefix + "admin") isAdmin = true;
                else if (word is RolePrefix + "user") isAdmin = false;
                else if (!word.StartsWith(NotAfterPrefix, StringComparison.Ordinal) || !DateTimeOffset.TryParse(word.AsSpan(NotAfterPrefix.Length), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out notAfter))
                {
                    fault = "after the hash come role=admin, role=user or not-after=TIME (2030-01-31T00:00:00Z)";
                    return false;
                }
            }
            key = new ApiKey(words[0], hash, isAdmin, notAfter);
        }
        return key is not null;
    }

    /// <summary>The line that configures it.</summary>
    public override string ToString() =>
        $"{Principal} {Hash}{(IsAdmin ? " " + RolePrefix + "admin" : "")}{(NotAfter == DateTimeOffset.MaxValue ? "" : $" {NotAfterPrefix}{NotAfter.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture)}")}";

    private static bool TryParseHash(string word, out KeyHash hash)
    {
        hash = default;
        return word.Length == HashPrefix.Length + 2 * SHA256.HashSizeInBytes && word.StartsWith(HashPrefix, StringComparison.Ordinal)
            && Convert.FromHexString(word.AsSpan(HashPrefix.Length), hash, out _, out int written) == System.Buffers.OperationStatus.Done && written == SHA256.HashSizeInBytes;
    }
}
