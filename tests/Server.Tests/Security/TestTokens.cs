using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Grpc.Core;

namespace AutogradService.Server.Tests.Security;

/// <summary>Makes JSON Web Tokens by hand, good ones and bad ones, so that no library stands between the test and what an attacker may send.</summary>
internal sealed class TestTokens : IDisposable
{
    public const string Issuer = "https://login.example.org/";
    public const string Audience = "autograd";
    private readonly RSA _key = RSA.Create(2048);

    public string PublicPem => _key.ExportSubjectPublicKeyInfoPem();

    public string PublicJwks
    {
        get
        {
            var key = _key.ExportParameters(includePrivateParameters: false);
            return JsonSerializer.Serialize(new { keys = new[] { new { kty = "RSA", use = "sig", n = Encode(key.Modulus!), e = Encode(key.Exponent!) } } });
        }
    }

    /// <summary>A token; all its parts are good unless told otherwise.</summary>
    public string Make(string subject = "tess", string issuer = Issuer, string audience = Audience, TimeSpan? life = null, string algorithm = "RS256", object? roles = null, Func<byte[], byte[]>? sign = null, TimeSpan? from = null)
    {
        var now = DateTimeOffset.UtcNow;
        var claims = new Dictionary<string, object>
        {
            ["sub"] = subject,
            ["iss"] = issuer,
            ["aud"] = audience,
            ["nbf"] = (now + (from ?? TimeSpan.FromHours(-1))).ToUnixTimeSeconds(),
        };
        if (life != TimeSpan.Zero) claims["exp"] = (now + (life ?? TimeSpan.FromMinutes(10))).ToUnixTimeSeconds();
        if (roles is not null) claims["roles"] = roles;
        string signed = Encode(JsonSerializer.SerializeToUtf8Bytes(new { alg = algorithm, typ = "JWT" })) + "." + Encode(JsonSerializer.SerializeToUtf8Bytes(claims));
        sign ??= bytes => _key.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return signed + "." + Encode(sign(Encoding.ASCII.GetBytes(signed)));
    }

    /// <summary>The settings that take its tokens.</summary>
    public static string[] Settings(string keysFile) => [$"Security:Jwt:KeysFile={keysFile}", $"Security:Jwt:Issuers:0={Issuer}", $"Security:Jwt:Audiences:0={Audience}"];

    public static Metadata Header(string token) => new() { { "authorization", "Bearer " + token } };

    public void Dispose() => _key.Dispose();

    private static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);
}
