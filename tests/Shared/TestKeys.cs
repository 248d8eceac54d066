using System.Security.Cryptography;
using System.Text;
using Grpc.Core;

namespace AutogradService.Testing;

/// <summary>API keys for tests: each name's is always the same, so that a test need not carry them about.</summary>
public static class TestKeys
{
    /// <summary>The key of a principal; its second, third... key by a number.</summary>
    public static string Of(string principal, int number = 0) =>
        "ag_" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes($"a key for tests: {principal} {number}"))).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    /// <summary>The line that lets the key in.</summary>
    public static string Line(string principal, int number = 0, string rest = "") =>
        $"{principal} sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Of(principal, number))))} {rest}".TrimEnd();

    /// <summary>The settings that let these principals in.</summary>
    public static string[] Settings(params string[] principals) => [.. principals.Select((principal, i) => $"Security:Keys:{i}={Line(principal)}")];

    /// <summary>The header that presents the key.</summary>
    public static Metadata Header(string principal, int number = 0) => new() { { "authorization", "Bearer " + Of(principal, number) } };
}
